using Sam.Gpu.Devices;

namespace Sam.Gpu.Checks;

/// <summary>Distances in units in the last place.</summary>
internal static class Ulp
{
    /// <summary>The smallest normal number: 2⁻¹²⁶ or 2⁻¹⁰²².</summary>
    public static double SmallestNormal(Precision precision) => Math.ScaleB(1, precision == Precision.Double ? -1022 : -126);

    /// <summary>How far a number of the device is from the expected one, in ulp of the device's precision at a size.</summary>
    /// <remarks>
    /// The ulp is the distance between neighbouring numbers at the size, and that of the largest number or the smallest subnormal beyond
    /// those. Infinity counts as the number that would follow the largest; where the expected number is beyond that, infinity is right.
    /// </remarks>
    /// <param name="actual">The number of the device.</param>
    /// <param name="expected">The expected number, in double.</param>
    /// <param name="size">The size at which the ulp is taken.</param>
    /// <param name="precision">The device's precision.</param>
    /// <returns>≥ 0; 0 where both are NaN and ∞ where one of them is.</returns>
    public static double Distance(double actual, double expected, double size, Precision precision)
    {
        if (double.IsNaN(actual) || double.IsNaN(expected))
        {
            return double.IsNaN(actual) && double.IsNaN(expected) ? 0 : double.PositiveInfinity;
        }

        var (digits, largest, smallest) = precision == Precision.Double ? (52, 1023, -1074) : (23, 127, -149);
        bool isBeyond = double.IsInfinity(expected) || (expected != 0 && Math.ILogB(expected) > largest);
        if (actual == expected || (isBeyond && double.IsInfinity(actual) && Math.Sign(actual) == Math.Sign(expected)))
        {
            return 0;
        }

        int binade = size == 0 ? smallest : double.IsInfinity(size) ? largest : Math.Min(Math.ILogB(size), largest);
        int unit = Math.Max(binade - digits, smallest);
        if (double.IsFinite(actual) && double.IsFinite(expected))
        {
            return Math.ScaleB(Math.Abs(actual - expected), -unit);
        }

        // Halves, for the number that would follow the largest double is none.
        double Half(double number) => double.IsInfinity(number) ? Math.CopySign(Math.ScaleB(1, largest), number) : number / 2;
        return Math.ScaleB(Math.Abs(Half(actual) - Half(expected)), 1 - unit);
    }
}
