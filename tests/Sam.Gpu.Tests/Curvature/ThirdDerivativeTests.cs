using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Sam.Gpu.Tests.Objectives;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public class ThirdDerivativeTests
{
    [Fact]
    public void Of_a_toy_the_closed_form_is_taken()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.SelfStabilization(device, 0.1, 0.01, 4);
        using var third = new ThirdDerivative(toy);
        using var theta = device.Place([0.3, 0.1]);
        using var vectors = device.Place([1, 0, 0, 1]);
        using var result = device.Allocate(6, "result");

        // L = … + y x²: ∇³L[x, x, ·] = (0, 2), ∇³L[x, y, ·] = (2, 0), ∇³L[y, y, ·] = 0.
        var estimate = third.Pairs(theta.Span, vectors.Span, result.Span, 2);
        Near.Numbers([0, 2, 2, 0, 0, 0], device.Read(result.Span), 1e-15);
        Assert.Equal(0, estimate.Error);
    }

    [Fact]
    public void The_gradient_of_the_sharpness_is_that_of_differences_of_the_sharpness_on_the_bench()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var configuration = Recipe.Load("chebyshev").Configuration;
        var data = DataSource.Parse(configuration.Data, ".");
        var network = NetworkSpecification.Parse(configuration.Network).Build(data.InputShape, data.Outputs, configuration.Activation);
        using var objective = new NetworkObjective(device, network, Loss.Parse(configuration.Loss), data);
        int size = network.ParameterCount;
        using var theta = device.Place(Initialization.Parse(configuration.Initialization).Draw(network, 0));
        using var gradient = device.Allocate(size, "gradient");
        using var loss = device.Allocate(1, "loss");
        for (int step = 0; step < 1000; step++)
        {
            objective.Gradient(theta.Span, gradient.Span, loss.Span);
            device.AddScaled(-0.1, gradient.Span, theta.Span, theta.Span);
        }

        using var point = new SharpnessPoint(objective, new EigensolverOptions { Tolerance = 1e-12 });
        point.Measure(theta.Span);
        Assert.InRange(point.Estimate.RelativeError, 0, 1e-9);
        double[] slope = device.Read(point.SharpnessGradient);
        double[] at = device.Read(theta.Span);
        double norm = Near.Norm(slope);
        using var probe = new SharpnessPoint(objective, new EigensolverOptions { Tolerance = 1e-12 });
        using var moved = device.Allocate(size, "moved");
        double Sharpness(double[] x)
        {
            device.Upload(x.AsSpan(), moved.Span);
            probe.Measure(moved.Span);
            return probe.Sharpness;
        }

        // An eigenvalue is known to 10⁻¹⁴ of itself, its differences over 10⁻² so to 10⁻¹¹; the extrapolation leaves h⁴.
        double[] random = DeviceNumbers.Normal(1, size);
        double[] along = [.. slope.Select(number => number / norm)];
        double[] across = [.. random.Select(number => number / Near.Norm(random))];
        foreach (double[] direction in (double[][])[along, across])
        {
            double expected = FiniteDifference.Directional(x => [Sharpness(x)], at, direction, 0.01)[0];
            Near.Number(expected, slope.Zip(direction, (a, b) => a * b).Sum(), 1e-7 * norm, "slope of the sharpness");
        }
    }

    [Fact]
    public void The_step_is_found_from_a_start_that_is_far_too_large_or_too_small()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:6 tanh half-squared-error 4 2 9");
        double[] expected = Derivative(device, problem, new ThirdDerivativeOptions(), out _);
        foreach (double step in (double[])[8, 1, 1e-2, 1e-4])
        {
            var options = new ThirdDerivativeOptions { FirstStep = step, MaximumLevels = 12 };
            double[] actual = Derivative(device, problem, options, out var estimate);
            double error = Near.Norm([.. expected.Zip(actual, (a, b) => a - b)]);
            Assert.InRange(error, 0, (2 * estimate.Error) + (1e-9 * estimate.Norm));
            Assert.InRange(estimate.RelativeError, 0, 1e-7);
        }
    }

    [Fact]
    public void Where_there_are_kinks_the_estimated_error_says_so()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:40 relu half-squared-error 4 2 60");
        _ = Derivative(device, problem, new ThirdDerivativeOptions { FirstStep = 4, MaximumLevels = 4 }, out var estimate);
        Assert.InRange(estimate.RelativeError, 1e-3, double.PositiveInfinity);
    }

    [Fact]
    public void In_single_precision_the_estimate_is_honest()
    {
        using var fine = CpuDevice.Create(Precision.Double, 1);
        using var coarse = CpuDevice.Create(Precision.Float, 1);
        using var reference = new Problem(fine, "mlp:6 tanh half-squared-error 4 2 9");
        using var problem = new Problem(coarse, "mlp:6 tanh half-squared-error 4 2 9");
        double[] expected = Derivative(fine, reference, new ThirdDerivativeOptions(), out _);
        double[] actual = Derivative(coarse, problem, new ThirdDerivativeOptions(), out var estimate);
        double error = Near.Norm([.. expected.Zip(actual, (a, b) => a - b)]);
        Assert.InRange(estimate.RelativeError, 0, 1e-3);
        Assert.InRange(error, 0, 4 * estimate.Error);
    }

    [Fact]
    public void A_point_that_is_not_finite_gives_NaN()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:6 tanh half-squared-error 4 2 9");
        problem.Theta[0] = double.NaN;
        Assert.All(Derivative(device, problem, new ThirdDerivativeOptions(), out var estimate), number => Assert.Equal(double.NaN, number));
        Assert.Equal(double.NaN, estimate.Error);
    }

    [Fact]
    public void Settings_out_of_range_are_errors()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.Valley(device);
        foreach (var options in (ThirdDerivativeOptions[])
            [new() { FirstStep = 0 }, new() { FirstStep = double.NaN }, new() { MaximumLevels = 1 }, new() { Tolerance = -1 }])
        {
            Assert.Throws<UsageException>(() => new ThirdDerivative(toy, options));
        }
    }

    // ∇³L[u, u, ·] along a fixed unit vector.
    private static double[] Derivative(Device device, Problem problem, ThirdDerivativeOptions options, out DerivativeEstimate estimate)
    {
        double[] direction = DeviceNumbers.Normal(11, problem.Theta.Length);
        double norm = Near.Norm(direction);
        using var u = device.Place([.. direction.Select(number => number / norm)]);
        using var theta = device.Place(problem.Theta);
        using var result = device.Allocate(problem.Theta.Length, "result");
        using var third = new ThirdDerivative(problem.Objective, options);
        estimate = third.Apply(theta.Span, u.Span, u.Span, result.Span, 1);
        return device.Read(result.Span);
    }
}
