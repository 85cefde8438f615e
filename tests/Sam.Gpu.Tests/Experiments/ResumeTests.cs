using System.Text.Json.Nodes;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>A run that was ended and continued is, to the bit, the one that was not.</summary>
public sealed class ResumeTests
{
    public static TheoryData<string, string> Optimizers() => OptimizerFactoryTests.Names();

    // But for ILGPU's simulator: on a busy machine its threads wait minutes for each other in nine measurements.
    public static TheoryData<string> Devices() =>
        [.. TestDevices.Keys().Select(row => row.Data).Where(key => !key.StartsWith("ilgpu-cpu", StringComparison.Ordinal))];

    // Interrupted within an epoch and between measurements, then at a measurement, which is given up; behind both an epoch begins.
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void With_every_optimizer_an_interrupted_run_goes_on_to_the_same_bits(string optimizer, string step)
    {
        using var bench = new ResumeBench();
        string settings = $"optimizer={optimizer} base-optimizer={step}" + optimizer switch
        {
            "gd" or "gradient-flow" => " batch-size=none",
            "cr-sam-paper" => " cr-paper-alpha=0.01 cr-paper-beta=0.01",
            _ => "",
        };
        bench.Run("whole", settings);

        Assert.Equal((RunStatus.Interrupted, 9), Ended(bench.Run("parts", settings, interruptAt: 9)));
        Assert.Equal((RunStatus.Interrupted, 16), Ended(bench.Resume("parts", interruptAt: 16)));
        var summary = bench.Resume("parts");

        Assert.Equal((RunStatus.Completed, 23), Ended(summary));
        Assert.Equal([0, 4, 8, 12, 16, 20, 23], summary.Measurements.Select(measurement => measurement.Step));
        bench.AssertSame("whole", "parts");
    }

    [Theory]
    [InlineData("precision=double")]
    [InlineData("spectrum-data=batch")]
    [InlineData("spectrum-data=batch precision=double optimizer=gsam base-optimizer=polyak")]
    [InlineData("spectrum-data=first:9 test-data=first:7 chunk=4")]
    [InlineData("batch-size=none test-data=all loss=half-squared-error")]
    [InlineData("batch-size=22 measure-every=1 eigenvalues=30")]
    public void With_every_choice_of_examples_and_precision_it_does(string settings)
    {
        using var bench = new ResumeBench();
        bench.Run("whole", settings);
        bench.Run("parts", settings, interruptAt: 8);
        bench.Resume("parts", interruptAt: 8);
        bench.Resume("parts", interruptAt: 9);
        bench.Resume("parts");

        bench.AssertSame("whole", "parts");
        Assert.Equal(Spectrum(bench["whole"]), Spectrum(bench["parts"]));
    }

