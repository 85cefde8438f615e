using System.Text.Json;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Optimizers;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Golden;

/// <summary>Ten steps of every optimizer, against PyTorch in double.</summary>
public sealed class TrajectoryGoldenTests : IDisposable
{
    // Rounding of 1e-16 a step grows with the curvature of the path, at these step sizes by less than ten a step.
    private const double Tolerance = 1e-10;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("gd")]
    [InlineData("polyak")]
    [InlineData("nesterov")]
    [InlineData("sam")]
    [InlineData("sam-unnormalised")]
    [InlineData("sam-polyak")]
    [InlineData("adam")]
    [InlineData("rmsprop")]
    [InlineData("asam")]
    [InlineData("friendly-sam")]
    [InlineData("gsam")]
    [InlineData("cr-sam")]
    [InlineData("sam-adam")]
    public void StepsInDoubleAgreeWithPyTorch(string name)
    {
        var golden = GoldenData.Trajectories;
        var settings = golden.Description.GetProperty("optimizers").EnumerateArray().Single(o => o.GetProperty("name").GetString() == name);
        using var device = CpuDevice.Create(Precision.Double, 2);
        var (objective, network, parameters) = golden.Bind(device, folder);
        using var bound = objective;
        using var optimizer = Create(settings, device, network);
        using var theta = device.Allocate(network.ParameterCount, "parameters");
        device.Upload(parameters, theta.Span);

        int steps = golden.Description.GetProperty("steps").GetInt32();
        using var records = device.Allocate(steps * StepRecord.Length, "records");
        device.Upload(Enumerable.Repeat(double.NaN, steps * StepRecord.Length).ToArray(), records.Span);
        for (int step = 0; step < steps; step++)
        {
            optimizer.Step(objective, theta.Span, new StepRecord(records.Span.Slice(step * StepRecord.Length, StepRecord.Length)));
        }

        Agreement.Require(golden[$"{name}/loss"], Column(0), Tolerance, "loss");
        Agreement.Require(golden[$"{name}/gradient_norm"], Column(1), Tolerance, "gradient norm");
        if (optimizer.HasAscent)
        {
            Agreement.Require(golden[$"{name}/ascent_gradient_norm"], Column(3), Tolerance, "norm of the ascent gradient");
        }

        device.Download(theta.Span, parameters);
        foreach (var (parameter, array) in ParameterArrays.Of($"{name}/final/", network, parameters))
        {
            Agreement.Require(golden[parameter], array.ToDoubles(), Tolerance, parameter);
        }

        double[] Column(int column)
        {
            double[] numbers = new double[steps * StepRecord.Length];
            device.Download(records.Span, numbers);
            return [.. Enumerable.Range(0, steps).Select(step => numbers[(step * StepRecord.Length) + column])];
        }
    }

    private static Optimizer Create(JsonElement settings, Device device, Network network)
    {
        int count = network.ParameterCount;
        double Number(string name) => settings.GetProperty(name).GetDouble();
        string kind = settings.TryGetProperty("step", out var named) ? named.GetString()! : Number("momentum") > 0 ? "momentum" : "gd";
        IBaseStep step = kind switch
        {
            "adam" => new Adam(device, count, Number("step_size"), Number("beta1"), Number("beta2"), Number("epsilon")),
            "rmsprop" => new RmsProp(device, count, Number("step_size"), Number("beta2"), Number("epsilon")),
            "momentum" => new Momentum(device, count, Number("step_size"), Number("momentum"), settings.GetProperty("nesterov").GetBoolean()),
            _ => new GradientDescent(device, Number("step_size")),
        };
        double rho = Number("rho");
        GradientRule rule = settings.GetProperty("ascent").GetString() switch
        {
            null => new PlainRule(device),
            "normalised" => new AscentRule(device, count, new NormalisedAscent(rho)),
            "unnormalised" => new AscentRule(device, count, new UnnormalisedAscent(rho)),
            "asam" => new AscentRule(device, count, new AdaptiveAscent(device, Weights(network), rho, Number("offset"))),
            "friendly" => new AscentRule(
                device, count, new FriendlyAscent(device, count, new NormalisedAscent(rho), Number("sigma"), Number("decay"))),
            "gsam" => new SurrogateGapRule(device, count, new NormalisedAscent(rho), Number("alpha")),
            "cr-sam" => new CurvatureRule(device, count, rho, Number("gamma"), Number("beta")),
            var other => throw GoldenData.Stale($"the ascent '{other}' is not known"),
        };
        return new Optimizer(device, count, step, rule);
    }

    private static bool[] Weights(Network network) =>
        [.. network.Parameters.SelectMany(parameter => Enumerable.Repeat(!parameter.IsBias, parameter.Length))];
}
