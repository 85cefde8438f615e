using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The ascent step of SAM: resultᵢ = wᵢ + ρ gᵢ / (‖g‖ + ε), with ‖g‖ read on the device.</summary>
/// <remarks>
/// Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (2021), equation 2. Where the gradient is
/// zero there is no direction of ascent: the result is w, whatever ε.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AscentStep<B, V>(B parameters, B gradient, B gradientNorm, V rho, V epsilon, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B parameters = parameters;
    private readonly B gradient = gradient;
    private readonly B gradientNorm = gradientNorm;
    private readonly V rho = rho;
    private readonly V epsilon = epsilon;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V norm = gradientNorm.Broadcast(0);
        V zero = V.Constant(0);
        V factor = V.WhereEqual(norm, zero, zero, rho / (norm + epsilon));
        result.Store(index, count, V.FusedMultiplyAdd(factor, gradient.Load(index, count), parameters.Load(index, count)));
    }
}
