using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.Tests.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Optimizers;

public class OptimizerTests
{
    private const string Net = "mlp:4-3 tanh half-squared-error 3 2 7";
    private const double Beta = 0.9;

    private static readonly string[] Bases = ["gd", "polyak", "nesterov"];
    private static readonly string[] Ascents = ["none", "normalised", "unnormalised"];

    public static MatrixTheoryData<string, string> Kinds() => new(Bases, Ascents);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_on_a_quadratic_follow_their_definition(string baseStep, string ascent)
    {
        double[] spectrum = [30, 3, -0.5, 0.1];
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, spectrum);
        CompareTrajectories(
            device, objective, [1, -2, 0.5, 3], baseStep, ascent, 0.03,
            w => [.. w.Zip(spectrum, (x, curvature) => curvature * x)],
            w => 0.5 * w.Zip(spectrum, (x, curvature) => curvature * x * x).Sum());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_of_a_network_follow_their_definition(string baseStep, string ascent)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Net);
        CompareTrajectories(
            device, problem.Objective, problem.Theta, baseStep, ascent, 0.05,
            w => problem.Reference.Gradient(w, problem.Inputs, problem.Targets),
            w => problem.Reference.Loss(w, problem.Inputs, problem.Targets));
    }

    [Theory]
    [InlineData("gd", Precision.Float)]
    [InlineData("polyak", Precision.Float)]
    [InlineData("nesterov", Precision.Double)]
    public void A_rho_of_zero_is_the_base_step_bit_for_bit(string baseStep, Precision precision)
    {
        using var device = CpuDevice.Create(precision, 1);
        using var problem = new Problem(device, Net);
        double[] Run(IAscent? ascent)
        {
            using var optimizer = Create(device, problem.Theta.Length, baseStep, 0.05, ascent);
            using var parameters = device.Place(problem.Theta);
            using var record = device.Allocate(StepRecord.Length, "record");
            for (int i = 0; i < 50; i++)
            {
                optimizer.Step(problem.Objective, parameters.Span, new StepRecord(record.Span));
            }

            return device.Read(parameters.Span);
        }

        double[] plain = Run(null);
        Near.Bits(plain, Run(new NormalisedAscent(0)));
        Near.Bits(plain, Run(new UnnormalisedAscent(0)));
    }

    [Fact]
    public void A_zero_gradient_means_no_ascent()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var objective = new QuadraticObjective(device, [50, 10]);
        using var optimizer = Create(device, 2, "gd", 0.03, new NormalisedAscent(0.1));
        using var parameters = device.Place([0, 0]);
        using var memory = device.Allocate(StepRecord.Length, "record");
        var record = new StepRecord(memory.Span);
        optimizer.Step(objective, parameters.Span, record);
        Assert.Equal([0, 0], device.Read(parameters.Span));
        Assert.Equal(0, device.Read(record.GradientNorm)[0]);
        Assert.Equal(0, device.Read(record.AscentGradientNorm)[0]);
    }

    [Fact]
    public void SAM_on_a_quadratic_ends_in_its_two_cycle_where_the_edge_is_the_top_eigenvalue()
    {
        const double stepSize = 0.03;
        const double rho = 0.1;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, [50, 10, 1]);
        using var optimizer = Create(device, 3, "gd", stepSize, new NormalisedAscent(rho));
        using var parameters = device.Place([1, 1, 1]);
        using var memory = device.Allocate(StepRecord.Length, "record");
        var record = new StepRecord(memory.Span);
        for (int i = 0; i < 5000; i++)
        {
            optimizer.Step(objective, parameters.Span, record);
        }

        double[] before = device.Read(parameters.Span);
        optimizer.Step(objective, parameters.Span, record);
        double[] after = device.Read(parameters.Span);
        double norm = device.Read(record.GradientNorm)[0];
        Near.Number(0.3, Math.Abs(before[0]), 0.3e-9, "|x₁|");
        Near.Number(-before[0], after[0], 0.3e-9, "the other end");
        Near.Number(0, before[1], 1e-9, "x₂");
        Near.Number(0, before[2], 1e-9, "x₃");
        Near.Number(15, norm, 15e-9, "‖g‖");
        Near.Number(50, optimizer.Edge(norm), 50e-9, "SAM edge");
    }

    [Fact]
    public void Accuracy_is_that_of_the_parameters_the_step_began_with()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4 tanh cross-entropy 3 3 20");
        _ = problem.Gradient(problem.Theta);
        double expected = device.Read(problem.Objective.Accuracy)[0];
        using var optimizer = Create(device, problem.Theta.Length, "gd", 0.1, new NormalisedAscent(5));
        using var parameters = device.Place(problem.Theta);
        using var memory = device.Allocate(StepRecord.Length, "record");
        var record = new StepRecord(memory.Span);
        optimizer.Step(problem.Objective, parameters.Span, record);
        Assert.Equal(expected, device.Read(record.Accuracy)[0]);
    }

    [Fact]
    public void What_a_checkpoint_must_hold_is_the_velocity()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var plain = Create(device, 3, "gd", 0.1, null);
        using var heavy = Create(device, 3, "polyak", 0.1, new NormalisedAscent(0.1));
        Assert.Empty(plain.State);
        Assert.Equal(["velocity"], heavy.State.Select(state => state.Name));
        Assert.Equal(3, heavy.State[0].Length);
    }

    [Fact]
    public void Edges_are_those_of_the_base_step_under_the_ascent()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var plain = Create(device, 1, "gd", 0.01, null);
        using var sam = Create(device, 1, "gd", 0.01, new NormalisedAscent(0.1));
        using var unnormalised = Create(device, 1, "gd", 0.01, new UnnormalisedAscent(0.01));
        using var heavy = Create(device, 1, "polyak", 0.01, new NormalisedAscent(0.1));
        Assert.Equal((200, 200), (plain.Edge(1), plain.BaseEdge));
        Near.Number(40, sam.Edge(1), 1e-12);
        Near.Number(100, unnormalised.Edge(1), 1e-12);
        Near.Number(380, heavy.Edge(1) * (1 + (0.1 * heavy.Edge(1))), 1e-10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_size_outside_its_range_is_refused(double stepSize)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        AssertOutside(stepSize, "stepSize", () => new GradientDescent(device, stepSize));
        AssertOutside(stepSize, "stepSize", () => new Momentum(device, 1, stepSize, 0.9, false));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_momentum_outside_its_range_is_refused(double momentum)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        AssertOutside(momentum, "momentum", () => new Momentum(device, 1, 0.1, momentum, true));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_radius_or_an_epsilon_outside_its_range_is_refused(double value)
    {
        AssertOutside(value, "rho", () => new NormalisedAscent(value));
        AssertOutside(value, "rho", () => new UnnormalisedAscent(value));
        AssertOutside(value, "epsilon", () => new NormalisedAscent(0.1, value));
    }

    private static void AssertOutside(double value, string name, Func<object> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(create);
        Assert.Equal(name, error.ParamName);
        Assert.Equal(value, error.ActualValue);
    }

    // 20 steps; the difference of the two is rounding, some 10⁻¹⁶ a step, that the dynamics may amplify.
    private static void CompareTrajectories(
        Device device, Objective objective, double[] start, string baseStep, string ascent, double stepSize,
        Func<double[], double[]> gradientOf, Func<double[], double> lossOf)
    {
        const double rho = 0.05;
        using var optimizer = Create(device, start.Length, baseStep, stepSize, ascent switch
        {
            "normalised" => new NormalisedAscent(rho),
            "unnormalised" => new UnnormalisedAscent(rho),
            _ => null,
        });
        using var parameters = device.Place(start);
        using var memory = device.Place([double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]);
        var record = new StepRecord(memory.Span);
        double[] w = start;
        double[] v = new double[w.Length];
        for (int step = 0; step < 20; step++)
        {
            optimizer.Step(objective, parameters.Span, record);
            double[] g = gradientOf(w);
            double norm = Near.Norm(g);
            double loss = lossOf(w);
            Near.Number(loss, device.Read(record.Loss)[0], 1e-12 * (1 + Math.Abs(loss)), $"loss of step {step}");
            Near.Number(norm, device.Read(record.GradientNorm)[0], 1e-12 * norm, $"norm of step {step}");
            if (ascent == "none")
            {
                Assert.Equal(double.NaN, device.Read(record.AscentLoss)[0]);
            }
            else
            {
                double length = ascent == "normalised" ? rho / norm : rho;
                double[] uphill = [.. w.Zip(g, (x, slope) => x + (length * slope))];
                g = gradientOf(uphill);
                loss = lossOf(uphill);
                Near.Number(loss, device.Read(record.AscentLoss)[0], 1e-12 * (1 + Math.Abs(loss)), $"loss uphill of step {step}");
                Near.Number(Near.Norm(g), device.Read(record.AscentGradientNorm)[0], 1e-12 * Near.Norm(g), $"norm uphill of step {step}");
            }

            v = [.. v.Zip(g, (speed, slope) => (Beta * speed) + slope)];
            double[] direction = baseStep switch
            {
                "gd" => g,
                "polyak" => v,
                _ => [.. g.Zip(v, (slope, speed) => slope + (Beta * speed))],
            };
            w = [.. w.Zip(direction, (x, d) => x - (stepSize * d))];
            Near.Vectors(w, device.Read(parameters.Span), 1e-12, $"parameters after step {step}");
        }
    }

    private static Optimizer Create(Device device, int count, string baseStep, double stepSize, IAscent? ascent) =>
        new(
            device, count,
            baseStep == "gd" ? new GradientDescent(device, stepSize) : new Momentum(device, count, stepSize, Beta, baseStep == "nesterov"),
            ascent);
}
