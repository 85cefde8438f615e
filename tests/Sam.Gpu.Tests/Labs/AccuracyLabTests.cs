using Sam.Gpu.Figures;
using Sam.Gpu.Labs;
using Sam.Gpu.Tests.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Labs;

public sealed class AccuracyLabTests : IDisposable
{
    private const string Small =
        "data=gaussian-classes:examples=128,spread=2 network=mlp:8 activation=tanh loss=cross-entropy batch-size=64 momentum=0.9 step-size=0.1 "
        + "rho=0.05 supplement-start=1 steps=12 measure-every=12 eigenvalues=1 spectrum-data=first:64 test-data=all";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_optimizer_is_reported_as_its_runs_ended()
    {
        var result = Run(Small);

        Assert.All(result.Rows, row => Assert.True(!row.IsClaim && double.IsFinite(row.Measured), row.Quantity));
        Assert.Equal(["accuracy.svg"], result.Figures.Select(Path.GetFileName));
        foreach (var (title, name) in ((string, string)[])
            [
                ("SGD", "sgd"), ("SAM", "sam"), ("ASAM", "asam"), ("Friendly SAM", "friendly-sam"), ("GSAM", "gsam"), ("CR-SAM", "cr-sam"),
                ("K-SAM", "k-sam"), ("SAM on any half", "any-half"), ("SAF", "saf"), ("MESA", "mesa"),
            ])
        {
            var runs = Runs(name);
            Assert.Equal(runs.Average(run => run.TestErrors[1]), Of(result, $"{title}: test error, mean of 3 seeds"));
            Assert.Equal(runs.Min(run => run.TestErrors[1]), Of(result, $"{title}: test error, smallest"));
            Assert.Equal(runs.Max(run => run.TestErrors[1]), Of(result, $"{title}: test error, largest"));
            Assert.Equal(runs.Average(run => run.MeasuredLosses[1]), Of(result, $"{title}: training loss, mean of 3 seeds"));
            Assert.Equal(runs.Average(run => run.Eigenvalues[0][1]), Of(result, $"{title}: λ₁ at the end, mean of 3 seeds"));
        }

        double[] differences = [.. Runs("k-sam").Zip(Runs("any-half"), (one, other) => one.TestErrors[1] - other.TestErrors[1])];
        Assert.Equal(differences.Average(), Of(result, "K-SAM: test error less that of SAM on any half, mean of 3 seeds"));
        Assert.Equal(differences.Max(), Of(result, "K-SAM: test error less that of SAM on any half, largest"));
    }

    [Fact]
    public void Of_runs_that_diverge_nothing_is_reported()
    {
        var result = Run(Small.Replace("step-size=0.1", "step-size=1e38", StringComparison.Ordinal));

        Assert.Equal(double.NaN, Of(result, "SGD: test error, mean of 3 seeds"));
        Assert.True(result.IsMet);
    }

    private LabResult Run(string problem) => LabSession.Run(
        new AccuracyLab(problem), new LabRequest { DataRoot = folder["none"], Output = folder["lab"], Devices = TestDevices.Catalog });

    private RunSeries[] Runs(string name) => [.. ((int[])[0, 1, 2]).Select(seed => RunSeries.Read(folder[$"lab/{name}-{seed}"]))];

    private static double Of(LabResult result, string quantity) => result.Rows.Single(row => row.Quantity == quantity).Measured;
}
