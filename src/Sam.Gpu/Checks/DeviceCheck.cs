using System.Diagnostics;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Checks;

/// <summary>Runs every kernel on a device against the CPU in double, on random data.</summary>
public static class DeviceCheck
{
    /// <summary>The row that counts the numbers which are others at a second run.</summary>
    public const string Repetition = "every operation twice, the same bits";

    private static readonly (string Name, Action<CheckBench> Run)[] Families =
    [
        ("elementary functions", ElementaryChecks.Run),
        ("arithmetic of lanes", ArithmeticChecks.Run),
        ("vectors", VectorChecks.Run),
        ("activation functions", ActivationChecks.Run),
        ("sums and dot products", ReductionChecks.Run),
        ("losses", LossChecks.Run),
        ("optimizers", OptimizerChecks.Run),
        ("selected rows", SelectionChecks.Run),
        ("images", ImageChecks.Run),
        ("layer norm", LayerNormChecks.Run),
        ("attention", AttentionChecks.Run),
        ("matrix products", ProductChecks.Run),
    ];

    /// <summary>Checks a device.</summary>
    /// <param name="device">The device; it is used, not disposed.</param>
    /// <param name="options">How much.</param>
    /// <exception cref="DeviceException">A kernel does not compile, or there is not enough memory.</exception>
    public static CheckResult Run(Device device, CheckOptions options)
    {
        var watch = Stopwatch.StartNew();
        using var bench = new CheckBench(device, options);
        foreach (var (name, run) in Families)
        {
            options.Progress(name);
            run(bench);
        }

        // The repetition is over only now: it goes to the end.
        var rows = bench.Rows;
        return new CheckResult(
            [.. rows.Where(row => row.Name != Repetition), .. rows.Where(row => row.Name == Repetition)],
            bench.FirstLaunches, watch.Elapsed);
    }
}
