using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>The emulated device reports a race exactly where comparing all pairs of accesses finds one.</summary>
public sealed class RaceOracleTests
{
    private const int Numbers = 4;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public void Random_programs_fault_exactly_if_two_accesses_race(int groupSize, int rows)
    {
        var random = new Random(7);
        int races = 0;
        const int programs = 400;
        for (int program = 0; program < programs; program++)
        {
            var accesses = RandomProgram(random, groupSize, rows);
            bool isRace = accesses.Any(a => accesses.Any(b => Races(a, b)));
            races += isRace ? 1 : 0;

            using var bench = new Bench(groupSize);
            var kernel = new RunsProgram(bench.Written("numbers", Numbers), accesses);
            if (isRace)
            {
                Bench.AssertNames(bench.RowFault(kernel, rows), nameof(RunsProgram), "'numbers' (field numbers)", "data race");
            }
            else
            {
                bench.Device.LaunchRows(kernel, rows, Numbers);
            }
        }

        Assert.InRange(races, programs / 10, programs * 9 / 10);
    }

    private static bool Races(Access a, Access b) =>
        a.Number == b.Number && (a.IsStore || b.IsStore) && (a.Row != b.Row || (a.Rank != b.Rank && a.Epoch == b.Epoch));

    // Few accesses, most of them loads, so that about half of the programs are free of races.
    private static Access[] RandomProgram(Random random, int groupSize, int rows) =>
        [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ =>
            new Access(random.Next(rows), random.Next(groupSize), random.Next(3), random.Next(Numbers), random.Next(3) == 0))];

    private readonly record struct Access(int Row, int Rank, int Epoch, int Number, bool IsStore);

    private readonly struct RunsProgram(Buffer numbers, Access[] accesses) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            for (int epoch = 0; epoch < 3; epoch++)
            {
                foreach (var access in accesses)
                {
                    if (access.Row == row && access.Rank == team.Rank && access.Epoch == epoch)
                    {
                        if (access.IsStore)
                        {
                            numbers.StoreFirst(access.Number, new Float1(1));
                        }
                        else
                        {
                            numbers.Broadcast(access.Number);
                        }
                    }
                }

                team.Barrier();
            }
        }
    }
}
