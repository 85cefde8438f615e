using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Rows of a matrix to their indices: result[indexᵣ, ·] = x[r, ·].</summary>
/// <remarks>x is [rows, C], the result [any, C]; the indices are whole numbers [rows], below 2²⁴, no two the same.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ScatterRows<B, V>(B x, B indices, B result, int columns) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B indices = indices;
    private readonly B result = result;
    private readonly int columns = columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int target = V.ToInteger(indices.Broadcast(row)) * columns;
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            result.Store(target + c, columns - c, x.Load((row * columns) + c, columns - c));
        }
    }
}
