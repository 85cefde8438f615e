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
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            V sum = accumulate != 0 ? result.Load(target + c, columns - c) : V.Constant(0);
            for (int n = first; n < last; n++)
            {
                sum += x.Load((((k * rows) + n) * columns) + c, columns - c);
            }

            result.Store(target + c, columns - c, sum);
        }
    }
}
