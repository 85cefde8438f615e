namespace Sam.Gpu.Figures;

/// <summary>The values between the two ends of an axis, and where they lie between them.</summary>
/// <param name="Scale">The spacing.</param>
/// <param name="Minimum">The value at the lower end; positive on a logarithmic axis.</param>
/// <param name="Maximum">The value at the upper end, above <paramref name="Minimum"/>.</param>
internal readonly record struct AxisRange(AxisScale Scale, double Minimum, double Maximum)
{
    /// <summary>Beyond this a linear axis ends, so that no difference of two values overflows.</summary>
    private const double Largest = 1e300;

    /// <summary>A range that is narrower than this, relative to its values, has no ticks that double can tell apart.</summary>
    private const double Narrowest = 1e-11;

    /// <summary>Whether a value has a place on this axis or its continuation.</summary>
    public bool Shows(double value) => double.IsFinite(value) && (Scale == AxisScale.Linear || value > 0);

    /// <summary>Where a value lies: 0 at the lower end, 1 at the upper; outside [0, 1] beyond the ends.</summary>
    public double Fraction(double value) => Scale == AxisScale.Linear
        ? ((value / 2) - (Minimum / 2)) / ((Maximum / 2) - (Minimum / 2))
        : (Math.Log10(value) - Math.Log10(Minimum)) / (Math.Log10(Maximum) - Math.Log10(Minimum));

    /// <summary>The range of an axis: what it fixes, and otherwise what its data need.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">All values on the axis; those it cannot show are skipped.</param>
    /// <param name="padding">Room beyond the data at an end that is not fixed, as a fraction of their range.</param>
    public static AxisRange Of(FigureAxis axis, IEnumerable<double> values, double padding)
    {
        bool logarithmic = axis.Scale == AxisScale.Logarithmic;
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsFinite(value) && (!logarithmic || value > 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
        {
            (low, high) = logarithmic ? (0.1, 10) : (0, 1);
        }

        return logarithmic ? Logarithmic(axis, low, high, padding) : Linear(axis, low, high, padding);
    }

    /// <summary>
    /// A linear range whose upper end is moved up to a round number if one is near: measurements that stop one interval before step 600
    /// belong on an axis that ends at 600.
    /// </summary>
    public AxisRange ToNextRoundNumber()
    {
        const double Near = 0.05;
        const int Steps = 5;
        double span = Maximum - Minimum;
        if (Scale != AxisScale.Linear || !(span > 1e-290))
        {
            return this;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(span / Steps)));
        double leading = span / Steps / power;
        double step = power * (leading < 1.5 ? 1 : leading < 3.5 ? 2 : leading < 7.5 ? 5 : 10);
        double rounded = Math.Ceiling(Maximum / step) * step;
        return rounded > Maximum && rounded - Maximum <= Near * span ? this with { Maximum = rounded } : this;
    }

    private static AxisRange Linear(FigureAxis axis, double low, double high, double padding)
    {
        low = axis.Minimum ?? Math.Clamp(low, -Largest, Largest);
        high = axis.Maximum ?? Math.Clamp(high, -Largest, Largest);
        double magnitude = Math.Max(Math.Abs(low), Math.Abs(high));
        if (!((high / 2) - (low / 2) > Narrowest * magnitude))
        {
            // One value, or a fixed end beyond all data: open a window around what is there.
            double half = magnitude > 0 ? Math.Max(magnitude / 10, 1e-300) : 1;
            (low, high) = (axis.Minimum, axis.Maximum) switch
            {
                ({ } fixedLow, null) => (fixedLow, fixedLow + (2 * half)),
                (null, { } fixedHigh) => (fixedHigh - (2 * half), fixedHigh),
                ({ } fixedLow, { } fixedHigh) => (fixedLow, fixedHigh),
                _ => (low - half, high + half),
            };
            return new AxisRange(AxisScale.Linear, low, high);
        }

        double room = padding * (high - low);
        double padded = low >= 0 ? Math.Max(0, low - room) : low - room;
        return new AxisRange(
            AxisScale.Linear,
            axis.Minimum ?? padded,
            axis.Maximum ?? (high <= 0 ? Math.Min(0, high + room) : high + room));
    }

    private static AxisRange Logarithmic(FigureAxis axis, double low, double high, double padding)
    {
        low = axis.Minimum ?? low;
        high = axis.Maximum ?? high;
        double decades = Math.Log10(high) - Math.Log10(low);
        if (!(decades > Narrowest))
        {
            (low, high) = (axis.Minimum, axis.Maximum) switch
            {
                ({ } fixedLow, null) => (fixedLow, fixedLow * 10),
                (null, { } fixedHigh) => (fixedHigh / 10, fixedHigh),
                _ => (low / 2, high * 2),
            };
            return Clamped(low, high);
        }

        double factor = Math.Pow(10, padding * decades);
        return Clamped(axis.Minimum ?? (low / factor), axis.Maximum ?? (high * factor));

        static AxisRange Clamped(double low, double high) =>
            new(AxisScale.Logarithmic, Math.Max(low, double.Epsilon), Math.Min(high, double.MaxValue));
    }
}
