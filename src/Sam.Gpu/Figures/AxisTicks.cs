using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>One tick of an axis.</summary>
/// <param name="Value">Where it is.</param>
/// <param name="Label">Its label in the markup of <see cref="FigureText"/>; null for a minor tick.</param>
internal readonly record struct AxisTick(double Value, string? Label);

/// <summary>Chooses the ticks of an axis and writes their labels.</summary>
/// <remarks>
/// A linear axis has ticks at the multiples of 1, 2 or 5 · 10ⁿ. A logarithmic axis has ticks at powers of ten; where few of those lie in
/// the range, also at 2 and 5 times them; and where even those are few, at round numbers as on a linear axis. Of all choices whose labels
/// keep their distance, the densest is taken.
/// </remarks>
internal static class AxisTicks
{
    private const double FewDecades = 1.5;
    private const double NearlyLinear = 0.5;

    /// <summary>More labels than these tell nothing more, however long the axis.</summary>
    private const int MostLabels = 9;

    private static ReadOnlySpan<int> DecadeStrides => [1, 2, 3, 5, 10, 20, 50, 100, 200];

    /// <summary>The ticks of an axis, in ascending order of their values.</summary>
    /// <param name="range">The axis.</param>
    /// <param name="length">Its length in points.</param>
    /// <param name="extent">How much of the axis a label covers, in points.</param>
    /// <param name="gap">The least distance of two labels in points.</param>
    public static IReadOnlyList<AxisTick> Of(AxisRange range, double length, Func<string, double> extent, double gap)
    {
        if (range.Scale == AxisScale.Linear)
        {
            return RoundNumbers(Fits);
        }

        double decades = Math.Log10(range.Maximum) - Math.Log10(range.Minimum);
        if (decades < NearlyLinear)
        {
            return RoundNumbers(Fits);
        }

        List<AxisTick> powers = PowersOfTen();
        if (decades >= FewDecades && Labelled(powers) >= 2)
        {
            return powers;
        }

        List<AxisTick> finer = Digits([1, 2, 5]);
        if (!Fits(finer))
        {
            finer = Digits([1, 3]);
        }

        if (Labelled(finer) >= 3 && Fits(finer))
        {
            return finer;
        }

        List<AxisTick> round = RoundNumbers(Fits);
        return Labelled(round) >= 2 ? round : powers;

        static int Labelled(List<AxisTick> ticks) => ticks.Count(tick => tick.Label is not null);

        bool Fits(List<AxisTick> ticks)
        {
            if (Labelled(ticks) > MostLabels)
            {
                return false;
            }

            AxisTick? previous = null;
            foreach (AxisTick tick in ticks)
            {
                if (tick.Label is null)
                {
                    continue;
                }

                if (previous is { } before)
                {
                    double distance = (range.Fraction(tick.Value) - range.Fraction(before.Value)) * length;
                    if (distance < ((extent(tick.Label) + extent(before.Label!)) / 2) + gap)
                    {
                        return false;
                    }
                }

                previous = tick;
            }

            return true;
        }

        // Multiples of the smallest of 1, 2, 5 · 10ⁿ whose labels fit, from coarse to fine.
        List<AxisTick> RoundNumbers(Func<List<AxisTick>, bool> fits)
        {
            List<AxisTick> best = [];
            double span = (range.Maximum / 2) - (range.Minimum / 2);
            int exponent = (int)Math.Floor(Math.Log10(span)) + 2;
            for (int tried = 0; tried < 12; tried++)
            {
                int digit = (tried % 3) switch { 0 => 5, 1 => 2, _ => 1 };
                if (digit == 5)
                {
                    exponent--;
                }

                List<AxisTick> candidate = Multiples(range.Minimum, range.Maximum, digit, exponent);
                if (!fits(candidate))
                {
                    break;
                }

                if (candidate.Count > 0)
                {
                    best = candidate;
                }
            }

            return best;
        }

        List<AxisTick> PowersOfTen()
        {
            int first = (int)Math.Ceiling(Math.Log10(range.Minimum) - 1e-9);
            int last = (int)Math.Floor(Math.Log10(range.Maximum) + 1e-9);
            foreach (int stride in DecadeStrides)
            {
                var ticks = new List<AxisTick>();
                for (int power = first - 1; power <= last; power++)
                {
                    if (power >= first)
                    {
                        bool labelled = power % stride == 0;
                        ticks.Add(new AxisTick(PowerOfTen(power), labelled ? PowerLabel(power) : null));
                    }

                    for (int digit = 2; stride == 1 && digit <= 9; digit++)
                    {
                        AddMinor(ticks, digit, power);
                    }
                }

                if (Fits(ticks))
                {
                    // Minor ticks that touch each other are a grey bar.
                    double pointsPerDecade = length / decades;
                    bool crowded = stride == 1 ? pointsPerDecade < 12 : pointsPerDecade < 2;
                    return crowded ? [.. ticks.Where(tick => tick.Label is not null)] : ticks;
                }
            }

            return [];
        }

        // Labelled ticks at the given digits times powers of ten, minor ones at the others.
        List<AxisTick> Digits(ReadOnlySpan<int> labelled)
        {
            int first = (int)Math.Floor(Math.Log10(range.Minimum));
            int last = (int)Math.Ceiling(Math.Log10(range.Maximum));
            bool plain = first >= -3 && last <= 5;
            var ticks = new List<AxisTick>();
            for (int power = first; power <= last; power++)
            {
                for (int digit = 1; digit <= 9; digit++)
                {
                    double value = digit * PowerOfTen(power);
                    if (!labelled.Contains(digit))
                    {
                        AddMinor(ticks, digit, power);
                    }
                    else if (Inside(value))
                    {
                        string label = plain
                            ? Fixed(value, Math.Max(0, -power), separated: value >= 10_000)
                            : (digit == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{digit}×")) + PowerLabel(power);
                        ticks.Add(new AxisTick(value, label));
                    }
                }
            }

            return ticks;
        }

        void AddMinor(List<AxisTick> ticks, int digit, int power)
        {
            double value = digit * PowerOfTen(power);
            if (Inside(value))
            {
                ticks.Add(new AxisTick(value, null));
            }
        }

        bool Inside(double value) => range.Shows(value) && range.Fraction(value) is >= -1e-9 and <= 1 + 1e-9;
    }

    /// <summary>The multiples of digit · 10^exponent in [minimum, maximum], labelled alike.</summary>
    private static List<AxisTick> Multiples(double minimum, double maximum, int digit, int exponent)
    {
        double step = digit * PowerOfTen(exponent);
        double tolerance = 1e-9 * ((maximum / step) - (minimum / step));
        double first = Math.Ceiling((minimum / step) - tolerance);
        double last = Math.Floor((maximum / step) + tolerance);
        var values = new List<double>();
        for (double multiple = first; multiple <= last && values.Count < 200; multiple++)
        {
            // Dividing by a power of ten rounds once; multiplying by its inexact inverse would round twice.
            values.Add(exponent < 0 && exponent > -300 ? multiple * digit / PowerOfTen(-exponent) : multiple * step);
        }

        double largest = values.Count == 0 ? 0 : values.Max(Math.Abs);
        bool scientific = largest >= 1e6 || largest < 1e-3;
        int power = largest > 0 ? (int)Math.Floor(Math.Log10(largest) + 1e-12) : 0;
        return [.. values.Select(value => new AxisTick(value, Label(value)))];

        string Label(double value)
        {
            if (value == 0)
            {
                return "0";
            }

            if (!scientific)
            {
                return Fixed(value, Math.Max(0, -exponent), separated: largest >= 10_000);
            }

            // In two steps, since 10^power alone may overflow or vanish.
            double mantissa = value / PowerOfTen(power / 2) / PowerOfTen(power - (power / 2));
            return Fixed(mantissa, Math.Max(0, power - exponent), separated: false) + "×" + PowerLabel(power);
        }
    }

    private static double PowerOfTen(int exponent) => Math.Pow(10, exponent);

    private static string PowerLabel(int exponent) =>
        "10^{" + exponent.ToString(CultureInfo.InvariantCulture).Replace('-', '−') + "}";

    /// <summary>A number with fixed decimals, a real minus sign and, if asked for, spaces between thousands.</summary>
    private static string Fixed(double value, int decimals, bool separated)
    {
        string text = value.ToString((separated ? "N" : "F") + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Replace(',', '\u00A0').Replace('-', '−');
    }
}
