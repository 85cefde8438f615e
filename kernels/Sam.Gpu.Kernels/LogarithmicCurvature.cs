using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>
/// result = p + α (p + m − 2 g)/T − s (‖g‖ + ε)/‖g‖² (p − m), T = L₊ + L₋ − 2 L: g and L at w, p and L₊ uphill of it, m and L₋ as far downhill.
/// </summary>
/// <remarks>
/// The gradient of L(w + ρ n) + α log T − β log ‖g‖ with s = β/2ρ, but for the rounding of T: where T is not above the limit times the sum of the
/// losses' sizes it is rounding or no curvature, and the term is left out. Where g is zero so is the last term. The losses and ‖g‖ are read on
/// the device. In place is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LogarithmicCurvature<B, V>(
    B gradient, B uphill, B downhill, B loss, B uphillLoss, B downhillLoss, B gradientNorm, V alpha, V share, V epsilon, V limit, B result)
    : IElementKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B gradient = gradient;
    private readonly B uphill = uphill;
    private readonly B downhill = downhill;
    private readonly B loss = loss;
    private readonly B uphillLoss = uphillLoss;
    private readonly B downhillLoss = downhillLoss;
    private readonly B gradientNorm = gradientNorm;
    private readonly V alpha = alpha;
    private readonly V share = share;
    private readonly V epsilon = epsilon;
    private readonly V limit = limit;
    private readonly B result = result;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        V zero = V.Constant(0);
        V middle = loss.Broadcast(0);
        V above = uphillLoss.Broadcast(0);
        V below = downhillLoss.Broadcast(0);
        V norm = gradientNorm.Broadcast(0);
        V curvature = (above - middle) + (below - middle);
        V least = limit * (V.Abs(above) + V.Abs(below) + V.Abs(middle) + V.Abs(middle));
        V curved = V.WhereLess(least, curvature, alpha / curvature, zero);
        V along = V.WhereEqual(norm, zero, zero, share * ((norm + epsilon) / norm) / norm);
        V g = gradient.Load(index, count);
        V p = uphill.Load(index, count);
        V m = downhill.Load(index, count);
        V bent = (p - g) + (m - g);
        result.Store(index, count, V.FusedMultiplyAdd(-along, p - m, V.FusedMultiplyAdd(curved, bent, p)));
    }
}
