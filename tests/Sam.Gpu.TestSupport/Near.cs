using System.Globalization;
using Xunit;

namespace Sam.Gpu.TestSupport;

/// <summary>Assertions that numbers are near each other; NaN is near nothing.</summary>
public static class Near
{
    /// <summary>Fails unless |actual − expected| ≤ tolerance.</summary>
    /// <param name="expected">The oracle's number.</param>
    /// <param name="actual">The number under test.</param>
    /// <param name="tolerance">The largest difference.</param>
    /// <param name="what">What the numbers are.</param>
    public static void Number(double expected, double actual, double tolerance, string what = "number")
    {
        if (!(Math.Abs(actual - expected) <= tolerance) && actual != expected)
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: expected {expected:R}, got {actual:R}; the difference {Math.Abs(actual - expected):g3} is over {tolerance:g3}."));
        }
    }

    /// <summary>Fails unless every number is near its own.</summary>
    /// <param name="expected">The oracle's numbers.</param>
    /// <param name="actual">The numbers under test.</param>
    /// <param name="tolerance">The largest difference of a number.</param>
    /// <param name="what">What the numbers are.</param>
    public static void Numbers(double[] expected, double[] actual, double tolerance, string what = "number")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Number(expected[i], actual[i], tolerance, string.Create(CultureInfo.InvariantCulture, $"{what} {i} of {expected.Length}"));
        }
    }

    /// <summary>Fails unless ‖actual − expected‖ ≤ tolerance · ‖expected‖.</summary>
    /// <param name="expected">The oracle's vector.</param>
    /// <param name="actual">The vector under test.</param>
    /// <param name="tolerance">The relative tolerance.</param>
    /// <param name="what">What the vectors are.</param>
    public static void Vectors(double[] expected, double[] actual, double tolerance, string what = "vector")
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = Norm([.. expected.Zip(actual, (a, b) => a - b)]);
        if (!(difference <= tolerance * Norm(expected)))
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: off by {difference / Norm(expected):g3} of its norm {Norm(expected):g3}; allowed is {tolerance:g3}."));
        }
    }

    /// <summary>Fails unless every number has the same bits as its own.</summary>
    /// <param name="expected">The oracle's numbers.</param>
    /// <param name="actual">The numbers under test.</param>
    public static void Bits(double[] expected, double[] actual) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));

    /// <summary>The Euclidean norm.</summary>
    /// <param name="x">The vector.</param>
    public static double Norm(double[] x) => Math.Sqrt(x.Sum(number => number * number));
}
