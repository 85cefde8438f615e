using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class GradientOperationsTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void ExponentialAverage_moves_a_share_of_the_way_and_stays_where_it_is_equal(string key)
    {
        using var device = TestDevices.Create(key);
        double share = device.Round(0.1);
        foreach (int size in Sizes.Of(device))
        {
            double[] a = device.Normal(1, size);
            double[] x = device.Normal(2, size);
            using var average = device.Place(a);
            using var numbers = device.Place(x);
            device.ExponentialAverage(average.Span, numbers.Span, share);
            double[] actual = device.Read(average.Span);
            for (int i = 0; i < size; i++)
            {
                Near.Number(a[i] + (share * (x[i] - a[i])), actual[i], 2 * device.UnitRoundoff * (Math.Abs(a[i]) + Math.Abs(x[i])), $"{i} of {size}");
            }

            using var same = device.Place(x);
            device.ExponentialAverage(same.Span, numbers.Span, share);
            Near.Bits(x, device.Read(same.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AdaptiveScale_scales_where_the_mask_is_one(string key)
    {
        using var device = TestDevices.Create(key);
        double offset = device.Round(0.01);
        foreach (int size in Sizes.Of(device))
        {
            double[] w = device.Normal(1, size);
            double[] x = device.Normal(2, size);
            using var parameters = device.Place(w);
            using var mask = device.Place([.. Enumerable.Range(0, size).Select(i => i % 2 == 0 ? 1.0 : 0)]);
            using var numbers = device.Place(x);
            device.AdaptiveScale(parameters.Span, mask.Span, numbers.Span, offset, numbers.Span);
            double[] actual = device.Read(numbers.Span);
            for (int i = 0; i < size; i++)
            {
                double expected = i % 2 == 0 ? (Math.Abs(w[i]) + offset) * x[i] : x[i];
                Near.Number(expected, actual[i], 3 * device.UnitRoundoff * Math.Abs(expected), $"{i} of {size}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void LogarithmicCurvature_follows_its_formula_and_leaves_out_what_has_no_logarithm(string key)
    {
        using var device = TestDevices.Create(key);
        var (alpha, share, epsilon) = (device.Round(0.4), device.Round(0.3), device.Round(0.1));
        foreach (int size in Sizes.Of(device))
        {
            double[] g = device.Normal(1, size);
            double[] p = device.Normal(2, size);
            double[] m = device.Normal(3, size);
            using var gradient = device.Place(g);
            using var uphill = device.Place(p);
            using var downhill = device.Place(m);
            using var result = device.Allocate(size, "result");

            // Second differences that are exact: of 1, of −0.25, of 0, and of less than the rounding of the losses.
            foreach (var (above, below, norm, curvature) in ((double, double, double, double)[])
                [(1.5, 1, 0.5, 1), (0.5, 0.75, 0.5, 0), (0.75, 0.75, 0.5, 0), (0.75 + (8 * device.UnitRoundoff), 0.75, 0.5, 0), (1.5, 1, 0, 1)])
            {
                using var numbers = device.Place([0.75, above, below, norm]);
                device.LogarithmicCurvature(
                    gradient.Span, uphill.Span, downhill.Span,
                    (numbers.Span.Slice(0, 1), numbers.Span.Slice(1, 1), numbers.Span.Slice(2, 1)), numbers.Span.Slice(3, 1),
                    alpha, share, epsilon, result.Span);
                double[] actual = device.Read(result.Span);
                double bent = curvature > 0 ? alpha / curvature : 0;
                double along = norm > 0 ? share * (norm + epsilon) / (norm * norm) : 0;
                for (int i = 0; i < size; i++)
                {
                    // A dozen roundings of terms no larger than these together.
                    double tolerance = 24 * device.UnitRoundoff * (Math.Abs(g[i]) + Math.Abs(p[i]) + Math.Abs(m[i]));
                    Near.Number(p[i] + (bent * (p[i] + m[i] - (2 * g[i]))) - (along * (p[i] - m[i])), actual[i], tolerance, $"{i} of {size}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void SurrogateGap_and_CurvatureRegularization_follow_their_formulas(string key)
    {
        using var device = TestDevices.Create(key);
        var (dot, norm, factor, other) = (device.Round(0.3), device.Round(0.7), device.Round(0.4), device.Round(-0.2));
        foreach (int size in Sizes.Of(device))
        {
            double[] g = device.Normal(1, size);
            double[] p = device.Normal(2, size);
            double[] m = device.Normal(3, size);
            using var gradient = device.Place(g);
            using var uphill = device.Place(p);
            using var downhill = device.Place(m);
            using var numbers = device.Place([dot, norm, 0]);
            using var result = device.Allocate(size, "result");
            void Gap(int at) => device.SurrogateGap(
                gradient.Span, uphill.Span, numbers.Span.Slice(0, 1), numbers.Span.Slice(at, 1), factor, result.Span);
            Gap(1);
            double[] gap = device.Read(result.Span);
            Gap(2);
            double[] withoutNorm = device.Read(result.Span);
            device.CurvatureRegularization(gradient.Span, uphill.Span, downhill.Span, factor, other, result.Span);
            double[] curved = device.Read(result.Span);

            // A handful of roundings of terms no larger than these together.
            for (int i = 0; i < size; i++)
            {
                double tolerance = 12 * device.UnitRoundoff * (Math.Abs(g[i]) + Math.Abs(p[i]) + Math.Abs(m[i]));
                Near.Number(p[i] - (factor * (g[i] - (dot / norm / norm * p[i]))), gap[i], tolerance, $"gap {i} of {size}");
                Near.Number(p[i] - (factor * g[i]), withoutNorm[i], tolerance, $"gap {i} of {size} where the norm is 0");
                Near.Number(
                    p[i] + (factor * (p[i] + m[i] - (2 * g[i]))) + (other * (p[i] - m[i])), curved[i], tolerance, $"curved {i} of {size}");
            }
        }
    }
}
