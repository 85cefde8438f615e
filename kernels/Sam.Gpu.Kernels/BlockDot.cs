using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The first half of all dot products between two blocks of vectors: partials[i, j, r] = Σ x[i, p] y[j, p] over chunk r.</summary>
/// <remarks>
/// x is [xCount, length], y is [yCount, length]; chunk r is p = r·chunk … min((r + 1)·chunk, length) − 1, small enough that the chunks of all
/// vectors stay in a core's cache while every pair is formed. partials is [xCount, yCount, chunks]; <see cref="SumRow{B, V}"/> is the second half.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct BlockDot<B, V>(
    B x, int xCount, B y, int yCount, B partials, int length, int chunk, int chunks) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly int xCount = xCount;
    private readonly B y = y;
    private readonly int yCount = yCount;
    private readonly B partials = partials;
    private readonly int length = length;
    private readonly int chunk = chunk;
    private readonly int chunks = chunks;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * chunk;
        int end = start + chunk < length ? start + chunk : length;
        int step = team.Size * V.Width;
        for (int i = 0; i < xCount; i++)
        {
            for (int j = 0; j < yCount; j++)
            {
                V even = V.Constant(0);
                V odd = even;
                int p = start + (team.Rank * V.Width);
                for (; p + step < end; p += 2 * step)
                {
                    even = V.FusedMultiplyAdd(x.Load((i * length) + p, end - p), y.Load((j * length) + p, end - p), even);
                    odd = V.FusedMultiplyAdd(
                        x.Load((i * length) + p + step, end - p - step), y.Load((j * length) + p + step, end - p - step), odd);
                }

                for (; p < end; p += step)
                {
                    even = V.FusedMultiplyAdd(x.Load((i * length) + p, end - p), y.Load((j * length) + p, end - p), even);
                }

                V sum = team.Sum(V.SumAcross(even + odd));
                if (team.Rank == 0)
                {
                    partials.StoreFirst((((i * yCount) + j) * chunks) + row, sum);
                }
            }
        }
    }
}
