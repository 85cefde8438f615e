using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The cross-entropy of softmax(o) to a distribution t, an example a row: lossesₙ = s (log Σ exp o − Σ t o), gradient = s (p − t).</summary>
/// <remarks>
/// o are the outputs (logits), t the targets, both [examples, columns]; the targets of a row sum to 1. p = softmax(o) is kept for the
/// Hessian. s is the scale, 1/examples. Both sums are taken relative to the largest logit, so that nothing overflows or cancels.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct CrossEntropy<B, V>(B outputs, B targets, B probabilities, B losses, B gradient, int columns, V scale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B outputs = outputs;
    private readonly B targets = targets;
    private readonly B probabilities = probabilities;
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
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V lowest = V.Constant(double.NegativeInfinity);
        V largest = lowest;
        for (int c = first; c < columns; c += step)
        {
            largest = V.Max(largest, outputs.Load(start + c, columns - c, lowest));
        }

        largest = team.Max(V.MaxAcross(largest));
        V total = V.Constant(0);
        V below = total;
        for (int c = first; c < columns; c += step)
        {
            V power = Elementary.Exp(outputs.Load(start + c, columns - c, lowest) - largest);
            probabilities.Store(start + c, columns - c, power);
            total += power;
            below = V.FusedMultiplyAdd(targets.Load(start + c, columns - c), largest - outputs.Load(start + c, columns - c), below);
        }

        total = team.Sum(V.SumAcross(total));
        below = team.Sum(V.SumAcross(below));
        for (int c = first; c < columns; c += step)
        {
            V p = probabilities.Load(start + c, columns - c) / total;
            probabilities.Store(start + c, columns - c, p);
            gradient.Store(start + c, columns - c, scale * (p - targets.Load(start + c, columns - c)));
        }

        if (team.Rank == 0)
        {
            losses.StoreFirst(row, scale * (Elementary.Log(total) + below));
        }
    }
}

/// <summary>The Hessian of the cross-entropy with respect to the outputs, times a block: result = s (p ∘ u − p (p · u)).</summary>
/// <remarks>
/// u is [directions, examples, columns]; one row of the launch is one pair (direction, example). p = softmax(o), s as in
/// <see cref="CrossEntropy{B, V}"/>. In place (result = u) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct CrossEntropyHessian<B, V>(B probabilities, B block, B result, int examples, int columns, V scale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B probabilities = probabilities;
    private readonly B block = block;
    private readonly B result = result;
    private readonly int examples = examples;
    private readonly int columns = columns;
    private readonly V scale = scale;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int origin = row % examples * columns;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V mean = V.Constant(0);
        for (int c = first; c < columns; c += step)
        {
            mean = V.FusedMultiplyAdd(probabilities.Load(origin + c, columns - c), block.Load(start + c, columns - c), mean);
        }

        mean = team.Sum(V.SumAcross(mean));
        for (int c = first; c < columns; c += step)
        {
            V p = scale * probabilities.Load(origin + c, columns - c);
            result.Store(start + c, columns - c, p * (block.Load(start + c, columns - c) - mean));
        }
    }
}
