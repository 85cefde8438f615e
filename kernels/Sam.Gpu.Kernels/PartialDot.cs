using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The first half of a dot product: partialsᵣ = Σ xᵢ yᵢ over chunk r of the vectors.</summary>
/// <remarks>
/// Chunk r is i = r·chunk … min((r + 1)·chunk, length) − 1. Four running sums hide the latency of the addition; they and the lanes are added
/// in a fixed order. Whole lanes have a loop of their own, which need not ask how much to load. <see cref="SumRow{B, V}"/> is the second half.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct PartialDot<B, V>(B x, B y, B partials, int length, int chunk) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B y = y;
    private readonly B partials = partials;
    private readonly int length = length;
    private readonly int chunk = chunk;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * chunk;
        int end = start + chunk < length ? start + chunk : length;
        int step = team.Size * V.Width;
        V sum0 = V.Constant(0);
        V sum1 = sum0;
        V sum2 = sum0;
        V sum3 = sum0;
        int i = start + (team.Rank * V.Width);
        for (; i + (3 * step) + V.Width <= end; i += 4 * step)
        {
            sum0 = V.FusedMultiplyAdd(x.Load(i, V.Width), y.Load(i, V.Width), sum0);
            sum1 = V.FusedMultiplyAdd(x.Load(i + step, V.Width), y.Load(i + step, V.Width), sum1);
            sum2 = V.FusedMultiplyAdd(x.Load(i + (2 * step), V.Width), y.Load(i + (2 * step), V.Width), sum2);
            sum3 = V.FusedMultiplyAdd(x.Load(i + (3 * step), V.Width), y.Load(i + (3 * step), V.Width), sum3);
        }

        // Where the fourth lane is a part of one.
        if (i + (3 * step) < end)
        {
            sum0 = V.FusedMultiplyAdd(x.Load(i, end - i), y.Load(i, end - i), sum0);
            sum1 = V.FusedMultiplyAdd(x.Load(i + step, end - i - step), y.Load(i + step, end - i - step), sum1);
            sum2 = V.FusedMultiplyAdd(x.Load(i + (2 * step), end - i - (2 * step)), y.Load(i + (2 * step), end - i - (2 * step)), sum2);
            sum3 = V.FusedMultiplyAdd(x.Load(i + (3 * step), end - i - (3 * step)), y.Load(i + (3 * step), end - i - (3 * step)), sum3);
            i += 4 * step;
        }

        for (; i < end; i += step)
        {
            sum0 = V.FusedMultiplyAdd(x.Load(i, end - i), y.Load(i, end - i), sum0);
        }

        V sum = team.Sum(V.SumAcross(sum0 + sum1 + (sum2 + sum3)));
        if (team.Rank == 0)
        {
            partials.StoreFirst(row, sum);
        }
    }
}
