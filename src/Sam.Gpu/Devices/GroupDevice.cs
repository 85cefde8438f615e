using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>A device whose teams are groups of threads, one number a thread: a GPU, or its emulation.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="B">The buffer.</typeparam>
public abstract class GroupDevice<V, B> : KernelDevice<V, B>
    where V : unmanaged, ILane<V>
    where B : struct, IBuffer<V>
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">The name shown to the user.</param>
    protected GroupDevice(string name)
        : base(name) => ArgumentOutOfRangeException.ThrowIfNotEqual(V.Width, 1, "the width of the lane");

    /// <summary>The most threads of a group.</summary>
    protected virtual int LargestGroup => 256;

    /// <summary>Launches a kernel over the tiles 0 … <paramref name="tiles"/> − 1, a team with shared memory each.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="tiles">The number of tiles, ≥ 0.</param>
    public abstract void LaunchTiles<K>(in K kernel, int tiles)
        where K : struct, ITileKernel<V>;

    /// <inheritdoc/>
    /// <remarks>The partial products of a product whose depth is cut in pieces.</remarks>
    public override long ProductMemory(in DeviceProduct product)
    {
        int pieces = Plan(product).Pieces;
        return pieces == 1 ? 0 : (long)product.Batch * product.C.Rows * product.C.Columns * pieces * ElementSize;
    }

    /// <inheritdoc/>
    protected override void MultiplyChecked(in DeviceProduct product)
    {
        var (a, b, c) = (product.A, product.B, product.C);
        var plan = Plan(product);
        switch (plan.Tiling)
        {
            case ProductTiling.Large:
                MultiplyTiles<LargeTile>(product, plan);
                break;
            case ProductTiling.Medium:
                MultiplyTiles<MediumTile>(product, plan);
                break;
            case ProductTiling.Small:
                MultiplyTiles<SmallTile>(product, plan);
                break;
            default:
                var kernel = new MatrixProduct<B, V>(
                    Buffer(a.Span), Strides(a).Row, Strides(a).Column, a.BatchStride,
                    Buffer(b.Span), Strides(b).Row, Strides(b).Column, b.BatchStride,
                    Buffer(c.Span), c.RowStride, c.BatchStride,
                    c.Rows, c.Columns, a.Columns, product.Accumulate ? 1 : 0);
                LaunchElements(kernel, product.Batch * c.Rows * c.Columns);
                break;
        }
    }

    private GroupProductPlan Plan(in DeviceProduct product) => GroupProductPlan.Choose(
        product.C.Rows, product.C.Columns, product.A.Columns, product.Batch, GroupProductPlan.Largest(V.IsDouble, LargestGroup));

    private static (int Row, int Column) Strides(DeviceMatrix matrix) =>
        matrix.IsTransposed ? (1, matrix.RowStride) : (matrix.RowStride, 1);

    private static int Tiles(int length, int size) => (int)(((long)length + size - 1) / size);

    private void MultiplyTiles<S>(in DeviceProduct product, GroupProductPlan plan)
        where S : struct, IProductTile
    {
        var (a, b, c) = (product.A, product.B, product.C);
        var (batch, accumulate) = (product.Batch, product.Accumulate);
        var left = new ProductFactor<B>(Buffer(a.Span), Strides(a).Row, Strides(a).Column, a.BatchStride, a.Rows);
        var right = new ProductFactor<B>(Buffer(b.Span), Strides(b).Column, Strides(b).Row, b.BatchStride, b.Columns);
        int tiles = Tiles(c.Rows, S.Size) * Tiles(c.Columns, S.Size) * batch * plan.Pieces;
        if (plan.Pieces == 1)
        {
            LaunchTiles(
                new TiledProduct<B, V, S>(
                    left, right, Buffer(c.Span), c.RowStride, c.BatchStride, 0, a.Columns, plan.Chunk, 1, accumulate ? 1 : 0),
                tiles);
            return;
        }

        int numbers = batch * c.Rows * c.Columns;
        B partials = Buffer(Scratch(numbers * plan.Pieces));
        LaunchTiles(
            new TiledProduct<B, V, S>(
                left, right, partials, c.Columns, c.Rows * c.Columns, numbers, a.Columns, plan.Chunk, plan.Pieces, 0),
            tiles);
        LaunchElements(
            new AddPartialProducts<B, V>(
                partials, plan.Pieces, numbers, Buffer(c.Span), c.RowStride, c.BatchStride, c.Rows, c.Columns, accumulate ? 1 : 0),
            numbers);
    }
}
