using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>An exponential moving average: a ← a + share · (x − a).</summary>
/// <remarks>In this form an average that equals x stays x, to the bit.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ExponentialAverage<B, V>(B average, B x, V share) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B average = average;
    private readonly B x = x;
    private readonly V share = share;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V a = average.Load(index, count);
        average.Store(index, count, V.FusedMultiplyAdd(share, x.Load(index, count) - a, a));
    }
}
