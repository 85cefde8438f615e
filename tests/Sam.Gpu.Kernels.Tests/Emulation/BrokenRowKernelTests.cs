using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>Each mistake that a row kernel can make is found and named.</summary>
public sealed class BrokenRowKernelTests
{
    public static TheoryData<int> SeveralThreads => [2, 4, 32];

    [Theory, MemberData(nameof(SeveralThreads))]
    public void A_load_of_what_another_rank_stored_without_a_barrier_races(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.RowFault(new Rotates(bench.Written("tile", groupSize), bench.Unwritten("output", groupSize), 0), 1);

        Bench.AssertNames(fault, "Rotates", " of row 0", "buffer 'tile' (field tile)", "at index ", "data race");
    }

    [Theory, MemberData(nameof(SeveralThreads))]
    public void A_load_of_what_another_rank_stored_before_a_barrier_is_right(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var output = bench.UnwrittenSpan("output", groupSize);
        bench.Device.LaunchRows(new Rotates(bench.Unwritten("tile", groupSize), bench.Device.Buffer(output), 1), 1, groupSize);

        double[] ranks = new double[groupSize];
        bench.Device.Download(output, ranks);
        Assert.Equal(Enumerable.Range(0, groupSize).Select(rank => (double)((rank + 1) % groupSize)), ranks);
    }

    [Theory, MemberData(nameof(SeveralThreads))]
    public void A_store_after_others_loaded_without_a_second_barrier_races(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.RowFault(new RotatesTwice(bench.Unwritten("tile", groupSize), bench.Unwritten("output", groupSize)), 1);

        Bench.AssertNames(fault, "RotatesTwice", " of row 0", "buffer 'tile' (field tile)", "at index ", "data race");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void A_load_of_what_another_row_stored_races_in_spite_of_barriers(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.RowFault(new ReadsRowAbove(bench.Written("rows", 3)), 3);

        Bench.AssertNames(
            fault, "ReadsRowAbove", "rank 0 of row 1 does a load", "buffer 'rows' (field rows)", "at index 0",
            "rank 0 of row 0 did a store", "data race");
    }

    [Fact]
    public void An_access_past_the_end_names_row_and_rank()
    {
        using var bench = new Bench(4);
        var fault = bench.RowFault(new Rotates(bench.Unwritten("tile", 4), bench.Unwritten("output", 3), 1), 1);

        Assert.Equal(
            "Rotates: rank 3 of row 0 does a store on buffer 'output' (field output) at index 3 (3 in its memory), "
            + "outside its span of 3 numbers.",
            fault.Message);
    }

    [Fact]
    public void A_barrier_behind_a_branch_that_half_the_team_takes_is_divergence()
    {
        using var bench = new Bench(4);
        var fault = bench.RowFault(new BarrierForEvenRanks(), 1);

        Assert.Equal(
            "BarrierForEvenRanks: the threads of row 0 do not reach the same collectives: "
            + "rank 0, 2 waits at Barrier (collective 1); rank 1, 3 returned.",
            fault.Message);
    }

    [Fact]
    public void Divergence_in_one_row_is_found_though_other_rows_follow()
    {
        using var bench = new Bench(4);
        var fault = bench.RowFault(new ReturnsEarly(2), 5);

        Assert.Equal(
            "ReturnsEarly: the threads of row 2 do not reach the same collectives: "
            + "rank 0, 1, 2 waits at Sum (collective 1); rank 3 returned.",
            fault.Message);
    }

    [Theory, MemberData(nameof(SeveralThreads))]
    public void A_return_before_the_last_collective_of_the_last_row_is_divergence(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.RowFault(new ReturnsEarly(4), 5);

        Bench.AssertNames(fault, "ReturnsEarly", "row 4", "waits at Sum (collective 1)", $"rank {groupSize - 1} returned");
    }

    [Fact]
    public void A_sum_of_some_and_a_maximum_of_others_is_divergence()
    {
        using var bench = new Bench(4);
        var fault = bench.RowFault(new SumOrMax(), 1);

        Bench.AssertNames(
            fault, "SumOrMax", "row 0", "rank 0, 2 waits at Sum (collective 1)", "rank 1, 3 waits at Max (collective 1)");
    }

    [Fact]
    public void More_collectives_in_one_thread_than_in_the_others_is_divergence()
    {
        using var bench = new Bench(3);
        var fault = bench.RowFault(new OneBarrierMoreForRankZero(), 2);

        Bench.AssertNames(fault, "OneBarrierMoreForRankZero", "row 0", "rank 0 waits at Barrier (collective 2)", "rank 1, 2 returned");
    }

    [Fact]
    public void An_exception_in_one_thread_ends_the_launch_of_all()
    {
        using var bench = new Bench(4);
        var fault = bench.RowFault(new ThrowsInRankTwo(), 3);

        Bench.AssertNames(fault, "ThrowsInRankTwo", "rank 2 of row 0", nameof(InvalidOperationException));
        Assert.IsType<InvalidOperationException>(fault.InnerException);
    }

    private readonly struct Rotates(Buffer tile, Buffer output, int withBarrier) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            tile.StoreFirst(team.Rank, new Float1(team.Rank));
            if (withBarrier != 0)
            {
                team.Barrier();
            }

            output.StoreFirst(team.Rank, tile.Broadcast((team.Rank + 1) % team.Size));
        }
    }

    private readonly struct RotatesTwice(Buffer tile, Buffer output) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            for (int round = 0; round < 2; round++)
            {
                tile.StoreFirst(team.Rank, new Float1(round));
                team.Barrier();
                output.StoreFirst(team.Rank, tile.Broadcast((team.Rank + 1) % team.Size));
            }
        }
    }

    private readonly struct ReadsRowAbove(Buffer rows) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            team.Barrier();
            if (team.Rank == 0)
            {
                rows.StoreFirst(row, row == 0 ? new Float1(0) : rows.Broadcast(row - 1));
            }

            team.Barrier();
        }
    }

    private readonly struct BarrierForEvenRanks : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            if (team.Rank % 2 == 0)
            {
                team.Barrier();
            }
        }
    }

    private readonly struct ReturnsEarly(int where) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            if (row == where && team.Rank == team.Size - 1)
            {
                return;
            }

            team.Sum(new Float1(1));
        }
    }

    private readonly struct SumOrMax : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            if (team.Rank % 2 == 0)
            {
                team.Sum(new Float1(1));
            }
            else
            {
                team.Max(new Float1(1));
            }
        }
    }

    private readonly struct OneBarrierMoreForRankZero : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            team.Barrier();
            if (team.Rank == 0)
            {
                team.Barrier();
            }
        }
    }

    private readonly struct ThrowsInRankTwo : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            team.Barrier();
            if (team.Rank == 2)
            {
                throw new InvalidOperationException("deliberate");
            }

            team.Barrier();
        }
    }
}
