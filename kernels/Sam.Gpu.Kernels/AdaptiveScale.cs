using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A vector times the scale of ASAM: resultᵢ = Tᵢ xᵢ with Tᵢ = |wᵢ| + ξ where the mask is 1, and Tᵢ = 1 where it is 0.</summary>
/// <remarks>
/// Kwon et al., "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks" (2021): elementwise,
/// weights only, as their code has it. In place (result = x) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AdaptiveScale<B, V>(B parameters, B mask, B x, V offset, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B parameters = parameters;
    private readonly B mask = mask;
    private readonly B x = x;
    private readonly V offset = offset;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V one = V.Constant(1);
        V scale = V.WhereEqual(mask.Load(index, count), one, V.Abs(parameters.Load(index, count)) + offset, one);
        result.Store(index, count, scale * x.Load(index, count));
    }
}
