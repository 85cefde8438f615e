using System.Globalization;
using Xunit;

namespace Sam.Gpu.Tests.Golden;

/// <summary>How far numbers are from those of PyTorch; NaN is far from all.</summary>
internal static class Agreement
{
    /// <summary>Fails unless vectors agree by Euclidean norm and by largest absolute value, each relative to the expected one.</summary>
    public static void Require(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double[] differences = [.. expected.Zip(actual, (a, b) => a - b)];
        Require(Norm(differences), Norm(expected), "norm");
        Require(differences.Select(Math.Abs).Max(), expected.Select(Math.Abs).Max(), "largest absolute value");

        void Require(double difference, double size, string measure)
        {
            if (!(difference <= tolerance * size))
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: the difference has the {measure} {difference:g3}; allowed is {tolerance:g3} of the expected {size:g3}."));
            }
        }
    }

    public static double Norm(double[] x) => Math.Sqrt(x.Sum(number => number * number));
}
