using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.Tests.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Optimizers;

/// <summary>What the variants of SAM make of gradients, against closed forms and plain loops.</summary>
public sealed class VariantFormulaTests
{
    private const double Rho = 0.1;

    private static readonly double[] Curvatures = [3, 1, 0.5];
    private static readonly double[] Cubic = [0.7, -0.4, 2];
    private static readonly double[] Point = [0.3, -1, 0.6];

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void Equal_gradients_leave_friendly_sam_without_an_ascent(Precision precision)
    {
        using var device = CpuDevice.Create(precision, 1);
        using var problem = new Problem(device, "mlp:4-3 tanh cross-entropy 3 3 20");
        int count = problem.Theta.Length;
        using var rule = new AscentRule(device, count, new FriendlyAscent(device, count, new NormalisedAscent(Rho)));
        using var parameters = device.Place(problem.Theta);
        using var gradient = device.Allocate(count, "gradient");
        using var record = device.Allocate(StepRecord.Length, "record");
        double[] plain = problem.Gradient(problem.Theta);
        for (int call = 1; call <= 5; call++)
        {
            rule.Step(problem.Objective, parameters.Span, gradient.Span, new StepRecord(record.Span));
            if (call == 1)
            {
                Assert.NotEqual(plain, device.Read(gradient.Span));
            }
            else
            {
                Near.Bits(plain, device.Read(gradient.Span));
            }
        }
    }

