using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Kernels.Tests;

/// <summary>The tiled product as a team of emulated threads computes it: tiles, stages, chunks and pieces, in both precisions.</summary>
public sealed class TiledProductTests
{
    private const int Chunk = 8;

    public enum Tile
    {
        Small,
        Medium,
        Large,
    }

    public static TheoryData<Tile, Precision> Tiles =>
        new()
        {
            { Tile.Small, Precision.Float },
            { Tile.Small, Precision.Double },
            { Tile.Medium, Precision.Float },
            { Tile.Medium, Precision.Double },
            { Tile.Large, Precision.Float },
        };

    [Theory, MemberData(nameof(Tiles))]
    public void Products_of_all_transpositions_agree_with_the_definition(Tile tile, Precision precision)
    {
        // Two tiles down, of which the second has one row, and part of a tile across; then the other way round.
        int size = tile == Tile.Large ? 128 : tile == Tile.Medium ? 64 : 32;
        for (int variant = 0; variant < 16; variant++)
        {
            bool isTall = (variant & 8) != 0;
            var problem = new Problem(
                Rows: isTall ? size + 1 : size - 9, Columns: isTall ? 5 : size + 11, Depth: isTall ? 19 : 11, Batch: 1 + (variant & 1),
                IsATransposed: (variant & 1) != 0, IsBTransposed: (variant & 2) != 0, Accumulate: (variant & 4) != 0, IsInPieces: isTall);
            Check(problem, tile, precision);
        }
    }

    [Theory, MemberData(nameof(Tiles))]
    public void Depths_around_a_stage_and_a_chunk_agree_with_the_definition(Tile tile, Precision precision)
    {
        foreach (int depth in (int[])[0, 1, 7, 8, 9, 16, 17, 24])
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                Check(new Problem(3, 4, depth, 1, false, true, accumulate, false), tile, precision);
            }
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public void Neither_tile_nor_pieces_nor_batch_change_a_bit(bool accumulate, int batch)
    {
        var problem = new Problem(35, 33, 29, batch + 1, false, false, accumulate, false);
        double[] expected = Product<Float1>(problem, Tile.Small);
        Near.Bits(expected, Product<Float1>(problem, Tile.Medium));
        Near.Bits(expected, Product<Float1>(problem, Tile.Large));
        Near.Bits(expected, Product<Float1>(problem with { IsInPieces = true }, Tile.Small));
        Near.Bits(expected, Product<Float1>(problem with { IsInPieces = true }, Tile.Medium));
        double[] first = Product<Float1>(problem with { Batch = 1 }, Tile.Small);
        Near.Bits(expected[..first.Length], first);
    }

    [Fact]
    public void A_single_chunk_has_the_bits_of_the_plain_product()
    {
        var problem = new Problem(9, 7, Chunk, 1, true, false, true, false);
        using var device = new EmulatedDevice<Float1>(4);
        using var a = device.Place(problem.A());
        using var b = device.Place(problem.B());
        using var c = device.Place(problem.C());
        device.LaunchElements(
            new MatrixProduct<CheckedBuffer<Float1>, Float1>(
                device.Buffer(a.Span), problem.AStrides.Row, problem.AStrides.Column, 0,
                device.Buffer(b.Span), problem.BStrides.Row, problem.BStrides.Column, 0,
                device.Buffer(c.Span), problem.CRowStride, 0,
                problem.Rows, problem.Columns, problem.Depth, 1),
            problem.Rows * problem.Columns);

        Near.Bits(device.Read(c.Span), Product<Float1>(problem, Tile.Small));
    }

    private static void Check(Problem problem, Tile tile, Precision precision)
    {
        double[] actual = precision == Precision.Double ? Product<Double1>(problem, tile) : Product<Float1>(problem, tile);
        var (expected, magnitudes) = problem.Expected();
        double unit = precision == Precision.Double ? 1.0 / (1L << 53) : 1.0 / (1 << 24);
        for (int i = 0; i < actual.Length; i++)
        {
            // One rounding a term, and one for each chunk and C; the definition in double has as many of its own, smaller or as large.
            Near.Number(expected[i], actual[i], (2 * problem.Depth + 8) * unit * magnitudes[i], $"number {i} of {problem}, {tile}");
        }
    }

