using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A function of lanes over whole vectors: resultᵢ = f(xᵢ, yᵢ, zᵢ). It is how a device's arithmetic is checked.</summary>
/// <remarks>
/// i &lt; length of the launch. In place is allowed, and so is the same vector for several arguments.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
/// <typeparam name="F">The function f.</typeparam>
public readonly struct ApplyFunction<B, V, F>(B x, B y, B z, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where F : struct, IFunction
{
    private readonly B x = x;
    private readonly B y = y;
    private readonly B z = z;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        result.Store(index, count, F.Value(x.Load(index, count), y.Load(index, count), z.Load(index, count)));
    }
}
