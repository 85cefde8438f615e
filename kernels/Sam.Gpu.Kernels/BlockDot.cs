using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The first half of all dot products between two blocks of vectors: partials[i, j, r] = Σ x[i, p] y[j, p] over chunk r.</summary>
/// <remarks>
/// x is [xCount, length], y is [yCount, length]; chunk r is p = r·chunk … min((r + 1)·chunk, length) − 1, small enough that the chunks of all
/// vectors stay in a core's cache while every pair is formed, one x with four y at a time. partials is [xCount, yCount,
/// chunks]; <see cref="SumRow{B, V}"/> is the second half.
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

        // The last chunk may end within a lane or between two: there the pairs go one by one.
        int tiled = (end - start) % (2 * step) == 0 ? yCount / 4 * 4 : 0;
        for (int i = 0; i < xCount; i++)
        {
            int left = i * length;
            for (int j = 0; j < tiled; j += 4)
            {
                V even0 = V.Constant(0), odd0 = even0, even1 = even0, odd1 = even0, even2 = even0, odd2 = even0, even3 = even0, odd3 = even0;
                int y0 = j * length;
                int y1 = y0 + length;
                int y2 = y1 + length;
                int y3 = y2 + length;
                for (int p = start + (team.Rank * V.Width); p < end; p += 2 * step)
                {
                    V number = x.Load(left + p, V.Width);
                    even0 = V.FusedMultiplyAdd(number, y.Load(y0 + p, V.Width), even0);
                    even1 = V.FusedMultiplyAdd(number, y.Load(y1 + p, V.Width), even1);
                    even2 = V.FusedMultiplyAdd(number, y.Load(y2 + p, V.Width), even2);
                    even3 = V.FusedMultiplyAdd(number, y.Load(y3 + p, V.Width), even3);
                    number = x.Load(left + p + step, V.Width);
                    odd0 = V.FusedMultiplyAdd(number, y.Load(y0 + p + step, V.Width), odd0);
                    odd1 = V.FusedMultiplyAdd(number, y.Load(y1 + p + step, V.Width), odd1);
                    odd2 = V.FusedMultiplyAdd(number, y.Load(y2 + p + step, V.Width), odd2);
                    odd3 = V.FusedMultiplyAdd(number, y.Load(y3 + p + step, V.Width), odd3);
                }

                Store(team, row, i, j, even0 + odd0);
                Store(team, row, i, j + 1, even1 + odd1);
                Store(team, row, i, j + 2, even2 + odd2);
                Store(team, row, i, j + 3, even3 + odd3);
            }

            for (int j = tiled; j < yCount; j++)
            {
                V even = V.Constant(0);
                V odd = even;
                int right = j * length;
                int p = start + (team.Rank * V.Width);
                for (; p + step + V.Width <= end; p += 2 * step)
                {
                    even = V.FusedMultiplyAdd(x.Load(left + p, V.Width), y.Load(right + p, V.Width), even);
                    odd = V.FusedMultiplyAdd(x.Load(left + p + step, V.Width), y.Load(right + p + step, V.Width), odd);
                }

                if (p + step < end)
                {
                    odd = V.FusedMultiplyAdd(x.Load(left + p + step, end - p - step), y.Load(right + p + step, end - p - step), odd);
                }

                if (p < end)
                {
                    even = V.FusedMultiplyAdd(x.Load(left + p, end - p), y.Load(right + p, end - p), even);
                }

                Store(team, row, i, j, even + odd);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(T team, int row, int i, int j, V value)
        where T : struct, ITeam<V>
    {
        V sum = team.Sum(V.SumAcross(value));
        if (team.Rank == 0)
        {
            partials.StoreFirst((((i * yCount) + j) * chunks) + row, sum);
        }
    }
}
