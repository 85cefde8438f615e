using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>Linear combinations of a block of vectors: y[j, p] = Σᵢ coefficients[j, i] x[i, p], or added to y.</summary>
/// <remarks>
/// x is [xCount, length], y is [yCount, length], coefficients is [yCount, xCount], in device memory. One element is a p; x and y do not overlap.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct BlockCombine<B, V>(B x, int xCount, B coefficients, B y, int yCount, int length, int accumulate) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly int xCount = xCount;
    private readonly B coefficients = coefficients;
    private readonly B y = y;
    private readonly int yCount = yCount;
    private readonly int length = length;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        for (int j = 0; j < yCount; j++)
        {
            V sum = accumulate != 0 ? y.Load((j * length) + index, count) : V.Constant(0);
            for (int i = 0; i < xCount; i++)
            {
                sum = V.FusedMultiplyAdd(coefficients.Broadcast((j * xCount) + i), x.Load((i * length) + index, count), sum);
            }

            y.Store((j * length) + index, count, sum);
        }
    }
}
