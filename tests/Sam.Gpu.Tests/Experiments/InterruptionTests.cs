using Sam.Gpu.Experiments;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 1)]
    [InlineData(20, 4)]
    public void A_measurement_that_is_interrupted_is_not_taken_and_the_rest_is_written(int step, int rows)
    {
        var request = new RunRequest
        {
            Name = "demo",
            Configuration = new RunConfiguration { Data = "chebyshev-5-20", Network = "mlp:4", Threads = 1, Steps = 20, MeasureEvery = 5 },
            DataRoot = "",
            Output = folder["run"],
        };
        using var interruption = new CancellationTokenSource();
        using var experiment = new Experiment(request);

        var summary = experiment.Run(new InterruptsAt(step, interruption), interruption.Token);

        Assert.Equal((RunStatus.Interrupted, step, rows), (summary.Status, summary.Steps, summary.Measurements.Count));
        Assert.Equal(rows + 1, File.ReadLines(folder["run/spectrum.csv"]).Count());
        Assert.Equal(step + 1, File.ReadLines(folder["run/metrics.csv"]).Count());
        Assert.True(File.Exists(folder["run/parameters.npz"]));
        Assert.Equal(5, Directory.GetFiles(folder["run/figures"]).Length);
        Assert.Contains("\"status\": \"interrupted\"", File.ReadAllText(folder["run/run.json"]), StringComparison.Ordinal);
    }

    // Cancels when so many steps are taken: the measurement there finds the request already made.
    private sealed class InterruptsAt(int steps, CancellationTokenSource source) : IRunObserver
    {
        public void Started(RunPlan plan) => CancelAt(0);

        public void Stepped(int step, double loss, double gradientNorm) => CancelAt(step + 1);

        public void Measured(Measurement measurement)
        {
        }

        private void CancelAt(int taken)
        {
            if (taken == steps)
            {
                source.Cancel();
            }
        }
    }
}
