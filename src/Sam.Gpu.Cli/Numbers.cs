using System.Globalization;

namespace Sam.Gpu.Cli;

/// <summary>Numbers as people read them, the same in every country.</summary>
internal static class Numbers
{
    /// <summary>Four significant digits.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "-∞";
        }

        // What four digits round up to 1000 has four digits before the point.
        double size = Math.Abs(double.Parse(value.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        if (size != 0 && size is < 1e-3 or >= 1e5)
        {
            return value.ToString("0.000e+0", CultureInfo.InvariantCulture);
        }

        int digits = size == 0 ? 3 : Math.Max(0, 3 - (int)Math.Floor(Math.Log10(size)));
        return value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The shortest text that reads back as the number.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Minutes and seconds, with hours where there are some.</summary>
    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
