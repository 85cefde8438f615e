using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>What a step of <see cref="AdamStep{B, V}"/> or <see cref="RmsPropStep{B, V}"/> divides by: √(β v + (1 − β) g²) c + ε.</summary>
/// <remarks>The average v stays as it is.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AdaptivePreconditioner<B, V>(
    B second, B gradient, V beta, V share, V rootScale, V epsilon, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B second = second;
    private readonly B gradient = gradient;
    private readonly V beta = beta;
    private readonly V share = share;
    private readonly V rootScale = rootScale;
    private readonly V epsilon = epsilon;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V g = gradient.Load(index, count);
        V v = V.FusedMultiplyAdd(beta, second.Load(index, count), share * g * g);
        result.Store(index, count, V.FusedMultiplyAdd(V.Sqrt(v), rootScale, epsilon));
    }
}
