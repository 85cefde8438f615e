using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>Every optimizer by its name: its memory is planned, its state is all that a checkpoint needs, and its keys mean what they say.</summary>
public sealed class OptimizerFactoryTests
{
    private static readonly RunConfiguration Configuration = new()
    {
        Data = "gaussian-classes", Network = "mlp:12", Loss = "cross-entropy", StepSize = 0.01, Eigenvalues = 1, Examples = 60, BatchSize = 20,
        OptimizerSettings = new OptimizerSettings { SupplementStart = 0, SafLag = 1, TeacherDecay = 0.5, MicroBatch = 8, SupplementWeight = 1, CrPaperAlpha = 1e-3, CrPaperBeta = 1e-4 },
    };

    public static TheoryData<string, string> Names()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, _) in OptimizerNames.List)
        {
            string[] steps = OptimizerNames.TakesBase(name) ? ["gd", "polyak", "nesterov", "adam", "rmsprop", "normalised-gd"] : ["gd"];
            foreach (string step in steps)
            {
                data.Add(name, step);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_goes_on_from_its_state_is_the_one_that_was_not_interrupted(string optimizer, string step)
    {
        var configuration = Resolve(optimizer, step);
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var whole = Start(device, configuration);
        using var half = Start(device, configuration);
        Run(whole, 0, 14);
        Run(half, 0, 7);
        using var other = Start(device, configuration);
        Run(other, 3, 5);
        device.Copy(half.Parameters.Span, other.Parameters.Span);
        var saved = half.Optimizer.State;
        var restored = other.Optimizer.State;
        Assert.Equal(saved.Select(item => (item.Name, item.Length)), restored.Select(item => (item.Name, item.Length)));
        Assert.Equal(saved.Count, saved.Select(item => item.Name).Distinct().Count());
        foreach (var (from, to) in saved.Zip(restored))
        {
            double[] numbers = new double[from.Length];
            from.Read(numbers);
            to.Write(numbers);
        }

        Run(other, 7, 14);
        Near.Bits(device.Read(whole.Parameters.Span), device.Read(other.Parameters.Span));
        Near.Bits(device.Read(whole.Records.Span.Slice(0, StepRecord.Length)), device.Read(other.Records.Span.Slice(0, StepRecord.Length)));
        Assert.All(device.Read(whole.Parameters.Span), number => Assert.True(double.IsFinite(number)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing_and_reads_nothing_back(string optimizer, string step)
    {
        using var planner = new MemoryPlanner(Precision.Float);
        using var memory = Start(planner.Device, Resolve(optimizer, step));
        long before = planner.Peak;
        Run(memory, 0, 3);
        Assert.Equal(before, planner.Peak);
    }

    [Fact]
    public void What_an_optimizer_does_not_have_is_settled_to_nothing_and_what_it_has_to_its_default()
    {
        var adam = OptimizerNames.Resolve(new RunConfiguration { Optimizer = "adam" });
        Assert.Equal(new OptimizerSettings { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 }, adam.OptimizerSettings);
        Assert.Equal(("adam", 0, 0), (adam.BaseOptimizer, adam.Rho, adam.Momentum));
        var given = new OptimizerSettings { Beta2 = 0.5, GsamAlpha = 0.2 };
        var gsam = OptimizerNames.Resolve(new RunConfiguration { Optimizer = "gsam", BaseOptimizer = "rmsprop", OptimizerSettings = given });
        Assert.Equal(new OptimizerSettings { Beta2 = 0.5, Epsilon = 1e-8, BiasCorrection = 0, GsamAlpha = 0.2 }, gsam.OptimizerSettings);
        Assert.Equal(gsam, OptimizerNames.Resolve(gsam));
        var gd = OptimizerNames.Resolve(new RunConfiguration { Optimizer = "gd", OptimizerSettings = given });
        Assert.Equal(new OptimizerSettings(), gd.OptimizerSettings);
    }

    [Fact]
    public void What_must_be_given_is_asked_for()
    {
        var error = Assert.Throws<UsageException>(() => OptimizerNames.Resolve(new RunConfiguration { Optimizer = "m-sam" }));
        Assert.StartsWith("--optimizer m-sam needs --micro-batch", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("beta1", "1")]
    [InlineData("beta2", "-0.1")]
    [InlineData("kept-fraction", "1.5")]
    [InlineData("kept-fraction", "0")]
    [InlineData("micro-batch", "0")]
    [InlineData("saf-lag", "1.5")]
    [InlineData("bias-correction", "2")]
    [InlineData("supplement-temperature", "nan")]
    public void A_value_out_of_its_range_is_refused(string key, string value)
    {
        var error = Assert.Throws<UsageException>(() => ConfigurationKey.Find(key).Set(new RunConfiguration(), value));
        Assert.StartsWith($"{key} '{value}' is not allowed: give a", error.Message, StringComparison.Ordinal);
    }

    private static RunConfiguration Resolve(string optimizer, string step) => OptimizerNames.Resolve(
        Configuration with { Optimizer = optimizer, BaseOptimizer = step, BatchSize = optimizer is "gd" or "gradient-flow" ? null : 20 });

    private static RunMemory Start(Device device, RunConfiguration configuration)
    {
        var data = DataSource.Parse(configuration.Data, "").Take(60);
        var network = NetworkSpecification.Parse(configuration.Network).Build(data.Features, data.Outputs, configuration.Activation);
        var memory = new RunMemory(device, configuration, network, Loss.Parse(configuration.Loss), data, chunk: 7);
        device.Upload(Initialization.Parse("pytorch").Draw(network, 1), memory.Parameters.Span);
        memory.Optimizer.Observe(300);
        return memory;
    }

    private static void Run(RunMemory memory, int first, int end)
    {
        for (int step = first; step < end; step++)
        {
            if (memory.Training.Examples == 20)
            {
                memory.Training.Select([.. Enumerable.Range(step % 3 * 20, 20).Select(i => i * 7 % 60)]);
            }

            memory.Optimizer.Step(
                memory.Training, memory.Parameters.Span, new StepRecord(memory.Records.Span.Slice(0, StepRecord.Length)));
        }
    }
}
