using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Rows of a matrix by their indices: result[r, ·] = x[indexᵣ, ·].</summary>
/// <remarks>x is [any, C], the result [rows, C]; the indices are whole numbers [rows], below 2²⁴.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct GatherRows<B, V>(B x, B indices, B result, int columns) : IRowKernel<V>
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
        int source = V.ToInteger(indices.Broadcast(row)) * columns;
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            result.Store((row * columns) + c, columns - c, x.Load(source + c, columns - c));
        }
    }
}
