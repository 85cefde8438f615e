using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The inverse square roots of a vector, number by number: resultᵢ = 1/√xᵢ; infinite at 0, NaN below.</summary>
/// <remarks>
/// In place is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct InverseSquareRoot<B, V>(B x, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        result.Store(index, count, V.Constant(1) / V.Sqrt(x.Load(index, count)));
    }
}
