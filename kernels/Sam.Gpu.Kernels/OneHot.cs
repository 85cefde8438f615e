using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Classes as rows of a matrix: result[n, c] = 1 where c is the class of n, else 0.</summary>
/// <remarks>Classes are whole numbers [rows], the result is [rows, C]. A class outside of 0 … C − 1 leaves a row of zeros.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct OneHot<B, V>(B classes, B result, int columns) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B classes = classes;
    private readonly B result = result;
    private readonly int columns = columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        V wanted = classes.Broadcast(row);
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            V index = V.Integer(c) + V.Index;
            result.Store((row * columns) + c, columns - c, V.WhereEqual(index, wanted, V.Constant(1), V.Constant(0)));
        }
    }
}
