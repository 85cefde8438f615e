using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The largest of some numbers, and rows by their indices: exact everywhere.</summary>
internal static class SelectionChecks
{
    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        foreach (int length in (int[])[1, 7, 100, .. bench.IsThorough ? (int[])[3001] : []])
        {
            // Few different numbers, so that there are ties; and one that is NaN.
            string what = FormattableString.Invariant($"length {length}");
            double[] numbers = Array.ConvertAll(bench.Normal($"numbers {what}", length), number => Math.Round(number * 2));
            numbers[length / 2] = double.NaN;
            int kept = (length + 2) / 3;
            bench.Check(
                "marks of the largest", what, 0, false, [numbers, new double[length]], 1, (device, spans) => device.MarkLargest(spans[0], kept, spans[1]));
            double[] marks = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? 1.0 : 0)];
            double[] indices = new double[kept];
            bench.Check("list of marks", what, 0, false, [marks, indices], 1, (device, spans) => device.ListMarked(spans[0], spans[1]));
            Rows(bench, length, kept, what);
        }
    }

    private static void Rows(CheckBench bench, int rows, int kept, string what)
    {
        foreach (int columns in (int[])[1, 10, 37])
        {
            double[] x = bench.Normal($"rows {what}×{columns}", rows * columns);
            double[] some = x[..(kept * columns)];
            double[] indices = [.. Enumerable.Range(0, kept).Select(i => (double)(rows - 1 - (i * 2)))];
            string shape = FormattableString.Invariant($"{what}, {columns} columns");
            bench.Check(
                "rows gathered", shape, 0, false, [x, indices, new double[some.Length]], 2,
                (device, spans) => device.GatherRows(spans[0], spans[1], columns, spans[2]));
            bench.Check(
                "rows scattered", shape, 0, false, [some, indices, x], 2,
                (device, spans) => device.ScatterRows(spans[0], spans[1], columns, spans[2]));
        }
    }
}
