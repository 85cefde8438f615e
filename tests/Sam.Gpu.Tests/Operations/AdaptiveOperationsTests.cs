using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class AdaptiveOperationsTests
{
    private const double Scale = 1.25;

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AdamStep_updates_both_averages_then_the_parameters(string key)
    {
        using var device = TestDevices.Create(key);
        var (beta1, beta2, eta, epsilon) = (device.Round(0.9), device.Round(0.99), device.Round(0.05), device.Round(0.01));
        foreach (int size in Sizes.Of(device))
        {
            double[] w = device.Normal(1, size);
            double[] m = device.Normal(2, size);
            double[] v = [.. device.Normal(3, size).Select(Math.Abs)];
            double[] g = device.Normal(4, size);
            using var parameters = device.Place(w);
            using var first = device.Place(m);
            using var second = device.Place(v);
            using var gradient = device.Place(g);
            device.AdamStep(parameters.Span, first.Span, second.Span, gradient.Span, beta1, beta2, eta, Scale, epsilon);
            var (newW, newM, newV) = (device.Read(parameters.Span), device.Read(first.Span), device.Read(second.Span));

            // At most four roundings in each average; the divisor and the quotient add six, of terms no larger than these.
            double u = device.UnitRoundoff;
            for (int i = 0; i < size; i++)
            {
                double mean = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                double square = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                double divisor = (Math.Sqrt(square) * Scale) + epsilon;
                double reach = (Math.Abs(m[i]) + Math.Abs(g[i])) / divisor * eta;
                Near.Number(mean, newM[i], 4 * u * (Math.Abs(m[i]) + Math.Abs(g[i])), $"m {i} of {size}");
                Near.Number(square, newV[i], 8 * u * square, $"v {i} of {size}");
                Near.Number(w[i] - (eta * mean / divisor), newW[i], u * ((16 * reach) + (2 * Math.Abs(w[i]))), $"w {i} of {size}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void RmsPropStep_divides_by_what_its_preconditioner_says(string key)
    {
        using var device = TestDevices.Create(key);
        var (beta, eta, epsilon) = (device.Round(0.99), device.Round(0.05), device.Round(0.01));
        foreach (int size in Sizes.Of(device))
        {
            double[] w = device.Normal(1, size);
            double[] v = [.. device.Normal(3, size).Select(Math.Abs)];
            double[] g = device.Normal(4, size);
            using var parameters = device.Place(w);
            using var second = device.Place(v);
            using var gradient = device.Place(g);
            using var divisor = device.Allocate(size, "divisor");
            device.AdaptivePreconditioner(second.Span, gradient.Span, beta, Scale, epsilon, divisor.Span);
            Near.Bits(v, device.Read(second.Span));
            device.RmsPropStep(parameters.Span, second.Span, gradient.Span, beta, eta, Scale, epsilon);
            var (newW, newV, divisors) = (device.Read(parameters.Span), device.Read(second.Span), device.Read(divisor.Span));
            double u = device.UnitRoundoff;
            for (int i = 0; i < size; i++)
            {
                double square = (beta * v[i]) + ((1 - beta) * g[i] * g[i]);
                double expected = (Math.Sqrt(square) * Scale) + epsilon;
                double step = eta * g[i] / expected;
                Near.Number(square, newV[i], 8 * u * square, $"v {i} of {size}");
                Near.Number(expected, divisors[i], 10 * u * expected, $"divisor {i} of {size}");
                Near.Number(w[i] - step, newW[i], u * ((16 * Math.Abs(step)) + (2 * Math.Abs(w[i]))), $"w {i} of {size}");
            }
        }
    }
}
