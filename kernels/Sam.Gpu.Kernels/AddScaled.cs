using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A vector and a multiple of another: resultᵢ = yᵢ + factor · xᵢ, rounded once.</summary>
/// <remarks>
/// In place (result = y or x) is allowed. With factor = −η this is the step of gradient descent.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AddScaled<B, V>(B x, V factor, B y, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly V factor = factor;
    private readonly B y = y;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        result.Store(index, count, V.FusedMultiplyAdd(factor, x.Load(index, count), y.Load(index, count)));
    }
}
