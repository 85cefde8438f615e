using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Sums over groups of rows: result[k, c] (+)= Σ x[k, n, c] over the n of a group.</summary>
/// <remarks>
/// One row of the launch is one group: of the rows n = g·group … min((g + 1)·group, rows) − 1 of matrix k, with g &lt; groups. Its sums go to
/// result[k·resultStride + g·columns + c]. The rows are added in order. A long sum is two launches: groups first, then the groups' sums.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ColumnSums<B, V>(
    B x, B result, int rows, int columns, int group, int groups, int resultStride, int accumulate) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B result = result;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly int group = group;
    private readonly int groups = groups;
    private readonly int resultStride = resultStride;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int k = row / groups;
        int g = row - (k * groups);
        int first = g * group;
        int last = first + group < rows ? first + group : rows;
        int target = (k * resultStride) + (g * columns);
        int step = team.Size * V.Width;
        int c = team.Rank * V.Width;

        // Four lanes side by side: each sum waits for the addition before it.
        for (; c + (3 * step) + V.Width <= columns; c += 4 * step)
        {
            V sum0 = V.Constant(0);
            V sum1 = sum0;
            V sum2 = sum0;
            V sum3 = sum0;
            if (accumulate != 0)
            {
                sum0 = result.Load(target + c, V.Width);
                sum1 = result.Load(target + c + step, V.Width);
                sum2 = result.Load(target + c + (2 * step), V.Width);
                sum3 = result.Load(target + c + (3 * step), V.Width);
            }

            int place = (((k * rows) + first) * columns) + c;
            for (int n = first; n < last; n++)
            {
                sum0 += x.Load(place, V.Width);
                sum1 += x.Load(place + step, V.Width);
                sum2 += x.Load(place + (2 * step), V.Width);
                sum3 += x.Load(place + (3 * step), V.Width);
                place += columns;
            }

            result.Store(target + c, V.Width, sum0);
            result.Store(target + c + step, V.Width, sum1);
            result.Store(target + c + (2 * step), V.Width, sum2);
            result.Store(target + c + (3 * step), V.Width, sum3);
        }

        for (; c < columns; c += step)
        {
            int count = columns - c;
            V sum = accumulate != 0 ? result.Load(target + c, count) : V.Constant(0);
            int place = (((k * rows) + first) * columns) + c;
            int n = first;

            // Eight loads before their additions: a thread of a GPU waits for memory once, not eight times.
            for (; n + 8 <= last; n += 8)
            {
                V row0 = x.Load(place, count);
                V row1 = x.Load(place + columns, count);
                V row2 = x.Load(place + (2 * columns), count);
                V row3 = x.Load(place + (3 * columns), count);
                V row4 = x.Load(place + (4 * columns), count);
                V row5 = x.Load(place + (5 * columns), count);
                V row6 = x.Load(place + (6 * columns), count);
                V row7 = x.Load(place + (7 * columns), count);
                sum = sum + row0 + row1 + row2 + row3 + row4 + row5 + row6 + row7;
                place += 8 * columns;
            }

            for (; n < last; n++)
            {
                sum += x.Load(place, count);
                place += columns;
            }

            result.Store(target + c, count, sum);
        }
    }
}
