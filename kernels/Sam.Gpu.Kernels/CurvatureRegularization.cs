using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The gradient of CR-SAM: result = p + γ (p + m − 2 g) + β (p − m), with g at w, p uphill of it and m as far downhill.</summary>
/// <remarks>
/// As the code of Wu et al., "CR-SAM: Curvature Regularized Sharpness-Aware Minimization" (2024), has it. p + m − 2 g is taken as the sum of two
/// differences, in which less is lost. In place is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct CurvatureRegularization<B, V>(B gradient, B uphill, B downhill, V gamma, V beta, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B gradient = gradient;
    private readonly B uphill = uphill;
    private readonly B downhill = downhill;
    private readonly V gamma = gamma;
    private readonly V beta = beta;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V g = gradient.Load(index, count);
        V p = uphill.Load(index, count);
        V m = downhill.Load(index, count);
        V curved = (p - g) + (m - g);
        result.Store(index, count, V.FusedMultiplyAdd(beta, p - m, V.FusedMultiplyAdd(gamma, curved, p)));
    }
}
