using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The sum of each row of a matrix: resultᵣ = Σ xᵣᵢ, or its square root, or added to what is there.</summary>
/// <remarks>
/// Row r is x[r·columns … (r + 1)·columns − 1]. The second half of every reduction: a row holds the partial sums of one. Whole lanes
/// have a loop of their own, which need not ask how much to load.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct SumRow<B, V>(B x, B result, int columns, int squareRoot, int accumulate) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B result = result;
    private readonly int columns = columns;
    private readonly int squareRoot = squareRoot;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        V sum = V.Constant(0);
        int c = team.Rank * V.Width;
        for (; c + V.Width <= columns; c += team.Size * V.Width)
        {
            sum += x.Load(start + c, V.Width);
        }

        for (; c < columns; c += team.Size * V.Width)
        {
            sum += x.Load(start + c, columns - c);
        }

        sum = team.Sum(V.SumAcross(sum));
        if (team.Rank == 0)
        {
            sum = squareRoot != 0 ? V.Sqrt(sum) : sum;
            result.StoreFirst(row, accumulate != 0 ? result.Broadcast(row) + sum : sum);
        }
    }
}
