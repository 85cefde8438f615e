using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>The gradient of GSAM: result = p − α (g − (g·p / ‖p‖²) p), with p uphill; the dot product and ‖p‖ are read on the device.</summary>
/// <remarks>
/// Zhuang et al., "Surrogate Gap Minimization Improves Sharpness-Aware Training" (2022): g less its part along p is orthogonal to p. Where p
/// is zero nothing is along it. In place (result = g or p) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct SurrogateGap<B, V>(B gradient, B uphill, B dot, B uphillNorm, V alpha, B result) : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B gradient = gradient;
    private readonly B uphill = uphill;
    private readonly B dot = dot;
    private readonly B uphillNorm = uphillNorm;
    private readonly V alpha = alpha;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V norm = uphillNorm.Broadcast(0);
        V zero = V.Constant(0);
        V along = V.WhereEqual(norm, zero, zero, dot.Broadcast(0) / norm / norm);
        V p = uphill.Load(index, count);
        V perpendicular = V.FusedMultiplyAdd(-along, p, gradient.Load(index, count));
        result.Store(index, count, V.FusedMultiplyAdd(-alpha, perpendicular, p));
    }
}
