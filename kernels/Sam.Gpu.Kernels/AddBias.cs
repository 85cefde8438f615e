using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Adds a bias to every row: y[k, n, c] += bias[k, c].</summary>
/// <remarks>
/// One row of the launch is one pair (k, n); examples is the number of n. The bias of direction k starts at k·biasStride.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AddBias<B, V>(B y, B bias, int examples, int columns, int biasStride) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B y = y;
    private readonly B bias = bias;
    private readonly int examples = examples;
    private readonly int columns = columns;
    private readonly int biasStride = biasStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int origin = row / examples * biasStride;
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            y.Store(start + c, columns - c, y.Load(start + c, columns - c) + bias.Load(origin + c, columns - c));
        }
    }
}
