using Sam.Gpu.Devices;

namespace Sam.Gpu.Checks;

/// <summary>The device's matrix products: all transpositions, batches, shared factors, accumulation; square, thin and deep ones.</summary>
internal static class ProductChecks
{
    private static readonly (int Rows, int Columns, int Depth)[] Small =
        [(1, 1, 1), (3, 5, 4), (8, 8, 8), (17, 33, 9), (1, 130, 20), (130, 1, 20), (20, 20, 20), (3, 5, 1500)];

    // Around the tiles of devices, and far more depth than rows and columns.
    private static readonly (int Rows, int Columns, int Depth)[] Large =
        [(64, 64, 64), (130, 70, 100), (256, 256, 256), (300, 500, 3), (2, 700, 300), (33, 10, 20_000)];

    // Batches of small products, just large enough for tiles of 64×64 and of 128×128 where a group may have as many threads: a matrix is a
    // little larger than a smaller tile, of which four or nine would be needed. Only float has the largest.
    private static readonly (int Batch, int Side)[] Batches = [(345, 33), (230, 65)];

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        (int Rows, int Columns, int Depth)[] shapes = bench.IsThorough ? [.. Small, .. Large] : Small;
        foreach (var (rows, columns, depth) in shapes)
        {
            string shape = Shape(rows, columns, depth);
            Check(bench, $"product {shape}", shape, rows, columns, depth, batch: 1, isShared: false, accumulate: false);
        }

        foreach (var (rows, columns, depth) in shapes)
        {
            string shape = Shape(rows, columns, depth);
            Check(bench, "product, accumulated", shape, rows, columns, depth, batch: 1, isShared: false, accumulate: true);
            Check(bench, "product, batch of 2", shape, rows, columns, depth, batch: 2, isShared: false, accumulate: false);
            Check(bench, "product, shared factor", shape, rows, columns, depth, batch: 3, isShared: true, accumulate: false);
        }

        RunBatches(bench);
    }

    private static void RunBatches(CheckBench bench)
    {
        // In brief one transposition, for an emulated thread is slow.
        var (depth, transpositions) = bench.IsThorough ? (40, 4) : (2, 1);
        foreach (var (batch, side) in bench.Precision == Precision.Double ? Batches[..1] : Batches)
        {
            string name = FormattableString.Invariant($"product, batch of {batch}");
            Check(bench, name, Shape(side, side, depth), side, side, depth, batch, isShared: false, accumulate: false, transpositions);
        }
    }

    private static string Shape(int rows, int columns, int depth) => FormattableString.Invariant($"{rows}×{depth} by {depth}×{columns}");

    private static void Check(
        CheckBench bench, string name, string shape, int rows, int columns, int depth, int batch, bool isShared, bool accumulate,
        int transpositions = 4)
    {
        double[] a = bench.Normal($"left {shape}", batch * rows * depth);
        double[] b = bench.Normal($"right {shape}", (isShared ? 1 : batch) * depth * columns);
        double[] c = bench.Normal($"sums {shape}", batch * rows * columns);
        double bound = Roundings.Sum(depth + (accumulate ? 1 : 0));
        for (int transposition = 0; transposition < transpositions; transposition++)
        {
            bool isLeft = (transposition & 1) != 0;
            bool isRight = (transposition & 2) != 0;
            bench.Check(
                name,
                $"{shape}{(isLeft ? ", left factor transposed" : "")}{(isRight ? ", right factor transposed" : "")}",
                bound, true, [a, b, c], 2,
                (device, spans) => device.Multiply(
                    Factor(spans[0], rows, depth, isLeft, rows * depth),
                    Factor(spans[1], depth, columns, isRight, isShared ? 0 : depth * columns),
                    new DeviceMatrix(spans[2], rows, columns, batchStride: rows * columns), batch, accumulate));
        }
    }

    private static DeviceMatrix Factor(DeviceSpan span, int rows, int columns, bool isTransposed, int batchStride) =>
        isTransposed
            ? new DeviceMatrix(span, columns, rows, batchStride: batchStride).Transposed
            : new DeviceMatrix(span, rows, columns, batchStride: batchStride);
}
