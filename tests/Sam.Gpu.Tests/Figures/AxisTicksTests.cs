using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class AxisTicksTests
{
    // A column figure's plot area: about 200 × 120 points, tick labels of 7 points.
    private static IReadOnlyList<AxisTick> Horizontal(AxisScale scale, double minimum, double maximum, double length = 200) =>
        AxisTicks.Of(new AxisRange(scale, minimum, maximum), length, label => FontMetrics.Width(label, 7), 13);

    private static IReadOnlyList<AxisTick> Vertical(AxisScale scale, double minimum, double maximum) =>
        AxisTicks.Of(new AxisRange(scale, minimum, maximum), 120, _ => 5, 11);

    private static string Labels(IReadOnlyList<AxisTick> ticks) =>
        string.Join("|", ticks.Where(tick => tick.Label is not null).Select(tick => tick.Label!.Replace('\u00A0', ' ')));

    [Theory]
    [InlineData(0, 600, "0|100|200|300|400|500|600")]
    [InlineData(0, 1, "0|0.2|0.4|0.6|0.8|1.0")]
    [InlineData(0, 0.3, "0|0.05|0.10|0.15|0.20|0.25|0.30")]
    [InlineData(0, 5000, "0|1000|2000|3000|4000|5000")]
    [InlineData(0, 60000, "0|20 000|40 000|60 000")]
    [InlineData(-3, 2, "−3|−2|−1|0|1|2")]
    [InlineData(-0.25, 0.25, "−0.2|−0.1|0|0.1|0.2")]
    [InlineData(0, 2e6, "0|0.5×10^{6}|1.0×10^{6}|1.5×10^{6}|2.0×10^{6}")]
    [InlineData(0, 5e-5, "0|1×10^{−5}|2×10^{−5}|3×10^{−5}|4×10^{−5}|5×10^{−5}")]
    [InlineData(9.3, 9.7, "9.3|9.4|9.5|9.6|9.7")]
    public void Linear_axes_have_round_numbers_without_noise(double minimum, double maximum, string expected)
    {
        Assert.Equal(expected, Labels(Horizontal(AxisScale.Linear, minimum, maximum)));
    }

    [Theory]
    [InlineData(0, 44, "0|10|20|30|40")]
    [InlineData(0, 1.25, "0|0.2|0.4|0.6|0.8|1.0|1.2")]
    [InlineData(0, 1e300, "0|0.2×10^{300}|0.4×10^{300}|0.6×10^{300}|0.8×10^{300}|1.0×10^{300}")]
    public void Linear_ordinates_keep_their_distance(double minimum, double maximum, string expected)
    {
        Assert.Equal(expected, Labels(Vertical(AxisScale.Linear, minimum, maximum)));
    }

    [Theory]
    [InlineData(1e-3, 1, "10^{−3}|10^{−2}|10^{−1}|10^{0}")]
    [InlineData(0.02, 300, "10^{−1}|10^{0}|10^{1}|10^{2}")]
    [InlineData(1e-9, 1, "10^{−8}|10^{−6}|10^{−4}|10^{−2}|10^{0}")]
    [InlineData(1e-300, 1e300, "10^{−300}|10^{−200}|10^{−100}|10^{0}|10^{100}|10^{200}|10^{300}")]
    public void Logarithmic_axes_have_powers_of_ten(double minimum, double maximum, string expected)
    {
        Assert.Equal(expected, Labels(Vertical(AxisScale.Logarithmic, minimum, maximum)));
    }

    [Theory]
    [InlineData(0.02, 0.5, "0.02|0.05|0.1|0.2|0.5")]
    [InlineData(0.9, 12, "1|2|5|10")]
    [InlineData(2e-6, 3e-5, "2×10^{−6}|5×10^{−6}|10^{−5}|2×10^{−5}")]
    [InlineData(2000, 30000, "2000|5000|10 000|20 000")]
    public void Logarithmic_axes_of_few_decades_have_twos_and_fives_too(double minimum, double maximum, string expected)
    {
        Assert.Equal(expected, Labels(Vertical(AxisScale.Logarithmic, minimum, maximum)));
    }

    [Theory]
    [InlineData(2.1, 4.9, "2.5|3.0|3.5|4.0|4.5")]
    [InlineData(0.61, 0.65, "0.61|0.62|0.63|0.64|0.65")]
    public void Logarithmic_axes_within_half_a_decade_have_round_numbers(double minimum, double maximum, string expected)
    {
        Assert.Equal(expected, Labels(Vertical(AxisScale.Logarithmic, minimum, maximum)));
    }

    [Fact]
    public void Logarithmic_axes_have_eight_minor_ticks_in_a_decade()
    {
        IReadOnlyList<AxisTick> ticks = Vertical(AxisScale.Logarithmic, 1, 100);
        Assert.Equal(16, ticks.Count(tick => tick.Label is null));
        Assert.Equal(ticks.OrderBy(tick => tick.Value), ticks);
    }

    [Fact]
    public void Labels_never_touch_whatever_the_range_and_length()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 2000; trial++)
        {
            AxisScale scale = trial % 2 == 0 ? AxisScale.Linear : AxisScale.Logarithmic;
            double minimum = Math.Pow(10, (random.NextDouble() * 16) - 8);
            double maximum = minimum * (1 + Math.Pow(10, (random.NextDouble() * 10) - 4));
            double length = 40 + (random.NextDouble() * 400);
            var range = new AxisRange(scale, minimum, maximum);
            double end = double.NegativeInfinity;
            foreach (AxisTick tick in Horizontal(scale, minimum, maximum, length))
            {
                double fraction = range.Fraction(tick.Value);
                Assert.InRange(fraction, -1e-6, 1 + 1e-6);
                if (tick.Label is { } label)
                {
                    double half = FontMetrics.Width(label, 7) / 2;
                    Assert.True((fraction * length) - half > end, $"'{label}' touches its neighbour on [{minimum}, {maximum}]");
                    end = (fraction * length) + half;
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 575, 600)]
    [InlineData(0, 59900, 60000)]
    [InlineData(0, 600, 600)]
    [InlineData(0, 630, 630)]
    public void The_upper_end_moves_to_a_round_number_that_is_near(double minimum, double maximum, double expected)
    {
        Assert.Equal(expected, new AxisRange(AxisScale.Linear, minimum, maximum).ToNextRoundNumber().Maximum);
    }
}
