using Sam.Gpu.Devices;
using Sam.Gpu.Edges;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Optimizers;

/// <summary>Normalized steps, steps on √L, gradient flow, and the edges of adaptive steps.</summary>
public sealed class BaseStepTests
{
    [Theory]
    [InlineData(0.5, -3, 12, 2.62685, 0.56691, true)]
    [InlineData(5.0, -3, 10, 2.8158, -3.8908, false)]
    public void A_few_large_steps_on_the_toy_end_where_they_should(double eta, double y, int steps, double endX, double endY, bool isRoot)
    {
        // L = (1 + x²) y² of Arora, Li and Panigrahi from (14.7, ±3). The toy is even in y.
        double[] end = Toy([14.7, isRoot ? -y : y], eta, steps, isRoot, out _);
        Near.Number(endX, end[0], 1e-4, "x");
        Near.Number(endY, end[1], 1e-4, "y");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Small_steps_follow_the_projected_flow(bool isRoot)
    {
        const double eta = 0.01;
        const int steps = 100_000;
        double[] end = Toy([2, 0.013], eta, steps, isRoot, out double inverses);

        // √L: x = x₀ exp(−η² t/2). Normalized: x²/2 + ln x = const − η² t/2, solved by bisection.
        double time = eta * eta * steps / 2;
        double expected = 2 * Math.Exp(-time);
        if (!isRoot)
        {
            double level = 2 + Math.Log(2) - time;
            (double low, double high) = (1e-9, 2);
            for (int i = 0; i < 100; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = (middle * middle / 2) + Math.Log(middle) < level ? (middle, high) : (low, middle);
            }

            expected = low;
            Near.Number(1, inverses, 1e-3, "the sum of inverse stabilities of two steps");
        }

        Near.Number(expected, Math.Abs(end[0]), 1e-3 * expected, "x");
    }

    [Fact]
    public void Where_the_gradient_is_zero_nothing_moves()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var objective = new QuadraticObjective(device, [50, 10]);
        IBaseStep[] steps =
        [
            new NormalisedGradientDescent(device, 0.1), new RootLossDescent(device, 0.1), new Adam(device, 2, 0.1), new RmsProp(device, 2, 0.1),
            new GradientFlow(device, 2, 0.1),
        ];
        foreach (var step in steps)
        {
            using var optimizer = new Optimizer(device, 2, step);
            using var parameters = device.Place([0, 0]);
            using var record = device.Allocate(StepRecord.Length, "record");
            optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
            Assert.Equal([0, 0], device.Read(parameters.Span));
        }
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(-3, 1)]
    [InlineData(5, 1)]
    [InlineData(20, 2)]
    [InlineData(25, 3)]
    public void The_flow_takes_a_step_in_pieces_that_the_sharpness_allows(double sharpness, int pieces)
    {
        // A piece h of the classic method multiplies by 1 − hλ + (hλ)²/2 − (hλ)³/6 + (hλ)⁴/24.
        const double eta = 0.1;
        double[] curvatures = [20, 3];
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, curvatures);
        using var optimizer = new Optimizer(device, 2, new GradientFlow(device, 2, eta));
        using var parameters = device.Place([1, 1]);
        using var record = device.Allocate(StepRecord.Length, "record");
        optimizer.Observe(sharpness);
        optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
        double piece = pieces == 1 ? eta : 1 / sharpness;
        double[] lengths = [.. Enumerable.Repeat(piece, pieces - 1), eta - ((pieces - 1) * piece)];
        double[] expected =
        [
            .. curvatures.Select(curvature => lengths.Aggregate(1.0, (x, h) =>
                x * (1 - (h * curvature) + (Math.Pow(h * curvature, 2) / 2) - (Math.Pow(h * curvature, 3) / 6) + (Math.Pow(h * curvature, 4) / 24)))),
        ];
        Near.Vectors(expected, device.Read(parameters.Span), 1e-12, "the end of the step");
    }

    [Fact]
    public void The_error_of_the_flow_falls_with_the_fourth_power_of_the_piece()
    {
        double Error(double longest)
        {
            using var device = CpuDevice.Create(Precision.Double, 1);
            using var objective = new TestObjective(device, 1, w => (0, [w[0] * w[0]]));
            using var optimizer = new Optimizer(device, 1, new GradientFlow(device, 1, 1, longest: longest));
            using var parameters = device.Place([1]);
            using var record = device.Allocate(StepRecord.Length, "record");
            optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));

            // x' = −x² from 1 is 1/(1 + t).
            return Math.Abs(device.Read(parameters.Span)[0] - 0.5);
        }

        Assert.InRange(Error(0.1) / Error(0.05), 14, 18);
    }

    [Theory]
    [InlineData("adam", 0.9)]
    [InlineData("adam", 0.5)]
    [InlineData("rmsprop", 0)]
    public void An_adaptive_step_turns_unstable_at_its_edge_of_the_preconditioned_curvature(string name, double beta1)
    {
        // With ε = 1 and tiny gradients the preconditioner is 1, but for what is below a thousandth.
        const double eta = 0.1;
        double edge = name == "adam" ? Edge.Adam(eta, beta1) : Edge.RmsProp(eta);
        double End(double curvature)
        {
            using var device = CpuDevice.Create(Precision.Double, 1);
            using var objective = new QuadraticObjective(device, [curvature]);
            IBaseStep step = name == "adam" ? new Adam(device, 1, eta, beta1, 0.9, 1) : new RmsProp(device, 1, eta, 0.9, 1, correctsBias: true);
            using var optimizer = new Optimizer(device, 1, step);
            Assert.Equal(edge, optimizer.Edge(1));
            using var parameters = device.Place([1e-12]);
            using var record = device.Allocate(StepRecord.Length, "record");
            double largest = 0;
            for (int i = 0; i < 3000; i++)
            {
                optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
                largest = Math.Max(largest, Math.Abs(device.Read(parameters.Span)[0]));
            }

            return curvature < edge ? Math.Abs(device.Read(parameters.Span)[0]) : largest;
        }

        Assert.InRange(End(0.99 * edge), 0, 1e-18);
        Assert.InRange(End(1.01 * edge), 1e-7, double.PositiveInfinity);
    }

    [Fact]
    public void The_preconditioner_is_what_the_next_step_divides_by()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        double[] curvatures = [3, -1, 0.2];
        using var objective = new QuadraticObjective(device, curvatures);
        using var optimizer = new Optimizer(device, 3, new RmsProp(device, 3, 0.01, 0.9, 1e-3, correctsBias: true));
        Assert.True(optimizer.HasPreconditioner);
        using var parameters = device.Place([1, 2, 3]);
        using var memory = device.Allocate(6, "gradient and preconditioner");
        using var record = device.Allocate(StepRecord.Length, "record");
        for (int i = 0; i < 3; i++)
        {
            double[] before = device.Read(parameters.Span);
            double[] g = [.. curvatures.Zip(before, (curvature, x) => curvature * x)];
            device.Upload(g.AsSpan(), memory.Span.Slice(0, 3));
            optimizer.Preconditioner(memory.Span.Slice(0, 3), memory.Span.Slice(3, 3));
            double[] p = device.Read(memory.Span.Slice(3, 3));
            optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
            Near.Vectors([.. before.Select((x, n) => x - (0.01 * g[n] / p[n]))], device.Read(parameters.Span), 1e-14, $"step {i}");
        }
    }

    [Fact]
    public void Where_no_edge_is_known_it_is_no_number()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var normalised = new Optimizer(device, 1, new NormalisedGradientDescent(device, 0.1), new NormalisedAscent(0.1));
        using var samOverAdam = new Optimizer(device, 1, new Adam(device, 1, 0.1), new NormalisedAscent(0.1));
        using var friendly = new Optimizer(device, 1, new GradientDescent(device, 0.1), new FriendlyAscent(device, 1, new NormalisedAscent(0.1)));
        using var gsam = new Optimizer(
            device, 1, new GradientDescent(device, 0.01), new SurrogateGapRule(device, 1, new NormalisedAscent(0.1)));
        Assert.Equal(double.NaN, normalised.Edge(1));
        Assert.Equal(double.NaN, samOverAdam.Edge(1));
        Assert.Equal(380, samOverAdam.BaseEdge, 1e-10);
        Assert.Equal(double.NaN, friendly.Edge(1));
        Near.Number(40, gsam.Edge(1), 1e-12);
    }

    private static double[] Toy(double[] start, double eta, int steps, bool isRoot, out double inverses)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new TestObjective(device, 2, w => (
            (1 + (w[0] * w[0])) * w[1] * w[1], [2 * w[0] * w[1] * w[1], 2 * (1 + (w[0] * w[0])) * w[1]]));
        using var optimizer = new Optimizer(
            device, 2, isRoot ? new RootLossDescent(device, eta) : new NormalisedGradientDescent(device, eta));
        using var parameters = device.Place(start);
        using var memory = device.Allocate(StepRecord.Length, "record");
        var record = new StepRecord(memory.Span);
        double[] inverse = new double[2];
        for (int i = 0; i < steps; i++)
        {
            double x = device.Read(parameters.Span)[0];
            optimizer.Step(objective, parameters.Span, record);

            // The largest eigenvalue on the minima is 2 (1 + x²), the step size η/‖g‖.
            inverse[i % 2] = device.Read(record.GradientNorm)[0] / (eta * 2 * (1 + (x * x)));
        }

        inverses = inverse.Sum();
        return device.Read(parameters.Span);
    }
}
