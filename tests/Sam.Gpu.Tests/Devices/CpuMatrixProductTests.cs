using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

/// <summary>Products of every kind of shape, number by number and bit by bit.</summary>
/// <remarks>
/// Two oracles. The first is a plain sum in double; with unit roundoff u a sum of k products in any order is off by at most about
/// k u Σ|a||b|. The second is the documented order of the sums, written down once more without any of the cutting up: a block of the depth
/// is summed by fused multiply-adds from zero, the blocks are added in order. It must agree in every bit, which no wrong index, thread or
/// edge of a tile survives.
/// </remarks>
public sealed class CpuMatrixProductTests
{
    private const double Sentinel = 12345;

    // Around one and two tiles (6 rows, or 12 with 512 bits), around the rows from which B is packed, and around a piece.
    private static readonly int[] Heights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 24, 25, 26, 95, 97];

    [Theory]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(128, false)]
    [InlineData(128, true)]
    public void Every_remainder_of_the_tiles_is_right(int bits, bool isDouble)
    {
        using var device = Create(bits, isDouble, 1);
        int lane = bits / (isDouble ? 64 : 32);
        foreach (int rows in Heights)
        {
            for (int columns = 1; columns <= (4 * lane) + 1; columns++)
            {
                int kind = rows + columns;
                Check(device, new Product(rows, columns, 1 + (kind % 19)) { ATransposed = kind % 2 == 0, BTransposed = kind % 4 < 2 });
                Check(device, new Product(rows, columns, 8) { BTransposed = kind % 2 == 0, Padding = 3, Accumulate = true });
            }
        }
    }

    [Theory]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(128, false)]
    [InlineData(128, true)]
    [InlineData(512, false)]
    [InlineData(512, true)]
    public void Every_transposition_stride_and_accumulation_is_right_over_several_blocks_of_the_depth(int bits, bool isDouble)
    {
        using var device = Create(bits, isDouble, 1);
        foreach (int depth in (int[])[1, 2, 7, 9, 319, 320, 321, 641, 1000])
        {
            for (int kind = 0; kind < 8; kind++)
            {
                var product = new Product(0, 0, depth)
                {
                    ATransposed = (kind & 1) != 0, BTransposed = (kind & 2) != 0, Accumulate = (kind & 4) != 0, Padding = kind % 3,
                };
                Check(device, product with { Rows = 7, Columns = 21 });
                Check(device, product with { Rows = 29, Columns = 34 });
                Check(device, product with { Rows = 1, Columns = 70 });
                Check(device, product with { Rows = 70, Columns = 1 });
                Check(device, product with { Rows = 3, Columns = 3 });
            }
        }
    }

    [Theory]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(512, false)]
    public void Batches_are_right_whichever_factors_they_share(int bits, bool isDouble)
    {
        using var device = Create(bits, isDouble, 2);
        for (int kind = 0; kind < 64; kind++)
        {
            var product = new Product(0, 0, 0)
            {
                ATransposed = (kind & 1) != 0, BTransposed = (kind & 2) != 0, Accumulate = (kind & 4) != 0,
                SharesA = (kind & 8) != 0, SharesB = (kind & 16) != 0, Gap = (kind & 32) != 0 ? 5 : 0, Padding = (kind & 32) != 0 ? 1 : 0, Batch = 3,
            };
            Check(device, product with { Rows = 5, Columns = 18, Depth = 11 });
            Check(device, product with { Rows = 26, Columns = 10, Depth = 330 });
            Check(device, product with { Rows = 9, Columns = 1, Depth = 20 });
            Check(device, product with { Rows = 1, Columns = 9, Depth = 20 });
            Check(device, product with { Rows = 4, Columns = 33, Depth = 100, Batch = 13 });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_number_of_threads_and_the_batch_change_no_bit(bool isDouble)
    {
        foreach (int threads in (int[])[1, 2, 3, 5])
        {
            using var device = Create(256, isDouble, threads);

            // Bits are compared with the one documented order, and so with each other: by panels, with rows shared out, by blocks of the
            // depth, by items of the batch, and all of a batch at once.
            Check(device, new Product(500, 100, 30) { BTransposed = true });
            Check(device, new Product(30, 500, 100));
            Check(device, new Product(260, 270, 650) { ATransposed = true });
            Check(device, new Product(10, 20, 9000) { ATransposed = true });
            Check(device, new Product(10, 20, 9000) { ATransposed = true, Accumulate = true, Padding = 2 });
            Check(device, new Product(7, 9, 4000) { ATransposed = true, SharesB = true, Batch = 3, Accumulate = true, Gap = 3 });
            Check(device, new Product(20, 30, 100) { Batch = 12 });
            Check(device, new Product(200, 20, 50) { Batch = 5, SharesA = true, BTransposed = true });
            Check(device, new Product(200, 20, 50) { Batch = 5, SharesB = true });

            // So many rows that the workers share what is packed of B, of one item and of many, in whole items or in parts of them.
            Check(device, new Product(700, 40, 650));
            Check(device, new Product(40, 20, 50) { Batch = 30, SharesB = true, Gap = 3 });
            Check(device, new Product(310, 20, 50) { Batch = 3, SharesB = true, ATransposed = true });
            Check(device, new Product(60, 20, 50) { Batch = 3, SharesB = true, ATransposed = true });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_does_not_fit_the_pack_buffer_at_once_is_packed_in_parts(bool isDouble)
    {
        // 4 MiB hold 3276 columns (float) of a block of 320, what a worker packs by itself 614.
        using var device = Create(256, isDouble, 2);
        Check(device, new Product(30, 700, 700));

        // 77 panels for two workers: 38 fit at once, 39 do not.
        Check(device, new Product(30, 77 * (isDouble ? 8 : 16), 320) { ATransposed = true });
        Check(device, new Product(680, isDouble ? 1700 : 3300, 322) { BTransposed = true });
        Check(device, new Product(680, 260, isDouble ? 2000 : 4000) { ATransposed = true });
        Check(device, new Product(2, 3501, 322) { BTransposed = true });
        Check(device, new Product(2, 250, 322) { SharesA = true, Batch = 14, BTransposed = true });
    }

    [Theory]
    [InlineData(256, false)]
    [InlineData(256, true)]
    [InlineData(512, false)]
    public void A_bias_is_what_the_sums_begin_with(int bits, bool isDouble)
    {
        using var one = Create(bits, isDouble, 1);
        using var three = Create(bits, isDouble, 3);
        for (int kind = 0; kind < 16; kind++)
        {
            var device = kind % 3 == 0 ? one : three;
            var product = new Product(0, 0, 0)
            {
                BTransposed = (kind & 1) != 0, SharesA = (kind & 2) != 0, SharesB = (kind & 4) != 0, SharesBias = (kind & 8) != 0,
                Batch = 3, HasBias = true,
            };
            Check(device, product with { Rows = 5, Columns = 18, Depth = 11 });
            Check(device, product with { Rows = 26, Columns = 41, Depth = 330 });
            Check(device, product with { Rows = 9, Columns = 1, Depth = 20 });
            Check(device, product with { Rows = 1, Columns = 70, Depth = 20, Batch = 1 });
            Check(device, product with { Rows = 3, Columns = 5, Depth = 0 });

            // Packed by all workers together, and by blocks of the depth.
            Check(device, product with { Rows = 700, Columns = 20, Depth = 30 });
            Check(device, product with { Rows = 10, Columns = 20, Depth = 4000, Batch = 1 });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Without_depth_the_products_are_zero_or_what_they_were(int batch)
    {
        using var device = Create(256, false, 1);
        Check(device, new Product(3, 5, 0) { Batch = batch, Padding = 1 });
        Check(device, new Product(3, 5, 0) { Batch = batch, Padding = 1, Accumulate = true });
    }

    [Theory]
    [InlineData(30, 20)]
    [InlineData(30, 1)]
    [InlineData(1, 40)]
    public void Not_a_number_reaches_exactly_the_products_that_it_is_a_factor_of(int rows, int columns)
    {
        using var device = Create(256, false, 1);
        Check(device, new Product(rows, columns, 50) { NanInA = true });
        Check(device, new Product(rows, columns, 50) { NanInA = true, ATransposed = true, BTransposed = true });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public unsafe void What_a_product_works_in_is_known_before(int threads)
    {
        using var pool = new WorkerPool(threads);
        var a = new double[250_000];
        var b = new double[250_000];
        var c = new double[250_000];
        fixed (double* left = a, right = b, result = c)
        {
            // Packed by each task and by all together, by items of a batch, by blocks of the depth, with a bias, as one tall factor, not at all.
            foreach (var (rows, columns, depth, batch, leftItem, rightItem, biasItem) in ((int, int, int, int, int, int, int)[])
                [(100, 90, 700, 1, 0, 0, 0), (2000, 40, 100, 1, 0, 0, 0), (40, 40, 60, 9, 2400, 2400, 0), (20, 9, 9000, 1, 0, 0, 0), (300, 30, 40, 3, 12000, 0, 30),
                 (300, 30, 40, 3, 12000, 0, 0), (30, 50, 300, 3, 0, 15000, 50), (3, 500, 200, 1, 0, 0, 0), (300, 1, 200, 1, 0, 0, 0), (5, 5, 0, 1, 0, 0, 0)])
            {
                using var product = new CpuMatrixProduct<Simd256<double>>(pool);
                var from = new ProductOperand(left, rows, leftItem, true);
                var by = new ProductOperand(right, columns, rightItem, false);
                var into = new ProductOperand(result, columns, rows * columns, false);
                var bias = new ProductBias(biasItem > 0 ? left : null, biasItem);
                long planned = product.WorkingBytes(from, by, into, rows, columns, depth, batch, new ProductBias(null, biasItem));

                product.Run(from, by, into, rows, columns, depth, batch, false, bias);

                Assert.Equal(planned, product.Reserved);
            }
        }
    }

    [Fact]
    public void Repeated_products_allocate_nothing_on_the_managed_heap()
    {
        using var device = Create(256, false, 2);
        using var a = device.Allocate(300 * 200, "a");
        using var b = device.Allocate(200 * 200, "b");
        using var c = device.Allocate(300 * 200, "c");
        device.Upload(new double[a.Length], a.Span);
        device.Upload(new double[b.Length], b.Span);
        var left = new DeviceMatrix(a.Span, 300, 200);
        var right = new DeviceMatrix(b.Span, 200, 200).Transposed;
        var product = new DeviceMatrix(c.Span, 300, 200);
        device.Multiply(left, right, product);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 20; round++)
        {
            device.Multiply(left, right, product);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Device Create(int bits, bool isDouble, int threads) => (bits, isDouble) switch
    {
        (128, false) => new CpuDevice<Simd128<float>>(threads),
        (128, true) => new CpuDevice<Simd128<double>>(threads),
        (256, false) => new CpuDevice<Simd256<float>>(threads),
        (256, true) => new CpuDevice<Simd256<double>>(threads),
        (_, false) => new CpuDevice<Simd512<float>>(threads),
        _ => new CpuDevice<Simd512<double>>(threads),
    };

    private static void Check(Device device, Product product)
    {
        var a = new Stored(product.ATransposed ? product.Depth : product.Rows, product.ATransposed ? product.Rows : product.Depth, product, product.SharesA);
        var b = new Stored(product.BTransposed ? product.Columns : product.Depth, product.BTransposed ? product.Depth : product.Columns, product, product.SharesB);
        var c = new Stored(product.Rows, product.Columns, product, false);
        bool isDouble = device.Precision == Precision.Double;
        double[] left = Numbers(a.Length, 1, isDouble);
        double[] right = Numbers(b.Length, 2, isDouble);
        double[] before = Numbers(c.Length, 3, isDouble);
        if (!product.Accumulate)
        {
            // What is not added to may hold anything.
            Array.Fill(before, Sentinel);
        }

        if (product.NanInA)
        {
            left[a.Length / 2] = double.NaN;
        }

        using var leftMemory = device.Allocate(left.Length, "left");
        using var rightMemory = device.Allocate(right.Length, "right");
        using var productMemory = device.Allocate(before.Length, "product");
        device.Upload(left, leftMemory.Span);
        device.Upload(right, rightMemory.Span);
        device.Upload(before, productMemory.Span);
        var leftMatrix = a.In(leftMemory);
        var rightMatrix = b.In(rightMemory);
        int biasStride = product.SharesBias ? 0 : product.Columns + 2;
        double[] bias = Numbers((biasStride * (product.Batch - 1)) + product.Columns, 4, isDouble);
        using var biasMemory = device.Allocate(bias.Length, "bias");
        device.Upload(bias, biasMemory.Span);
        var multiplied = new DeviceProduct(
            product.ATransposed ? leftMatrix.Transposed : leftMatrix, product.BTransposed ? rightMatrix.Transposed : rightMatrix,
            c.In(productMemory), product.Batch, product.Accumulate);
        device.Multiply(product.HasBias ? multiplied.WithBias(biasMemory.Span, biasStride) : multiplied);
        var actual = new double[before.Length];
        device.Download(productMemory.Span, actual);

        var expected = (double[])before.Clone();
        for (int item = 0; item < product.Batch; item++)
        {
            for (int row = 0; row < product.Rows; row++)
            {
                for (int column = 0; column < product.Columns; column++)
                {
                    int index = (item * c.BatchStride) + (row * c.RowStride) + column;
                    int leftStart = (item * a.BatchStride) + (product.ATransposed ? row : row * a.RowStride);
                    int leftStep = product.ATransposed ? a.RowStride : 1;
                    int rightStart = (item * b.BatchStride) + (product.BTransposed ? column * b.RowStride : column);
                    int rightStep = product.BTransposed ? 1 : b.RowStride;
                    double start = product.HasBias ? bias[(item * biasStride) + column] : product.Accumulate ? before[index] : 0;
                    double sum = start;
                    double size = Math.Abs(start);
                    for (int k = 0; k < product.Depth; k++)
                    {
                        double term = left[leftStart + (k * leftStep)] * right[rightStart + (k * rightStep)];
                        sum += term;
                        size += Math.Abs(term);
                    }

                    // Twice: the sum in double has errors of its own.
                    double tolerance = 2 * (product.Depth + 2) * device.UnitRoundoff * size;
                    double difference = Math.Abs(actual[index] - sum);
                    if (!(difference <= tolerance) && !(double.IsNaN(sum) && double.IsNaN(actual[index])))
                    {
                        Assert.Fail($"{product} on {device.Name}: item {item}, row {row}, column {column} is {actual[index]}, not {sum}.");
                    }

                    expected[index] = isDouble
                        ? Ordered(left, leftStart, leftStep, right, rightStart, rightStep, start, product)
                        : OrderedSingle(left, leftStart, leftStep, right, rightStart, rightStep, start, product);
                }
            }
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i])
                && !(double.IsNaN(expected[i]) && double.IsNaN(actual[i])))
            {
                Assert.Fail($"{product} on {device.Name}: number {i} of {expected.Length} is {actual[i]:R}, in order it is {expected[i]:R}.");
            }
        }
    }

    private static double Ordered(
        double[] left, int leftStart, int leftStep, double[] right, int rightStart, int rightStep, double start, Product product)
    {
        double sum = start;
        int length = product.BlockLength;
        for (int first = 0; first < product.Depth; first += length)
        {
            double block = 0;
            for (int k = first; k < Math.Min(first + length, product.Depth); k++)
            {
                block = Math.FusedMultiplyAdd(left[leftStart + (k * leftStep)], right[rightStart + (k * rightStep)], block);
            }

            sum = first == 0 && !product.HasStart ? block : sum + block;
        }

        return sum;
    }

    private static float OrderedSingle(
        double[] left, int leftStart, int leftStep, double[] right, int rightStart, int rightStep, double start, Product product)
    {
        float sum = (float)start;
        int length = product.BlockLength;
        for (int first = 0; first < product.Depth; first += length)
        {
            float block = 0;
            for (int k = first; k < Math.Min(first + length, product.Depth); k++)
            {
                block = MathF.FusedMultiplyAdd((float)left[leftStart + (k * leftStep)], (float)right[rightStart + (k * rightStep)], block);
            }

            sum = first == 0 && !product.HasStart ? block : sum + block;
        }

        return sum;
    }

    private static double[] Numbers(int length, int seed, bool isDouble)
    {
        var random = new Random(seed);
        var numbers = new double[length];
        for (int i = 0; i < length; i++)
        {
            double number = random.NextDouble() - 0.5;
            numbers[i] = isDouble ? number : (float)number;
        }

        return numbers;
    }

    private readonly record struct Product(int Rows, int Columns, int Depth)
    {
        public bool ATransposed { get; init; }

        public bool BTransposed { get; init; }

        public bool Accumulate { get; init; }

        public bool SharesA { get; init; }

        public bool SharesB { get; init; }

        public bool NanInA { get; init; }

        // Of each product, or one that all share. It takes a C without gaps.
        public bool HasBias { get; init; }

        public bool SharesBias { get; init; }

        // Between rows, and between the matrices of a batch.
        public int Padding { get; init; }

        public int Gap { get; init; }

        public int Batch { get; init; } = 1;

        public bool HasStart => Accumulate || HasBias;

        // As few blocks of at most 320 as there can be, as equal as multiples of 8 allow.
        public int BlockLength => ((Depth + Math.Max(1, (Depth + 319) / 320) - 1) / Math.Max(1, (Depth + 319) / 320) + 7) / 8 * 8;
    }

    private readonly struct Stored
    {
        private readonly int rows;
        private readonly int columns;

        public Stored(int rows, int columns, Product product, bool isShared)
        {
            this.rows = rows;
            this.columns = columns;
            RowStride = columns + product.Padding;
            int size = (rows * RowStride) + product.Gap;
            BatchStride = isShared ? 0 : size;
            Length = size * (isShared ? 1 : product.Batch);
        }

        public int RowStride { get; }

        public int BatchStride { get; }

        public int Length { get; }

        public DeviceMatrix In(DeviceMemory memory) => new(memory.Span, rows, columns, RowStride, BatchStride);
    }
}
