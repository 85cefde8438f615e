using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(1, "1.000")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(999.96, "1000")]
    [InlineData(9.9999, "10.00")]
    [InlineData(0.0012344, "0.001234")]
    [InlineData(0.00012344, "1.234e-4")]
    [InlineData(99999, "1.000e+5")]
    [InlineData(12345, "12345")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    public void Short_numbers_have_four_digits(double value, string expected) => Assert.Equal(expected, Numbers.Short(value));

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(75, "1:15")]
    [InlineData(3661, "1:01:01")]
    [InlineData(90000, "25:00:00")]
    public void Times_are_read_as_on_a_clock(double seconds, string expected) => Assert.Equal(expected, Numbers.Clock(TimeSpan.FromSeconds(seconds)));
}
