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
        for (int i = 0; i < xCount; i++)
        {
            int j = 0;
            for (; j + 4 <= yCount; j += 4)
            {
                V even0 = V.Constant(0), odd0 = even0, even1 = even0, odd1 = even0, even2 = even0, odd2 = even0, even3 = even0, odd3 = even0;
                int p = start + (team.Rank * V.Width);
                int left = (i * length) + p;
                int right = (j * length) + p;
                for (; p + step + V.Width <= end; p += 2 * step)
                {
                    V xEven = x.Load(left, V.Width);
                    V xOdd = x.Load(left + step, V.Width);
                    even0 = V.FusedMultiplyAdd(xEven, y.Load(right, V.Width), even0);
                    odd0 = V.FusedMultiplyAdd(xOdd, y.Load(right + step, V.Width), odd0);
                    even1 = V.FusedMultiplyAdd(xEven, y.Load(right + length, V.Width), even1);
                    odd1 = V.FusedMultiplyAdd(xOdd, y.Load(right + length + step, V.Width), odd1);
                    even2 = V.FusedMultiplyAdd(xEven, y.Load(right + (2 * length), V.Width), even2);
                    odd2 = V.FusedMultiplyAdd(xOdd, y.Load(right + (2 * length) + step, V.Width), odd2);
                    even3 = V.FusedMultiplyAdd(xEven, y.Load(right + (3 * length), V.Width), even3);
                    odd3 = V.FusedMultiplyAdd(xOdd, y.Load(right + (3 * length) + step, V.Width), odd3);
                    left += 2 * step;
                    right += 2 * step;
                }

                Finish(team, row, i, j, p, end, even0, odd0);
                Finish(team, row, i, j + 1, p, end, even1, odd1);
                Finish(team, row, i, j + 2, p, end, even2, odd2);
                Finish(team, row, i, j + 3, p, end, even3, odd3);
            }

            for (; j < yCount; j++)
            {
                Finish(team, row, i, j, start + (team.Rank * V.Width), end, V.Constant(0), V.Constant(0));
            }
        }
    }

    // What is left of a pair from p on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Finish<T>(T team, int row, int i, int j, int p, int end, V even, V odd)
        where T : struct, ITeam<V>
    {
        int step = team.Size * V.Width;
        int left = i * length;
        int right = j * length;
        for (; p + step < end; p += 2 * step)
        {
            even = V.FusedMultiplyAdd(x.Load(left + p, end - p), y.Load(right + p, end - p), even);
            odd = V.FusedMultiplyAdd(x.Load(left + p + step, end - p - step), y.Load(right + p + step, end - p - step), odd);
        }

        for (; p < end; p += step)
        {
            even = V.FusedMultiplyAdd(x.Load(left + p, end - p), y.Load(right + p, end - p), even);
        }

        V sum = team.Sum(V.SumAcross(even + odd));
        if (team.Rank == 0)
        {
            partials.StoreFirst((((i * yCount) + j) * chunks) + row, sum);
        }
    }
}
