using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A squared error and its gradient, an example a row: lossesₙ = s Σ_c (o[n, c] − t[n, c])², gradient = 2 s (o − t).</summary>
/// <remarks>
/// o are the outputs, t the targets, both [examples, columns]; s is the scale: 1/(examples · columns) for the mean over examples and outputs,
/// 1/(2 · examples) for half the sum over outputs. The Hessian with respect to the outputs is the constant 2 s.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct SquaredError<B, V>(B outputs, B targets, B losses, B gradient, int columns, V scale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B outputs = outputs;
    private readonly B targets = targets;
    private readonly B losses = losses;
    private readonly B gradient = gradient;
    private readonly int columns = columns;
    private readonly V scale = scale;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        V twice = scale + scale;
        V sum = V.Constant(0);
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            V difference = outputs.Load(start + c, columns - c) - targets.Load(start + c, columns - c);
            gradient.Store(start + c, columns - c, twice * difference);
            sum = V.FusedMultiplyAdd(difference, difference, sum);
        }

        sum = team.Sum(V.SumAcross(sum));
        if (team.Rank == 0)
        {
            losses.StoreFirst(row, scale * sum);
        }
    }
}
