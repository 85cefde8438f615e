using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The plain matrix product, one number of the result an element: C = A B or C += A B, batched, any strides.</summary>
/// <remarks>
/// C[i, r, c] = Σ_k A[i, r, k] B[i, k, c] with i the matrix of the batch, r &lt; rows, c &lt; columns, k &lt; depth. For lanes of one
/// number only. It is the product of the devices that bring none of their own, and the oracle of those that do.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane, of width one.</typeparam>
public readonly struct MatrixProduct<B, V>(
    B a, int aRowStride, int aColumnStride, int aBatchStride,
    B b, int bRowStride, int bColumnStride, int bBatchStride,
    B c, int cRowStride, int cBatchStride,
    int rows, int columns, int depth, int accumulate) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B a = a;
    private readonly int aRowStride = aRowStride;
    private readonly int aColumnStride = aColumnStride;
    private readonly int aBatchStride = aBatchStride;
    private readonly B b = b;
    private readonly int bRowStride = bRowStride;
    private readonly int bColumnStride = bColumnStride;
    private readonly int bBatchStride = bBatchStride;
    private readonly B c = c;
    private readonly int cRowStride = cRowStride;
    private readonly int cBatchStride = cBatchStride;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly int depth = depth;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        int column = index % columns;
        int row = index / columns % rows;
        int item = index / columns / rows;
        int left = (item * aBatchStride) + (row * aRowStride);
        int right = (item * bBatchStride) + (column * bColumnStride);
        int target = (item * cBatchStride) + (row * cRowStride) + column;
        V sum = V.Constant(0);
        for (int k = 0; k < depth; k++)
        {
            sum = V.FusedMultiplyAdd(a.Broadcast(left + (k * aColumnStride)), b.Broadcast(right + (k * bRowStride)), sum);
        }

        c.StoreFirst(target, accumulate != 0 ? c.Broadcast(target) + sum : sum);
    }
}