    private static double[] Product<V>(Problem problem, Tile tile)
        where V : unmanaged, ILane<V>
    {
        using var device = new EmulatedDevice<V>(1);
        using var a = device.Place(problem.A(), "a");
        using var b = device.Place(problem.B(), "b");
        using var c = device.Place(problem.C(), "c");
        switch (tile)
        {
            case Tile.Small:
                Launch<V, SmallTile>(device, problem, a.Span, b.Span, c.Span);
                break;
            case Tile.Medium:
                Launch<V, MediumTile>(device, problem, a.Span, b.Span, c.Span);
                break;
            default:
                Launch<V, LargeTile>(device, problem, a.Span, b.Span, c.Span);
                break;
        }

        return device.Read(c.Span);
    }

    private static void Launch<V, S>(EmulatedDevice<V> device, Problem problem, DeviceSpan a, DeviceSpan b, DeviceSpan c)
        where V : unmanaged, ILane<V>
        where S : struct, IProductTile
    {
        var (rows, columns, batch) = (problem.Rows, problem.Columns, problem.Batch);
        var left = new ProductFactor<CheckedBuffer<V>>(
            device.Buffer(a), problem.AStrides.Row, problem.AStrides.Column, problem.ABatchStride, rows);
        var right = new ProductFactor<CheckedBuffer<V>>(
            device.Buffer(b), problem.BStrides.Column, problem.BStrides.Row, 0, columns);
        int tiles = (rows + S.Size - 1) / S.Size * ((columns + S.Size - 1) / S.Size) * batch;
        int accumulate = problem.Accumulate ? 1 : 0;
        if (!problem.IsInPieces)
        {
            device.LaunchTiles(
                new TiledProduct<CheckedBuffer<V>, V, S>(
                    left, right, device.Buffer(c), problem.CRowStride, problem.CBatchStride, 0, problem.Depth, Chunk, 1, accumulate),
                tiles);
            return;
        }

        int pieces = (problem.Depth + Chunk - 1) / Chunk;
        int numbers = batch * rows * columns;
        using var partials = device.Allocate(pieces * numbers, "partials");
        device.LaunchTiles(
            new TiledProduct<CheckedBuffer<V>, V, S>(
                left, right, device.Buffer(partials.Span), columns, rows * columns, numbers, problem.Depth, Chunk, pieces, 0),
            tiles * pieces);
        device.LaunchElements(
            new AddPartialProducts<CheckedBuffer<V>, V>(
                device.Buffer(partials.Span), pieces, numbers,
                device.Buffer(c), problem.CRowStride, problem.CBatchStride, rows, columns, accumulate),
            numbers);
    }

    // Rows in memory lie 3 numbers further apart than they are long. B is shared by the batch.
    private sealed record Problem(
        int Rows, int Columns, int Depth, int Batch, bool IsATransposed, bool IsBTransposed, bool Accumulate, bool IsInPieces)
    {
        public double[] A() => Numbers(1, Batch * ABatchStride);

        public double[] B() => Numbers(2, (IsBTransposed ? Columns : Depth) * ((IsBTransposed ? Depth : Columns) + 3));

        public double[] C() => Numbers(3, Batch * CBatchStride);

        public (int Row, int Column) AStrides => IsATransposed ? (1, Rows + 3) : (Depth + 3, 1);

        public (int Row, int Column) BStrides => IsBTransposed ? (1, Depth + 3) : (Columns + 3, 1);

        public int ABatchStride => (IsATransposed ? Depth : Rows) * ((IsATransposed ? Rows : Depth) + 3);

        public int CRowStride => Columns + 3;

        public int CBatchStride => Rows * CRowStride;

        // C as it should be, and the sum of the magnitudes of each number's terms. What lies between the rows does not change.
        public (double[] Numbers, double[] Magnitudes) Expected()
        {
            var (a, b, numbers) = (A(), B(), C());
            double[] magnitudes = new double[numbers.Length];
            for (int item = 0; item < Batch; item++)
            {
                for (int row = 0; row < Rows; row++)
                {
                    for (int column = 0; column < Columns; column++)
                    {
                        int target = (item * CBatchStride) + (row * CRowStride) + column;
                        numbers[target] = Accumulate ? numbers[target] : 0;
                        magnitudes[target] = Math.Abs(numbers[target]);
                        for (int k = 0; k < Depth; k++)
                        {
                            double term = a[(item * ABatchStride) + (row * AStrides.Row) + (k * AStrides.Column)]
                                * b[(k * BStrides.Row) + (column * BStrides.Column)];
                            numbers[target] += term;
                            magnitudes[target] += Math.Abs(term);
                        }
                    }
                }
            }

            return (numbers, magnitudes);
        }

        // Exact in float, so that the definition in double begins with the same ones.
        private static double[] Numbers(ulong seed, int count) =>
            [.. DeviceNumbers.Normal(seed, count).Select(number => (double)(float)number)];
    }
}
