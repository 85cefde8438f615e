using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>Linear combinations of a block of vectors: y[j, p] = Σᵢ coefficients[j, i] x[i, p], or added to y.</summary>
/// <remarks>
/// x is [xCount, length], y is [yCount, length], coefficients is [yCount, xCount], in device memory. One element is a p; x and y do not overlap.
/// A number of x serves four y at a time.
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
        int j = 0;
        for (; j + 4 <= yCount; j += 4)
        {
            int place = (j * length) + index;
            V sum0 = V.Constant(0);
            V sum1 = sum0;
            V sum2 = sum0;
            V sum3 = sum0;
            if (accumulate != 0)
            {
                sum0 = y.Load(place, count);
                sum1 = y.Load(place + length, count);
                sum2 = y.Load(place + (2 * length), count);
                sum3 = y.Load(place + (3 * length), count);
            }

            int row = j * xCount;
            for (int i = 0; i < xCount; i++)
            {
                V number = x.Load((i * length) + index, count);
                sum0 = V.FusedMultiplyAdd(coefficients.Broadcast(row + i), number, sum0);
                sum1 = V.FusedMultiplyAdd(coefficients.Broadcast(row + xCount + i), number, sum1);
                sum2 = V.FusedMultiplyAdd(coefficients.Broadcast(row + (2 * xCount) + i), number, sum2);
                sum3 = V.FusedMultiplyAdd(coefficients.Broadcast(row + (3 * xCount) + i), number, sum3);
            }

            y.Store(place, count, sum0);
            y.Store(place + length, count, sum1);
            y.Store(place + (2 * length), count, sum2);
            y.Store(place + (3 * length), count, sum3);
        }

        for (; j < yCount; j++)
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
