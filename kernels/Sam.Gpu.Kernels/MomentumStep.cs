using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A step of gradient descent with momentum: v ← β v + g, then w ← w − η (c g + d v).</summary>
/// <remarks>
/// Polyak's heavy ball has (c, d) = (0, 1); Nesterov's form, as PyTorch writes it, has (1, β). Both updates of a number are one pass over
/// memory.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct MomentumStep<B, V>(
    B parameters, B velocity, B gradient, V stepSize, V momentum, V gradientShare, V velocityShare) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B parameters = parameters;
    private readonly B velocity = velocity;
    private readonly B gradient = gradient;
    private readonly V stepSize = stepSize;
    private readonly V momentum = momentum;
    private readonly V gradientShare = gradientShare;
    private readonly V velocityShare = velocityShare;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V g = gradient.Load(index, count);
        V v = V.FusedMultiplyAdd(momentum, velocity.Load(index, count), g);
        velocity.Store(index, count, v);
        V direction = V.FusedMultiplyAdd(velocityShare, v, gradientShare * g);
        parameters.Store(index, count, V.FusedMultiplyAdd(-stepSize, direction, parameters.Load(index, count)));
    }
}
