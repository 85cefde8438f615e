using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class PortableMathTests
{
    // Half an ulp for the C library's rounding, under one for ours.
    private const double LogTolerance = 1.5;

    [Fact]
    public void LogIsWithinAnUlpOfTheLibraryOverTheWholeRange()
    {
        var worst = 0.0;
        for (var i = 0; i < 200_000; i++)
        {
            // From 2^-53, the smallest that a Gaussian needs, to 2^10, in even steps of the exponent.
            var value = Math.Pow(2, (i * 63 / 200_000.0) - 53);
            worst = Math.Max(worst, Ulps(PortableMath.Log(value), Math.Log(value)));
        }

        Assert.True(worst <= LogTolerance, $"{worst} ulp");
    }

    [Fact]
    public void LogIsExactAtOneAndNearItKeepsItsDigits()
    {
        Assert.Equal(0, PortableMath.Log(1));
        for (var steps = 1; steps < 1000; steps++)
        {
            var value = 1 - (steps * Math.Pow(2, -53));
            Assert.True(Ulps(PortableMath.Log(value), Math.Log(value)) <= LogTolerance);
        }
    }

    [Fact]
    public void CosineOfTurnsIsRightOverTheWholeTurn()
    {
        for (var i = 0; i < 100_000; i++)
        {
            // Of the angle in double even the library's cosine is off by the rounding of the angle, at most 2⁻⁵¹ here.
            var turns = i / 100_000.0;
            Assert.Equal(Math.Cos(2 * Math.PI * turns), PortableMath.CosineOfTurns(turns), Math.Pow(2, -50));
        }
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.25, 0.0)]
    [InlineData(0.5, -1.0)]
    [InlineData(0.75, 0.0)]
    public void CosineOfTurnsIsExactAtQuarterTurns(double turns, double expected) =>
        Assert.Equal(expected, PortableMath.CosineOfTurns(turns), 0.0);

    private static double Ulps(double actual, double expected) =>
        Math.Abs(actual - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
}
