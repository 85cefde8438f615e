using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The products of two vectors, number by number: resultᵢ = xᵢ · yᵢ.</summary>
/// <remarks>
/// In place is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct Multiply<B, V>(B x, B y, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B y = y;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        result.Store(index, count, x.Load(index, count) * y.Load(index, count));
    }
}
