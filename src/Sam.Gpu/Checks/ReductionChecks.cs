using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>Sums, dot products and norms of vectors and of blocks of vectors.</summary>
internal static class ReductionChecks
{
    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        // A number, less than a lane, around the chunks of the sums, and many of them.
        int[] lengths = [1, 5, 31, 4097, .. bench.IsThorough ? (int[])[10_000, 300_001] : []];
        foreach (int length in lengths)
        {
            string what = FormattableString.Invariant($"length {length}");
            double[] x = bench.Normal($"x {what}", length);
            double[] y = bench.Normal($"y {what}", length);
            double[] start = bench.Normal($"start {what}", 1);
            double sum = Roundings.Sum(length);
            bench.Check("sum", what, sum, true, [x, start], 1, (device, spans) => device.Sum(spans[0], spans[1]));
            bench.Check(
                "sum, accumulated", what, Roundings.Sum(length + 1), true, [x, start], 1,
                (device, spans) => device.Sum(spans[0], spans[1], true));
            bench.Check("dot product", what, sum, true, [x, y, start], 2, (device, spans) => device.Dot(spans[0], spans[1], spans[2]));

            // The root halves the relative error of the sum, of which an ulp is 2 u at most, and has an error of its own.
            bench.Check("norm", what, sum + Roundings.SquareRoot, false, [x, start], 1, (device, spans) => device.Norm(spans[0], spans[1]));
        }

        foreach (int length in (int[])[3, 100, 2049, .. bench.IsThorough ? (int[])[20_000] : []])
        {
            Blocks(bench, length);
        }
    }

    private static void Blocks(CheckBench bench, int length)
    {
        const int XCount = 5;
        const int YCount = 3;
        string what = FormattableString.Invariant($"{XCount} and {YCount} vectors of {length}");
        double[] x = bench.Normal($"x {what}", XCount * length);
        double[] y = bench.Normal($"y {what}", YCount * length);
        double[] coefficients = bench.Normal($"coefficients {what}", XCount * YCount);
        bench.Check(
            "block dot products", what, Roundings.Sum(length), true, [x, y, coefficients], 2,
            (device, spans) => device.BlockDot(spans[0], XCount, spans[1], YCount, spans[2]));
        foreach (bool accumulate in (bool[])[false, true])
        {
            bench.Check(
                "block combinations", $"{what}{(accumulate ? ", accumulated" : "")}", Roundings.Sum(XCount + (accumulate ? 1 : 0)), true,
                [x, coefficients, y], 2,
                (device, spans) => device.BlockCombine(spans[0], XCount, spans[1], spans[2], YCount, accumulate));
        }
    }
}
