using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class OptimizerOperationsTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AscentStep_goes_rho_along_the_gradient_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        double rho = device.Round(0.1);
        double epsilon = device.Round(1e-3);
        double norm = device.Round(2.5);
        using var gradientNorm = device.Place([norm]);
        foreach (int size in Sizes.Of(device))
        {
            double[] w = device.Normal(1, size);
            double[] g = device.Normal(2, size);
            using var parameters = device.Place(w);
            using var gradient = device.Place(g);
            using var result = device.Allocate(size, "result");
            device.AscentStep(parameters.Span, gradient.Span, gradientNorm.Span, rho, epsilon, result.Span);
            double[] actual = device.Read(result.Span);
            for (int i = 0; i < size; i++)
            {
                // Three roundings in the step, one in the sum; the host rounds as often.
                double step = rho * g[i] / (norm + epsilon);
                Near.Number(w[i] + step, actual[i], 2 * device.UnitRoundoff * ((4 * Math.Abs(step)) + Math.Abs(w[i])), $"number {i} of {size}");
            }

            device.AscentStep(parameters.Span, gradient.Span, gradientNorm.Span, rho, epsilon, parameters.Span);
            Near.Bits(actual, device.Read(parameters.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AscentStep_stays_where_the_gradient_is_zero(string key)
    {
        using var device = TestDevices.Create(key);
        double[] w = device.Normal(1, 9);
        using var parameters = device.Place(w);
        using var gradient = device.Place(new double[9]);
        using var gradientNorm = device.Place([0]);
        using var result = device.Allocate(9, "result");
        foreach (double epsilon in (double[])[0, 1e-5])
        {
            device.AscentStep(parameters.Span, gradient.Span, gradientNorm.Span, 0.1, epsilon, result.Span);
            Near.Bits(w, device.Read(result.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AscentStep_along_a_gradient_that_is_NaN_is_NaN(string key)
    {
        using var device = TestDevices.Create(key);
        using var parameters = device.Place(device.Normal(1, 9));
        using var gradient = device.Place(device.Normal(2, 9));
        using var gradientNorm = device.Place([double.NaN]);
        device.AscentStep(parameters.Span, gradient.Span, gradientNorm.Span, 0.1, 0, parameters.Span);
        Assert.All(device.Read(parameters.Span), number => Assert.Equal(double.NaN, number));
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void MomentumStep_updates_velocity_then_parameters(string key)
    {
        using var device = TestDevices.Create(key);
        double eta = device.Round(0.05);
        double beta = device.Round(0.9);
        foreach (var (gradientShare, velocityShare) in ((double, double)[])[(0, 1), (1, beta)])
        {
            foreach (int size in Sizes.Of(device))
            {
                double[] w = device.Normal(1, size);
                double[] v = device.Normal(2, size);
                double[] g = device.Normal(3, size);
                using var parameters = device.Place(w);
                using var velocity = device.Place(v);
                using var gradient = device.Place(g);
                device.MomentumStep(parameters.Span, velocity.Span, gradient.Span, eta, beta, gradientShare, velocityShare);
                double[] newVelocity = device.Read(velocity.Span);
                double[] newParameters = device.Read(parameters.Span);
                for (int i = 0; i < size; i++)
                {
                    double expected = (beta * v[i]) + g[i];
                    double step = eta * ((gradientShare * g[i]) + (velocityShare * expected));

                    // One rounding for the velocity; three for the step, of terms no larger than these, and one for the sum.
                    double scale = Math.Abs(v[i]) + Math.Abs(g[i]);
                    Near.Number(expected, newVelocity[i], 2 * device.UnitRoundoff * scale, $"velocity {i} of {size}");
                    Near.Number(
                        w[i] - step, newParameters[i], device.UnitRoundoff * ((8 * eta * scale) + (2 * Math.Abs(w[i]))), $"parameter {i} of {size}");
                }
            }
        }
    }
}
