using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

/// <summary>A kernel that follows a matrix product part by part: the bits of the two one after the other, on every device and for every way to cut.</summary>
public sealed class ProductEpilogueTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_pass_after_a_product_gives_the_bits_of_both_one_after_the_other(string key)
    {
        using var device = TestDevices.Create(key);
        CheckAll(device, examples: 3, columns: 5, depth: 4, directions: 2, isTransposed: true);
        CheckAll(device, examples: 7, columns: 1, depth: 3, directions: 2, isTransposed: false);
        CheckAll(device, examples: 1, columns: 19, depth: 3, directions: 1, isTransposed: false);
        CheckAll(device, examples: 4, columns: 3, depth: 0, directions: 2, isTransposed: true);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void It_does_so_for_every_way_to_cut_a_product_up(int threads, bool isDouble)
    {
        using Device device = isDouble ? new CpuDevice<Simd256<double>>(threads) : new CpuDevice<Simd512<float>>(threads);

        // Several blocks of the depth; more panels than are finished together; B shared by the workers, in one chunk and in several; a small
        // C and a long depth, by blocks of it.
        CheckAll(device, examples: 40, columns: 50, depth: 700, directions: 3, isTransposed: true);
        CheckAll(device, examples: 30, columns: 650, depth: 20, directions: 2, isTransposed: false);
        CheckAll(device, examples: 700, columns: 40, depth: 650, directions: 2, isTransposed: true);
        CheckAll(device, examples: 700, columns: 140, depth: 650, directions: 3, isTransposed: false);
        CheckAll(device, examples: 10, columns: 20, depth: 5000, directions: 1, isTransposed: true);
    }

    [Fact]
    public void Products_that_are_no_block_are_errors()
    {
        using var device = new CpuDevice<Simd128<float>>(1);
        using var memory = device.Allocate(100, "numbers");
        var left = new DeviceMatrix(memory.Span.Slice(0, 6), 2, 3);
        var right = new DeviceMatrix(memory.Span.Slice(6, 12), 3, 4);
        var whole = new DeviceMatrix(memory.Span.Slice(20, 8), 2, 4);
        var gaps = new DeviceMatrix(memory.Span.Slice(20, 20), 2, 4, rowStride: 5);
        Assert.Throws<ArgumentException>(() => new DeviceProduct(left, right, gaps).WithBias(memory.Span.Slice(40, 4)));
        Assert.Throws<ArgumentException>(() => new DeviceProduct(left, right, whole).WithBias(memory.Span.Slice(40, 3)));
        Assert.Throws<ArgumentException>(() => new DeviceProduct(left, right, whole, accumulate: true).WithBias(memory.Span.Slice(40, 4)));
        Assert.Throws<ArgumentException>(() => Follow(new DeviceProduct(left, right, gaps), 8));
        Assert.Throws<ArgumentException>(() => Follow(new DeviceProduct(left, right, whole), 6));
        Assert.Throws<ArgumentException>(() => Follow(new DeviceProduct(left, right, whole), 12));
        Assert.Throws<ArgumentException>(() => Follow(new DeviceProduct(left, right, whole), 8, start: 21));

        void Follow(DeviceProduct product, int length, int start = 20) => ActivationOperations<Relu>.Forward(
            device, memory.Span.Slice(start, length), memory.Span.Slice(50, length), product);
    }

    // The directions as a batch that shares the left factor, the right one or none, and as one tall matrix.
    private static void CheckAll(Device device, int examples, int columns, int depth, int directions, bool isTransposed)
    {
        foreach (bool accumulate in (bool[])[false, true])
        {
            Check(device, examples, columns, depth, directions, directions, sharesA: true, sharesB: false, isTransposed, accumulate);
            Check(device, examples, columns, depth, directions, directions, sharesA: false, sharesB: true, isTransposed, accumulate);
            Check(device, examples, columns, depth, directions, directions, sharesA: false, sharesB: false, isTransposed, accumulate);
            Check(device, examples, columns, depth, directions, 1, sharesA: true, sharesB: true, isTransposed, accumulate);
        }
    }

    private static void Check(
        Device device, int examples, int columns, int depth, int directions, int batch, bool sharesA, bool sharesB, bool isTransposed, bool accumulate)
    {
        int rows = examples * directions / batch;
        int length = examples * columns;
        using var left = device.Place(Numbers(device, 1, rows * depth * (sharesA ? 1 : batch)));
        using var right = device.Place(Numbers(device, 2, depth * columns * (sharesB ? 1 : batch)));
        using var bias = device.Place(Numbers(device, 3, columns * batch));
        using var input = device.Place(Numbers(device, 4, length));
        using var output = device.Place(Numbers(device, 5, length));
        using var gradient = device.Place(Numbers(device, 6, length));
        using var tangent = device.Place(Numbers(device, 7, length * directions));
        double[] before = Numbers(device, 8, length * directions);
        using var apart = device.Place(before);
        using var together = device.Place(before);
        using var inPlace = device.Place(before);
        using var expected = device.Place(before);
        using var actual = device.Place(before);

        // Pass 4 and pass 2 of a block; where the result lies in the product as well.
        device.Multiply(Into(apart));
        Back(apart, expected, null);
        Back(together, actual, Into(together));
        Near.Bits(device.Read(apart.Span), device.Read(together.Span));
        Near.Bits(device.Read(expected.Span), device.Read(actual.Span));
        Back(inPlace, inPlace, Into(inPlace));
        Near.Bits(device.Read(expected.Span), device.Read(inPlace.Span));

        device.Upload(before, together.Span);
        ActivationOperations<Tanh>.Slope(device, input.Span, output.Span, apart.Span, expected.Span, directions);
        ActivationOperations<Tanh>.Slope(device, input.Span, output.Span, together.Span, actual.Span, directions, Into(together));
        Near.Bits(device.Read(expected.Span), device.Read(actual.Span));

        // Pass 1.
        if (directions == 1)
        {
            device.Upload(before, together.Span);
            ActivationOperations<Tanh>.Forward(device, apart.Span, expected.Span);
            ActivationOperations<Tanh>.Forward(device, together.Span, actual.Span, Into(together));
            Near.Bits(device.Read(expected.Span), device.Read(actual.Span));
        }

        void Back(DeviceMemory block, DeviceMemory result, DeviceProduct? product) => ActivationOperations<Tanh>.TangentBackward(
            device, input.Span, output.Span, gradient.Span, tangent.Span, block.Span, result.Span, directions, product);

        DeviceProduct Into(DeviceMemory memory)
        {
            var a = new DeviceMatrix(left.Span, rows, depth, batchStride: sharesA ? 0 : rows * depth);
            var b = isTransposed
                ? new DeviceMatrix(right.Span, columns, depth, batchStride: sharesB ? 0 : depth * columns).Transposed
                : new DeviceMatrix(right.Span, depth, columns, batchStride: sharesB ? 0 : depth * columns);
            var product = new DeviceProduct(
                a, b, new DeviceMatrix(memory.Span, rows, columns, batchStride: rows * columns), batch, accumulate);
            return accumulate ? product : product.WithBias(bias.Span, columns);
        }
    }

    private static double[] Numbers(Device device, int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => device.Round(random.NextDouble() - 0.5))];
    }
}
