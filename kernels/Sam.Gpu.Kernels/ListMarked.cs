using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The indices of the marked places, in order: the n-th mark that is 1, at i, writes i to indicesₙ.</summary>
/// <remarks>One row of the launch is one place, which counts the marks before it. Fewer than 2²⁴ places.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ListMarked<B, V>(B marks, B indices) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B marks = marks;
    private readonly B indices = indices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        // For all threads of the team alike.
        if (V.ToInteger(marks.Broadcast(row)) == 0)
        {
            return;
        }

        V before = V.Constant(0);
        for (int i = team.Rank * V.Width; i < row; i += team.Size * V.Width)
        {
            before += marks.Load(i, row - i);
        }

        before = team.Sum(V.SumAcross(before));
        if (team.Rank == 0)
        {
            indices.StoreFirst(V.ToInteger(before), V.Integer(row));
        }
    }
}
