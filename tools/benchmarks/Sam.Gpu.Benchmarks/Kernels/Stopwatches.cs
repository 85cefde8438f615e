using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The clock: BenchmarkDotNet, in this process. A case and its ceiling are timed one after the other.</summary>
public class Stopwatches
{
    private static IReadOnlyList<Case> cases = [];
    private static int deviceThreads = 1;
    private (Operands Operands, Action Own, Action? Ceiling) prepared;

    /// <summary>The number of a case.</summary>
    [ParamsSource(nameof(Numbers))]
    public int Number { get; set; }

    /// <summary>The numbers of all cases.</summary>
    public static IEnumerable<int> Numbers => Enumerable.Range(0, cases.Count);

    /// <summary>Times cases.</summary>
    /// <param name="chosen">The cases.</param>
    /// <param name="threads">The threads of the device.</param>
    /// <returns>For each case the seconds of its calls, a repetition each, and those of its ceiling.</returns>
    internal static IReadOnlyList<(double[] Own, double[] Ceiling)> Measure(IReadOnlyList<Case> chosen, int threads)
    {
        cases = chosen;
        deviceThreads = threads;
        string folder = Directory.CreateTempSubdirectory("samgpu-bench-").FullName;
        try
        {
            // Short: a block of a wide layer takes a second.
            var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance)
                .WithWarmupCount(1).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(20))
                .WithEvaluateOverhead(false).WithMinInvokeCount(1).WithUnrollFactor(1);
            var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance)
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator).WithArtifactsPath(folder);
            var summary = BenchmarkRunner.Run<Stopwatches>(config);
            return [.. chosen.Select((one, i) => (Seconds(i, nameof(Own)), Seconds(i, nameof(Ceiling))))];

            double[] Seconds(int number, string method) =>
            [
                .. summary.Reports
                    .Where(report => (int)report.BenchmarkCase.Parameters[nameof(Number)] == number
                        && report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method)
                    .SelectMany(report => report.AllMeasurements)
                    .Where(measurement => measurement is { IterationMode: IterationMode.Workload, IterationStage: IterationStage.Actual })
                    .Select(measurement => measurement.Nanoseconds / measurement.Operations * 1e-9),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Allocates what the case needs.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var operands = new Operands(CpuDevice.Create(cases[Number].Precision, deviceThreads));
        (var own, var ceiling) = cases[Number].Prepare(operands);
        prepared = (operands, own, ceiling);
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Release() => prepared.Operands.Dispose();

    /// <summary>The case.</summary>
    [Benchmark]
    public void Own() => prepared.Own();

    /// <summary>Its ceiling; nothing where there is none.</summary>
    [Benchmark]
    public void Ceiling() => prepared.Ceiling?.Invoke();
}
