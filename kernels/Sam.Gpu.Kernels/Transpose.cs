using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Transposes matrices: y[k, m, c, r] = x[k, m, r, c], or added to y.</summary>
/// <remarks>
/// M matrices [R, C] follow each other, those of the next k begin a stride later. One row of the launch is a row r of one matrix, so neighbouring
/// threads load neighbouring numbers.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct Transpose<B, V>(B x, int xStride, B y, int yStride, int matrices, int rows, int columns, int accumulate) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly int xStride = xStride;
    private readonly B y = y;
    private readonly int yStride = yStride;
    private readonly int matrices = matrices;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int matrix = row / rows;
        int r = row - (matrix * rows);
        int k = matrix / matrices;
        int place = (matrix - (k * matrices)) * rows * columns;
        int source = (k * xStride) + place + (r * columns);
        int target = (k * yStride) + place + r;
        int c = team.Rank;
        if (accumulate == 0)
        {
            // Four side by side: a store does not wait for the load before it, and places are added up, not multiplied.
            int step = team.Size;
            int jump = step * rows;
            int index = target + (c * rows);
            for (; c + (3 * step) < columns; c += 4 * step)
            {
                V first = x.Broadcast(source + c);
                V second = x.Broadcast(source + c + step);
                V third = x.Broadcast(source + c + (2 * step));
                V fourth = x.Broadcast(source + c + (3 * step));
                y.StoreFirst(index, first);
                y.StoreFirst(index + jump, second);
                y.StoreFirst(index + (2 * jump), third);
                y.StoreFirst(index + (3 * jump), fourth);
                index += 4 * jump;
            }
        }

        for (; c < columns; c += team.Size)
        {
            V number = x.Broadcast(source + c);
            int index = target + (c * rows);
            y.StoreFirst(index, accumulate != 0 ? y.Broadcast(index) + number : number);
        }
    }
}
