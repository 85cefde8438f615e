using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A step of RMSProp: v ← β v + (1 − β) g², then w ← w − η g / (√v c + ε).</summary>
/// <remarks>
/// Tieleman and Hinton (2012), in the order of operations of PyTorch. c is 1, or 1/√(1 − βᵗ) where the bias of v is corrected.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct RmsPropStep<B, V>(
    B parameters, B second, B gradient, V beta, V share, V stepSize, V rootScale, V epsilon) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B parameters = parameters;
    private readonly B second = second;
    private readonly B gradient = gradient;
    private readonly V beta = beta;
    private readonly V share = share;
    private readonly V stepSize = stepSize;
    private readonly V rootScale = rootScale;
    private readonly V epsilon = epsilon;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V g = gradient.Load(index, count);
        V v = V.FusedMultiplyAdd(beta, second.Load(index, count), share * g * g);
        second.Store(index, count, v);
        V divisor = V.FusedMultiplyAdd(V.Sqrt(v), rootScale, epsilon);
        parameters.Store(index, count, V.FusedMultiplyAdd(-stepSize, g / divisor, parameters.Load(index, count)));
    }
}
