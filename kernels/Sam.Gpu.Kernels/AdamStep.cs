using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A step of Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², then w ← w − η m / (√v c + ε).</summary>
/// <remarks>
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), in the order of operations of PyTorch. The corrections of the bias
/// are in η, divided by 1 − β₁ᵗ, and in c = 1/√(1 − β₂ᵗ). Both updates and the step are one pass over memory.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AdamStep<B, V>(
    B parameters, B first, B second, B gradient, V beta1, V share1, V beta2, V share2, V stepSize, V rootScale, V epsilon) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B parameters = parameters;
    private readonly B first = first;
    private readonly B second = second;
    private readonly B gradient = gradient;
    private readonly V beta1 = beta1;
    private readonly V share1 = share1;
    private readonly V beta2 = beta2;
    private readonly V share2 = share2;
    private readonly V stepSize = stepSize;
    private readonly V rootScale = rootScale;
    private readonly V epsilon = epsilon;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V g = gradient.Load(index, count);
        V m = V.FusedMultiplyAdd(beta1, first.Load(index, count), share1 * g);
        V v = V.FusedMultiplyAdd(beta2, second.Load(index, count), share2 * g * g);
        first.Store(index, count, m);
        second.Store(index, count, v);
        V divisor = V.FusedMultiplyAdd(V.Sqrt(v), rootScale, epsilon);
        parameters.Store(index, count, V.FusedMultiplyAdd(-stepSize, m / divisor, parameters.Load(index, count)));
    }
}