    // A checkpoint empties the buffer in which the numbers of steps wait on such a device.
    [Theory]
    [MemberData(nameof(Devices))]
    public void On_every_device_it_does(string key)
    {
        string settings = "device=ilgpu-cpu data=chebyshev-5-20 loss=half-squared-error network=mlp:2 batch-size=9 steps=4 measure-every=3 eigenvalues=1 "
            + $"precision={(key.Contains("double", StringComparison.Ordinal) ? "double" : "float")}";
        using var bench = new ResumeBench { Devices = new DeviceCatalog(new OneDevice(() => TestDevices.Create(key))) };
        bench.Run("whole", settings);
        Assert.Throws<ResumeBench.KilledException>(() => bench.Run("parts", settings + " checkpoint-every=2", killAt: 3));
        bench.Resume("parts", "checkpoint-every=none");

        bench.AssertSame("whole", "parts");
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(7, 6)]
    [InlineData(8, 6)]
    [InlineData(22, 21)]
    public void A_run_that_was_killed_goes_on_from_its_last_checkpoint(int killAt, int from)
    {
        using var bench = new ResumeBench();
        bench.Run("whole", "optimizer=saf base-optimizer=adam");
        Assert.Throws<ResumeBench.KilledException>(
            () => bench.Run("parts", "optimizer=saf base-optimizer=adam checkpoint-every=3", killAt: killAt));
        if (from == 0)
        {
            Assert.Throws<DataException>(() => bench.Resume("parts"));
            return;
        }

        // As the system leaves a table whose last line it has not got in full.
        File.AppendAllText(bench["parts/metrics.csv.part"], "22,5.");
        File.WriteAllText(bench["parts/.checkpoint.npz.0.tmp"], "half");
        Assert.Throws<ResumeBench.KilledException>(() => bench.Resume("parts", killAt: from));
        bench.Resume("parts");

        bench.AssertSame("whole", "parts");
        Assert.False(File.Exists(bench["parts/.checkpoint.npz.0.tmp"]));
        var run = JsonNode.Parse(File.ReadAllText(bench["parts/run.json"]))!;
        Assert.Equal([from], run["continued"]!.AsArray().Select(part => part!["step"]!.GetValue<int>()).Distinct());
        Assert.Equal("completed", run["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void A_run_that_took_all_its_steps_goes_on_to_more_of_them(int steps)
    {
        using var bench = new ResumeBench();
        bench.Run("whole", "optimizer=gradient-flow batch-size=none");
        bench.Run("parts", $"optimizer=gradient-flow batch-size=none steps={steps}");

        // The measurement at the end of 10 steps is one that a run of 23 does not make.
        var summary = bench.Resume("parts", "steps=23");

        Assert.Equal([0, 4, 8, 12, 16, 20, 23], summary.Measurements.Select(measurement => measurement.Step));
        bench.AssertSame("whole", "parts");
    }

    [Fact]
    public void A_run_that_reached_its_target_goes_on_to_another_one()
    {
        using var bench = new ResumeBench();
        bench.Run("whole", "batch-size=none");
        double loss = double.Parse(File.ReadLines(bench["whole/metrics.csv"]).ElementAt(12).Split(',')[3], System.Globalization.CultureInfo.InvariantCulture);

        var first = bench.Run("parts", FormattableString.Invariant($"batch-size=none stop-loss={loss:R}"));
        Assert.Equal(RunStatus.TargetReached, first.Status);
        Assert.Contains("--stop-loss", Assert.Throws<UsageException>(() => bench.Resume("parts")).Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Completed, bench.Resume("parts", "stop-loss=none").Status);

        bench.AssertSame("whole", "parts");
    }

    [Fact]
    public void The_sums_of_a_run_are_those_of_all_its_parts()
    {
        using var bench = new ResumeBench();
        var first = bench.Run("parts", "optimizer=gd batch-size=none", interruptAt: 9);
        var whole = bench.Resume("parts");

        Assert.True(whole.TimeSeconds > first.TimeSeconds);
        Assert.Equal(first.Measurements.Select(Numbers), whole.Measurements.Take(first.Measurements.Count).Select(Numbers));
        double[] times = [.. File.ReadLines(bench["parts/metrics.csv"]).Skip(1)
            .Select(line => double.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(times.Order(), times);

        static string Numbers(Measurement measurement) => string.Join(' ', SpectrumTable.Row(measurement));
    }

    [Fact]
    public void A_checkpoint_allocates_nothing_on_the_device()
    {
        int Allocations(string settings)
        {
            var provider = new OneDevice(() => new CountingDevice());
            using var bench = new ResumeBench { Devices = new DeviceCatalog(provider) };
            bench.Run("run", "device=ilgpu-cpu optimizer=mesa base-optimizer=adam " + settings);
            return ((CountingDevice)provider.Device!).Allocations;
        }

        Assert.Equal(Allocations(""), Allocations("checkpoint-every=1"));
    }

    private static (RunStatus Status, int Steps) Ended(RunSummary summary) => (summary.Status, summary.Steps);

    private static string Spectrum(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!["spectrum"]!.ToJsonString();
}
