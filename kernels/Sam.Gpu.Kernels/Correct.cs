using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Whether an example is classified as its target says: correctₙ = 1 if argmax o[n, ·] = argmax t[n, ·], else 0.</summary>
/// <remarks>
/// Of equal largest numbers the first counts, on both sides. An example with an output that is not finite is not correct.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct Correct<B, V>(B outputs, B targets, B correct, int columns) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B outputs = outputs;
    private readonly B targets = targets;
    private readonly B correct = correct;
    private readonly int columns = columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V lowest = V.Constant(double.NegativeInfinity);
        V output = lowest;
        V target = lowest;
        V zero = V.Constant(0);
        V notFinite = zero;
        for (int c = first; c < columns; c += step)
        {
            output = V.Max(output, outputs.Load(start + c, columns - c, lowest));
            target = V.Max(target, targets.Load(start + c, columns - c, lowest));
            V number = outputs.Load(start + c, columns - c);
            notFinite += number - number;
        }

        notFinite = team.Sum(V.SumAcross(notFinite));
        output = team.Max(V.MaxAcross(output));
        target = team.Max(V.MaxAcross(target));

        // Minus the smallest index that holds the maximum: the teams can take a maximum, and an index that holds none stays −∞.
        V outputIndex = lowest;
        V targetIndex = lowest;
        V index = V.Index;
        for (int c = first; c < columns; c += step)
        {
            V minusIndex = -(index + V.Integer(c));
            outputIndex = V.Max(outputIndex, V.WhereEqual(outputs.Load(start + c, columns - c, lowest), output, minusIndex, lowest));
            targetIndex = V.Max(targetIndex, V.WhereEqual(targets.Load(start + c, columns - c, lowest), target, minusIndex, lowest));
        }

        outputIndex = team.Max(V.MaxAcross(outputIndex));
        targetIndex = team.Max(V.MaxAcross(targetIndex));
        if (team.Rank == 0)
        {
            V same = V.WhereEqual(outputIndex, targetIndex, V.Constant(1), zero);
            correct.StoreFirst(row, V.WhereEqual(notFinite, zero, same, zero));
        }
    }
}
