using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Marks the largest numbers: markᵢ = 1 if fewer than <c>kept</c> numbers come before xᵢ, else 0.</summary>
/// <remarks>
/// Larger numbers come first, of equal ones those with the smaller index; NaN counts as ∞. One row of the launch is one number, which looks
/// at all the others: so the order of the marks is that of the numbers, and no two threads meet. Fewer than 2²⁴ numbers.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct MarkLargest<B, V>(B x, B marks, int length, int kept) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B marks = marks;
    private readonly int length = length;
    private readonly int kept = kept;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        V infinity = V.Constant(double.PositiveInfinity);
        V one = V.Constant(1);
        V zero = V.Constant(0);
        V own = x.Broadcast(row);
        own = V.WhereEqual(own, own, own, infinity);
        V smaller = zero;
        V larger = zero;
        int step = team.Size * V.Width;

        // Of those with a smaller index all come before it but the smaller ones, and NaN is not smaller.
        for (int i = team.Rank * V.Width; i < row; i += step)
        {
            smaller += V.WhereLess(x.Load(i, row - i, infinity), own, one, zero);
        }

        for (int i = row + 1 + (team.Rank * V.Width); i < length; i += step)
        {
            V other = x.Load(i, length - i, -infinity);
            larger += V.WhereLess(own, V.WhereEqual(other, other, other, infinity), one, zero);
        }

        V before = V.Integer(row) + team.Sum(V.SumAcross(larger - smaller));
        if (team.Rank == 0)
        {
            marks.StoreFirst(row, V.WhereLess(before, V.Integer(kept), one, zero));
        }
    }
}
