using Sam.Gpu.Devices;

namespace Sam.Gpu.Checks;

/// <summary>Arguments at which functions of lanes are checked: numbers of the device's precision.</summary>
/// <param name="bench">The bench.</param>
internal sealed class CheckArguments(CheckBench bench)
{
    private readonly bool isDouble = bench.Precision == Precision.Double;

    /// <summary>The numbers that arithmetic treats in a way of their own, and some of every other kind.</summary>
    public double[] Special()
    {
        double normal = Ulp.SmallestNormal(bench.Precision);
        double smallest = isDouble ? double.Epsilon : float.Epsilon;
        double largest = isDouble ? double.MaxValue : float.MaxValue;
        double[] positive =
        [
            0, 1, 0.5, 1.5, 2.5, bench.Round(1.0 / 3), 1234567.5, 8388609, 1e15, smallest, 37 * smallest,
            normal - smallest, normal, 1.5 * normal, largest, double.PositiveInfinity,
        ];
        return [.. positive.Select(bench.Round), .. positive.Select(number => -bench.Round(number)), double.NaN];
    }

    /// <summary>Arguments of a function of one number.</summary>
    /// <remarks>
    /// Random bit patterns, random magnitudes from e⁻⁴⁵ to e⁷, random numbers of [−800, 800], [−110, 110], [−10, 10] and [−1, 1], the
    /// special ones, subnormal numbers, and every number around the points where an approximation changes its method or a result leaves the
    /// normal numbers.
    /// </remarks>
    /// <param name="name">The function, which has random numbers of its own.</param>
    /// <param name="points">Those points.</param>
    public double[] Of(string name, params double[] points)
    {
        var random = bench.Random(name);
        int each = bench.IsThorough ? 25_000 : 200;
        int neighbours = bench.IsThorough ? 500 : 8;
        var numbers = new List<double>();
        for (int n = 0; n < each; n++)
        {
            numbers.Add(Pattern(random.NextUInt64()));
            numbers.Add(bench.Round(random.NextSign() * Math.Exp((random.NextDouble() * 52) - 45)));
            foreach (double width in (double[])[800, 110, 10, 1])
            {
                numbers.Add(bench.Round(((2 * random.NextDouble()) - 1) * width));
            }
        }

        for (int n = 0; n < each / 20; n++)
        {
            numbers.Add(bench.Round(random.NextSign() * random.NextDouble() * Ulp.SmallestNormal(bench.Precision)));
        }

        foreach (double point in points)
        {
            double below = bench.Round(point);
            double above = below;
            numbers.Add(below);
            for (int n = 0; n < neighbours; n++)
            {
                numbers.Add(below = Next(below, -1));
                numbers.Add(above = Next(above, 1));
            }
        }

        return [.. numbers, .. Special()];
    }

    /// <summary>Triples of arguments: all pairs of special numbers, random bit patterns, moderate random numbers, and cancelling ones.</summary>
    public (double[] X, double[] Y, double[] Z) Triples()
    {
        double[] special = Special();
        var random = bench.Random("triples");
        var (x, y, z) = (new List<double>(), new List<double>(), new List<double>());
        void Add(double a, double b, double c)
        {
            x.Add(bench.Round(a));
            y.Add(bench.Round(b));
            z.Add(bench.Round(c));
        }

        for (int n = 0; n < special.Length * special.Length; n++)
        {
            Add(special[n / special.Length], special[n % special.Length], special[n * 7 % special.Length]);
        }

        double Moderate() => bench.Round(Math.ScaleB((2 * random.NextDouble()) - 1, random.NextBelow(41) - 20));
        for (int n = 0; n < (bench.IsThorough ? 25_000 : 200); n++)
        {
            Add(Pattern(random.NextUInt64()), Pattern(random.NextUInt64()), Pattern(random.NextUInt64()));
            Add(Moderate(), Moderate(), Moderate());
            Add(random.NextBelow(2001) / 2.0 - 500, random.NextBelow(21) - 10, Moderate());
            double a = Moderate();
            double b = Moderate();
            Add(a, b, -a * b);
        }

        return ([.. x], [.. y], [.. z]);
    }

    private double Pattern(ulong bits) => isDouble ? BitConverter.UInt64BitsToDouble(bits) : BitConverter.UInt32BitsToSingle((uint)bits);

    private double Next(double number, int direction) => (isDouble, direction) switch
    {
        (true, > 0) => Math.BitIncrement(number),
        (true, _) => Math.BitDecrement(number),
        (_, > 0) => MathF.BitIncrement((float)number),
        _ => MathF.BitDecrement((float)number),
    };
}
