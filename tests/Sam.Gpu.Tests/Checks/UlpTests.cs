using Sam.Gpu.Checks;
using Sam.Gpu.Devices;
using Xunit;

namespace Sam.Gpu.Tests.Checks;

public sealed class UlpTests
{
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1.00000011920928955, 1, 1, 1)]
    [InlineData(0.999999940395355, 1, 1, 0.5)]
    [InlineData(1.25, 1, 1048576, 2)]
    [InlineData(1.401298464324817E-45, 0, 0, 1)]
    [InlineData(0, 1.1754943508222875E-38, 1.1754943508222875E-38, 8388608)]
    [InlineData(double.PositiveInfinity, 1e39, 1e39, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 0)]
    [InlineData(double.PositiveInfinity, 3.4028234663852886E+38, 3.4028234663852886E+38, 1)]
    [InlineData(double.NaN, double.NaN, 1, 0)]
    [InlineData(double.NaN, 1, 1, double.PositiveInfinity)]
    [InlineData(1, double.NaN, 1, double.PositiveInfinity)]
    public void Distances_of_float_are_worked_out_by_hand(double actual, double expected, double size, double distance) =>
        Assert.Equal(distance, Ulp.Distance(actual, expected, size, Precision.Float), 6);

    [Theory]
    [InlineData(double.PositiveInfinity, double.MaxValue, 1)]
    [InlineData(double.MaxValue, double.PositiveInfinity, 1)]
    [InlineData(double.Epsilon, 0, 1)]
    [InlineData(double.MaxValue, double.MaxValue, 0)]
    [InlineData(1.0000000000000002, 1, 1)]
    public void Distances_of_double_reach_to_both_ends(double actual, double expected, double distance) =>
        Assert.Equal(distance, Ulp.Distance(actual, expected, expected, Precision.Double));

    [Fact]
    public void Infinities_of_different_signs_are_far_from_each_other() =>
        Assert.True(Ulp.Distance(double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity, Precision.Float) > 1e6);
}
