using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>Each mistake that a tile kernel can make with its shared memory is found and named.</summary>
public sealed class BrokenTileKernelTests
{
    private const int TeamSize = 64;
    private const int SharedLength = 256;

    // What a thread may leave out, or get wrong.
    public enum Mistake
    {
        None,
        NoBarrier,
        NoSecondBarrier,
        StoreByAll,
        StorePastEnd,
        LoadPastEnd,
        LoadBeforeStart,
        Unwritten,
        BarrierForSome,
    }

    public static TheoryData<int> GroupSizes => [1, 32, TeamSize];

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_kernel_without_a_mistake_runs_and_every_tile_has_memory_of_its_own(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var output = bench.UnwrittenSpan("output", 3 * TeamSize);
        bench.Device.LaunchTiles(new Reverses(bench.Device.Buffer(output), Mistake.None), 3);

        double[] numbers = new double[3 * TeamSize];
        bench.Device.Download(output, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            // Four times what the mirrored rank stored: its rank, and the tile's number times 1000.
            Assert.Equal(4 * ((i / TeamSize * 1000) + TeamSize - 1 - (i % TeamSize)), numbers[i]);
        }
    }

    [Theory]
    [InlineData(Mistake.NoBarrier, " on shared memory at index ", "on the same number", "data race")]
    [InlineData(Mistake.NoSecondBarrier, " on shared memory at index ", "on the same number", "data race")]
    [InlineData(Mistake.StoreByAll, "does a store on shared memory at index 0, ", "did a store on the same number", "data race")]
    [InlineData(Mistake.StorePastEnd, "rank 63 of tile 0 does a store on shared memory at index 256, outside its 256 numbers")]
    [InlineData(Mistake.LoadPastEnd, "rank 0 of tile 0 does a load on shared memory at index 256, outside its 256 numbers")]
    [InlineData(Mistake.LoadBeforeStart, "rank 63 of tile 0 does a load on shared memory at index -4, outside its 256 numbers")]
    [InlineData(Mistake.Unwritten, " of tile 1 does a load on shared memory at index ", "never written")]
    [InlineData(Mistake.BarrierForSome, "threads of tile 0 do not reach the same collectives", "rank 0 waits at Barrier (collective 2)")]
    public void A_mistake_is_found(Mistake mistake, params string[] parts)
    {
        using var bench = new Bench(4);
        var fault = bench.TileFault(new Reverses(bench.Unwritten("output", 2 * TeamSize), mistake), 2);

        Bench.AssertNames(fault, nameof(Reverses), parts);
    }

    [Fact]
    public void An_access_of_a_buffer_names_rank_and_tile()
    {
        using var bench = new Bench(4);
        var fault = bench.TileFault(new Reverses(bench.Unwritten("output", TeamSize), Mistake.None), 2);

        Bench.AssertNames(fault, nameof(Reverses), " of tile 1 does a store on buffer 'output' (field output) at ", "outside its span");
    }

    [Fact]
    public void The_device_runs_on_after_a_fault_and_ends_its_threads()
    {
        var bench = new Bench(4);
        bench.TileFault(new Reverses(bench.Unwritten("output", TeamSize), Mistake.BarrierForSome), 1);
        bench.Device.LaunchTiles(new Reverses(bench.Unwritten("output", TeamSize), Mistake.None), 1);
        Assert.Equal(TeamSize - 1, bench.Device.LiveThreads);
        bench.Dispose();
        Assert.Equal(0, bench.Device.LiveThreads);
    }

    [Fact]
    public void Teams_and_memories_that_not_every_GPU_has_are_found()
    {
        using var bench = new Bench(4);
        Bench.AssertNames(bench.TileFault(default(HasTeamOf48), 1), nameof(HasTeamOf48), "48 threads", "multiples of 32 up to 256");
        Bench.AssertNames(bench.TileFault(default(HasLargeMemory), 1), nameof(HasLargeMemory), "8196 numbers", "multiples of 4 up to 8192");
    }

    // Each rank stores a quad, and another sums it; then all again in the same place.
    private readonly struct Reverses(Buffer output, Mistake mistake) : ITileKernel<Float1>
    {
        public static int TeamSize => BrokenTileKernelTests.TeamSize;

        public static int SharedLength => BrokenTileKernelTests.SharedLength;

        public void Run<T>(T team, int tile)
            where T : struct, ITileTeam<Float1>
        {
            var sum = new Float1(0);
            for (int round = 0; round < 2; round++)
            {
                Store(team, tile);
                bool isLeftOut = mistake == Mistake.NoBarrier || (mistake == Mistake.BarrierForSome && team.Rank != 0);
                if (round == 0 || !isLeftOut)
                {
                    team.Barrier();
                }

                // Where not all wait, nobody may read what another one stores: that would be found first.
                int quad = mistake == Mistake.BarrierForSome ? team.Rank : team.Size - 1 - team.Rank;
                quad += mistake == Mistake.LoadPastEnd ? 1 : 0;
                var loaded = team.LoadShared(quad, mistake == Mistake.LoadBeforeStart ? -1 : 0);
                sum = loaded.First + loaded.Second + (loaded.Third + loaded.Fourth);
                if (round == 0 && mistake is not (Mistake.NoSecondBarrier or Mistake.BarrierForSome))
                {
                    team.Barrier();
                }
            }

            output.StoreFirst((tile * team.Size) + team.Rank, sum);
        }

        private void Store<T>(T team, int tile)
            where T : struct, ITileTeam<Float1>
        {
            if (mistake == Mistake.Unwritten && tile == 1)
            {
                return;
            }

            int start = mistake == Mistake.StoreByAll ? 0 : (4 * team.Rank) + (mistake == Mistake.StorePastEnd ? 1 : 0);
            for (int i = 0; i < 4; i++)
            {
                team.StoreShared(start + i, new Float1((1000 * tile) + team.Rank));
            }
        }
    }

    private readonly struct HasTeamOf48 : ITileKernel<Float1>
    {
        public static int TeamSize => 48;

        public static int SharedLength => 4;

        public void Run<T>(T team, int tile)
            where T : struct, ITileTeam<Float1>
        {
        }
    }

    private readonly struct HasLargeMemory : ITileKernel<Float1>
    {
        public static int TeamSize => 32;

        public static int SharedLength => 8196;

        public void Run<T>(T team, int tile)
            where T : struct, ITileTeam<Float1>
        {
        }
    }
}