    [Fact]
    public void A_measurement_does_not_move_the_average_of_friendly_sam()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, Curvatures);
        using var optimizer = new Optimizer(
            device, 3, new GradientDescent(device, 0.1), new FriendlyAscent(device, 3, new NormalisedAscent(Rho), 1, 0.5));
        using var memory = device.Place([.. Point, 1, 1, 1, 1, 0]);
        var (w, g) = (memory.Span.Slice(0, 3), memory.Span.Slice(3, 3));
        double[][] before = [.. optimizer.State.Select(Read)];
        optimizer.AscentGradient(objective, w, g, memory.Span.Slice(6, 1), g, memory.Span.Slice(7, 1));
        Assert.Equal(before, optimizer.State.Select(Read));
    }

    [Fact]
    public void Cr_sam_adds_the_slope_of_the_curvature_and_the_hessian_along_the_gradient()
    {
        const double gamma = 0.3;
        const double beta = 0.2;
        foreach (double cubic in (double[])[0, 1])
        {
            double[] c = [.. Cubic.Select(number => cubic * number)];
            (double[] plain, _) = Gradient(device => new PlainRule(device), c);
            (double[] sam, _) = Gradient(device => new AscentRule(device, 3, new NormalisedAscent(Rho)), c);
            (double[] withGamma, _) = Gradient(device => new CurvatureRule(device, 3, Rho, gamma, 0), c);
            (double[] withBeta, _) = Gradient(device => new CurvatureRule(device, 3, Rho, 0, beta), c);
            double norm = Near.Norm(plain);
            for (int i = 0; i < 3; i++)
            {
                // L = Σ ½ λ x² + c x³/6: ∇L = λ x + ½ c x², H = λ + c x, D³L(n, n, ·) = c n².
                double n = plain[i] / norm;
                double slope = gamma * Rho * Rho * c[i] * n * n;
                double along = 2 * beta * Rho * (Curvatures[i] + (c[i] * Point[i])) * n;
                Near.Number(slope, withGamma[i] - sam[i], cubic == 0 ? 1e-12 : 1e-10 * Math.Abs(slope) + 1e-15, $"γ term {i}");
                Near.Number(along, withBeta[i] - sam[i], 1e-10 * Math.Abs(along), $"β term {i}");
            }
        }
    }

    [Theory]
    [InlineData(0.5, 3000)]
    [InlineData(0, 3000)]
    public void Cr_sam_with_a_frozen_norm_turns_unstable_at_its_edge(double beta, int steps)
    {
        // Along an eigenvector it sees the curvature λ (1 + (1 + 2β) ρ λ/‖g‖).
        const double norm = 2;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var rule = new CurvatureRule(device, 1, Rho, 0.3, beta);
        double edge = rule.Edge(20, norm);
        foreach (double part in (double[])[0.99, 1.01])
        {
            double curvature = part * edge;
            double factor = 1 - (0.1 * curvature * (1 + ((1 + (2 * beta)) * Rho * curvature / norm)));
            Assert.Equal(part > 1, Math.Abs(Math.Pow(factor, steps)) > 1);
        }

        // And that factor is what a step does where the gradient has the norm.
        double x = norm / edge;
        using var objective = new QuadraticObjective(device, [edge]);
        using var optimizer = new Optimizer(device, 1, new GradientDescent(device, 0.1), new CurvatureRule(device, 1, Rho, 0.3, beta));
        using var parameters = device.Place([x]);
        using var record = device.Allocate(StepRecord.Length, "record");
        optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
        Near.Number(-x, device.Read(parameters.Span)[0], 1e-12, "the other end of the cycle at the edge");
    }

    [Fact]
    public void Cr_sam_with_logarithms_adds_their_gradients()
    {
        const double alpha = 0.3;
        const double beta = 0.2;
        foreach (double cubic in (double[])[0, 1])
        {
            double[] c = [.. Cubic.Select(number => cubic * number)];
            (double[] plain, _) = Gradient(device => new PlainRule(device), c);
            (double[] sam, _) = Gradient(device => new AscentRule(device, 3, new NormalisedAscent(Rho)), c);
            (double[] withAlpha, _) = Gradient(device => new LogarithmicCurvatureRule(device, 3, Rho, alpha, 0), c);
            (double[] withBeta, _) = Gradient(device => new LogarithmicCurvatureRule(device, 3, Rho, 0, beta), c);
            double norm = Near.Norm(plain);
            double[] n = [.. plain.Select(number => number / norm)];
            double[] hessian = [.. Curvatures.Select((curvature, i) => curvature + (c[i] * Point[i]))];

            // log n·Hn has the gradient D³L(n, n, ·)/n·Hn, and log ‖g‖ the gradient Hg/‖g‖²; differences are exact on a cubic.
            double along = n.Zip(hessian, (direction, curvature) => direction * direction * curvature).Sum();
            for (int i = 0; i < 3; i++)
            {
                double first = alpha * c[i] * n[i] * n[i] / along;
                double second = -beta * hessian[i] * plain[i] / (norm * norm);
                Near.Number(first, withAlpha[i] - sam[i], 1e-10 * alpha, $"α term {i}");
                Near.Number(second, withBeta[i] - sam[i], 1e-10 * Math.Abs(second), $"β term {i}");
            }
        }
    }

    [Fact]
    public void Cr_sam_with_logarithms_leaves_out_the_one_of_a_curvature_that_is_not_positive()
    {
        foreach (double curvature in (double[])[0, -2])
        {
            double[] Step(double alpha)
            {
                using var device = CpuDevice.Create(Precision.Double, 1);
                using var objective = new TestObjective(device, 1, w => ((0.5 * curvature * w[0] * w[0]) + w[0], [(curvature * w[0]) + 1]));
                using var rule = new LogarithmicCurvatureRule(device, 1, Rho, alpha, 0.1);
                using var parameters = device.Place([0.25]);
                using var gradient = device.Allocate(1, "gradient");
                using var record = device.Allocate(StepRecord.Length, "record");
                rule.Step(objective, parameters.Span, gradient.Span, new StepRecord(record.Span));
                return device.Read(gradient.Span);
            }

            Near.Bits(Step(0), Step(0.3));
        }
    }

    [Fact]
    public void Cr_sam_with_logarithms_is_measured_as_it_steps()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, Curvatures);
        using var rule = new LogarithmicCurvatureRule(device, 3, Rho, 0.3, 0.2);
        using var parameters = device.Place(Point);
        using var gradient = device.Allocate(3, "gradient");
        using var result = device.Allocate(3, "result");
        using var record = device.Allocate(StepRecord.Length, "record");
        var numbers = new StepRecord(record.Span);
        rule.Step(objective, parameters.Span, result.Span, numbers);
        double[] step = device.Read(result.Span);
        objective.Gradient(parameters.Span, gradient.Span, numbers.Loss);
        rule.Ascend(objective, parameters.Span, gradient.Span, numbers.GradientNorm, result.Span, numbers.AscentLoss, isStep: false);
        Near.Bits(step, device.Read(result.Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Cr_sam_with_logarithms_has_sams_edge_with_another_radius(double beta)
    {
        const double norm = 2;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var rule = new LogarithmicCurvatureRule(device, 1, Rho, 0.3, beta);
        double edge = rule.Edge(20, norm);
        Near.Number(20, edge * (1 + ((Rho - (beta / norm)) * edge / norm)), 1e-12, "the curvature that is seen at the edge");

        // At the edge a step leads to the other end of a cycle; where the barrier outweighs the ascent there is none known.
        double x = norm / edge;
        using var objective = new QuadraticObjective(device, [edge]);
        using var optimizer = new Optimizer(device, 1, new GradientDescent(device, 0.1), new LogarithmicCurvatureRule(device, 1, Rho, 0.3, beta));
        using var parameters = device.Place([x]);
        using var record = device.Allocate(StepRecord.Length, "record");
        optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
        Near.Number(-x, device.Read(parameters.Span)[0], 1e-12, "the other end of the cycle at the edge");
        Assert.Equal(beta > 0, double.IsNaN(rule.Edge(20, 0.5 * beta / Rho)));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    public void Gsam_takes_off_a_part_that_is_orthogonal_to_the_gradient_uphill(double alpha)
    {
        (double[] plain, _) = Gradient(device => new PlainRule(device), Cubic);
        (double[] uphill, _) = Gradient(device => new AscentRule(device, 3, new NormalisedAscent(Rho)), Cubic);
        (double[] gsam, double[] record) = Gradient(device => new SurrogateGapRule(device, 3, new NormalisedAscent(Rho), alpha), Cubic);
        double[] orthogonal = [.. uphill.Zip(gsam, (p, taken) => (p - taken) / alpha)];
        double dot = orthogonal.Zip(uphill, (a, b) => a * b).Sum();
        Near.Number(0, dot, 1e-10 * Near.Norm(plain) * Near.Norm(uphill), "g⊥ · p");
        double along = plain.Zip(uphill, (a, b) => a * b).Sum() / uphill.Sum(number => number * number);
        Near.Vectors([.. plain.Zip(uphill, (g, p) => g - (along * p))], orthogonal, 1e-10, "g⊥");
        Near.Number(Near.Norm(gsam), record[3], 1e-12 * record[3], "norm in the record");
    }

    [Fact]
    public void Asam_goes_along_the_scaled_gradient()
    {
        const double offset = 0.2;
        bool[] isScaled = [true, false, true];
        double[] g = [.. Curvatures.Zip(Point, (curvature, x) => curvature * x)];
        double[] t = [.. Point.Select((x, i) => isScaled[i] ? Math.Abs(x) + offset : 1)];
        double norm = Near.Norm([.. g.Zip(t, (slope, scale) => slope * scale)]);
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var ascent = new AdaptiveAscent(device, isScaled, Rho, offset, 0.5);
        using var memory = device.Place([.. Point, .. g, 99]);
        using var result = device.Allocate(3, "result");
        ascent.Perturb(device, memory.Span.Slice(0, 3), memory.Span.Slice(3, 3), memory.Span.Slice(6, 1), result.Span);
        double[] expected = [.. Point.Select((x, i) => x + (Rho * t[i] * t[i] * g[i] / (norm + 0.5)))];
        Near.Vectors(expected, device.Read(result.Span), 1e-14, "the point");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    public void M_sam_is_the_mean_of_the_gradients_of_its_parts(int size)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4-3 tanh cross-entropy 3 3 20", chunk: 4);
        int count = problem.Theta.Length;
        double[] sum = new double[count];
        for (int first = 0; first < 20; first += size)
        {
            int rows = Math.Min(size, 20 - first);
            var (inputs, targets) = (problem.Inputs[(first * 3)..((first + rows) * 3)], problem.Targets[(first * 3)..((first + rows) * 3)]);
            double[] uphill = SamGradient(problem, inputs, targets);
            sum = [.. sum.Zip(uphill, (a, b) => a + (b * rows / 20))];
        }

        double[] record = Step(problem, new MicroBatchRule(device, count, new NormalisedAscent(Rho), size), out double[] actual);
        Near.Vectors(sum, actual, 1e-12, "gradient");
        Near.Number(problem.Reference.Loss(problem.Theta, problem.Inputs, problem.Targets), record[0], 1e-13, "loss");
        Near.Number(Near.Norm(problem.Gradient(problem.Theta)), record[1], 1e-13, "norm");
        Near.Number(device.Read(problem.Objective.Accuracy)[0], record[4], 1e-15, "accuracy");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(19)]
    public void K_sam_is_sam_on_the_examples_of_the_largest_losses(int kept)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4-3 tanh cross-entropy 3 3 20", chunk: 4);
        int[] chosen =
        [
            .. Enumerable.Range(0, 20)
                .OrderByDescending(n => problem.Reference.Loss(problem.Theta, problem.Inputs[(n * 3)..((n + 1) * 3)], problem.Targets[(n * 3)..((n + 1) * 3)]))
                .Take(kept).Order(),
        ];
        double[] inputs = [.. chosen.SelectMany(n => problem.Inputs[(n * 3)..((n + 1) * 3)])];
        double[] targets = [.. chosen.SelectMany(n => problem.Targets[(n * 3)..((n + 1) * 3)])];
        double[] record = Step(
            problem, new LargestLossRule(device, problem.Theta.Length, new NormalisedAscent(Rho), problem.Objective, kept), out double[] actual);
        Near.Vectors(SamGradient(problem, inputs, targets), actual, 1e-12, "gradient");
        Near.Number(problem.Reference.Loss(problem.Theta, problem.Inputs, problem.Targets), record[0], 1e-13, "loss of all");

        // The next evaluation is of all examples again.
        Near.Vectors(
            problem.Reference.Gradient(problem.Theta, problem.Inputs, problem.Targets), problem.Gradient(problem.Theta), 1e-12, "gradient of all");
    }

    private static double[] SamGradient(Problem problem, double[] inputs, double[] targets)
    {
        double[] g = problem.Reference.Gradient(problem.Theta, inputs, targets);
        return problem.Reference.Gradient([.. problem.Theta.Zip(g, (x, slope) => x + (Rho * slope / Near.Norm(g)))], inputs, targets);
    }

    private static double[] Step(Problem problem, GradientRule rule, out double[] gradient)
    {
        var device = problem.Device;
        using (rule)
        {
            using var parameters = device.Place(problem.Theta);
            using var result = device.Allocate(problem.Theta.Length, "gradient");
            using var record = device.Allocate(StepRecord.Length, "record");
            rule.Step(problem.Objective, parameters.Span, result.Span, new StepRecord(record.Span));
            gradient = device.Read(result.Span);
            return device.Read(record.Span);
        }
    }

    // The gradient of a rule on the cubic at the point, and its record.
    private static (double[] Gradient, double[] Record) Gradient(Func<Device, GradientRule> create, double[] c)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new TestObjective(device, 3, w => (
            w.Select((x, i) => (0.5 * Curvatures[i] * x * x) + (c[i] * x * x * x / 6)).Sum(),
            [.. w.Select((x, i) => (Curvatures[i] * x) + (0.5 * c[i] * x * x))]));
        using var rule = create(device);
        using var parameters = device.Place(Point);
        using var gradient = device.Allocate(3, "gradient");
        using var record = device.Place([double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]);
        rule.Step(objective, parameters.Span, gradient.Span, new StepRecord(record.Span));
        return (device.Read(gradient.Span), device.Read(record.Span));
    }

    private static double[] Read(StateItem item)
    {
        double[] numbers = new double[item.Length];
        item.Read(numbers);
        return numbers;
    }
}
