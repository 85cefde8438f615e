using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The second half of a product in pieces of its depth: C = Σ partial products, or C += them, in their order.</summary>
/// <remarks>
/// C[i, r, c] is number (i · rows + r) · columns + c of the launch, and of each piece's partial products, which follow each other.
/// <see cref="TiledProduct{B, V, S}"/> is the first half. For lanes of one number.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane, of width one.</typeparam>
public readonly struct AddPartialProducts<B, V>(
    B partials, int pieces, int pieceStride, B c, int cRowStride, int cBatchStride, int rows, int columns, int accumulate) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B partials = partials;
    private readonly int pieces = pieces;
    private readonly int pieceStride = pieceStride;
    private readonly B c = c;
    private readonly int cRowStride = cRowStride;
    private readonly int cBatchStride = cBatchStride;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        int row = index / columns;
        int item = row / rows;
        int target = (item * cBatchStride) + ((row - (item * rows)) * cRowStride) + (index - (row * columns));
        V first = partials.Broadcast(index);
        V sum = accumulate != 0 ? c.Broadcast(target) + first : first;
        for (int piece = 1; piece < pieces; piece++)
        {
            sum += partials.Broadcast((piece * pieceStride) + index);
        }

        c.StoreFirst(target, sum);
    }
}
