using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A divergence from a reference, added to a loss and its gradient: lossesₙ += s Σ_c q log(q/p), gradient += d (p − q), an example a row.</summary>
/// <remarks>
/// p = softmax(o/τ) of the outputs o, q = softmax(r/τ) of the reference's outputs r, both [examples, columns]; 1/τ is given. With s = λτ²/N
/// and d = λτ/N it is λτ² times the mean of KL(q ‖ p): Hinton et al., "Distilling the Knowledge in a Neural Network" (2015). All sums are
/// taken relative to the largest output, and equal outputs give 0 exactly. A reference that is NaN counts as the outputs.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct DistillationTerm<B, V>(
    B outputs, B reference, B losses, B gradient, int columns, V inverseTemperature, V lossScale, V gradientScale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B outputs = outputs;
    private readonly B reference = reference;
    private readonly B losses = losses;
    private readonly B gradient = gradient;
    private readonly int columns = columns;
    private readonly V inverseTemperature = inverseTemperature;
    private readonly V lossScale = lossScale;
    private readonly V gradientScale = gradientScale;

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
        V referenceLargest = lowest;
        for (int c = first; c < columns; c += step)
        {
            V o = outputs.Load(start + c, columns - c, lowest);
            largest = V.Max(largest, o);
            referenceLargest = V.Max(referenceLargest, Reference(start + c, columns - c, o));
        }

        largest = team.Max(V.MaxAcross(largest));
        referenceLargest = team.Max(V.MaxAcross(referenceLargest));
        V total = V.Constant(0);
        V referenceTotal = total;
        V sum = total;

        // The sums, then the gradient. One loop for both: with a second one the JIT has more than it inlines, and takes ten times as long.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int c = first; c < columns; c += step)
            {
                V o = outputs.Load(start + c, columns - c, lowest);
                V below = (o - largest) * inverseTemperature;
                V referenceBelow = (Reference(start + c, columns - c, o) - referenceLargest) * inverseTemperature;
                V power = Elementary.Exp(below);
                V referencePower = Elementary.Exp(referenceBelow);
                if (pass == 0)
                {
                    total += power;
                    referenceTotal += referencePower;

                    // Past the end both are −∞, whose difference is none.
                    sum += V.WhereEqual(o, lowest, V.Constant(0), referencePower * (referenceBelow - below));
                }
                else
                {
                    V slope = gradient.Load(start + c, columns - c);
                    V difference = (power / total) - (referencePower / referenceTotal);
                    gradient.Store(start + c, columns - c, V.FusedMultiplyAdd(gradientScale, difference, slope));
                }
            }

            if (pass == 0)
            {
                total = team.Sum(V.SumAcross(total));
                referenceTotal = team.Sum(V.SumAcross(referenceTotal));
                sum = team.Sum(V.SumAcross(sum));
            }
        }

        if (team.Rank == 0)
        {
            V divergence = (sum / referenceTotal) + Elementary.Log(total / referenceTotal);
            losses.StoreFirst(row, V.FusedMultiplyAdd(lossScale, divergence, losses.Broadcast(row)));
        }
    }

    // The reference's outputs; where they are NaN the outputs themselves. −∞ past the end, as those are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Reference(int index, int count, V o)
    {
        V r = reference.Load(index, count, V.Constant(double.NegativeInfinity));
        return V.WhereEqual(r, r, r, o);
    }
}
