using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The weights of causal attention, in place: row t of a sequence becomes softmax(s x) over the positions that it may see, 0 elsewhere.</summary>
/// <remarks>
/// Rows are [heads, sequences, T] of T numbers each. Position t sees the positions up to itself whose token is not the padding, 0; tokens are
/// [sequences, T]. Where it sees none, the row is 0. One row of the launch is one row.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct CausalSoftmax<B, V>(B rows, B tokens, int sequences, int length, V scale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B rows = rows;
    private readonly B tokens = tokens;
    private readonly int sequences = sequences;
    private readonly int length = length;
    private readonly V scale = scale;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * length;
        int seen = (row % length) + 1;
        int origin = row / length % sequences * length;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V zero = V.Constant(0);
        V lowest = V.Constant(double.NegativeInfinity);
        V largest = lowest;
        for (int c = first; c < seen; c += step)
        {
            V number = scale * rows.Load(start + c, seen - c);
            V visible = V.WhereEqual(tokens.Load(origin + c, seen - c), zero, lowest, number);
            largest = V.Max(largest, visible);
        }

        largest = team.Max(V.MaxAcross(largest));
        V total = zero;
        for (int c = first; c < seen; c += step)
        {
            V power = Elementary.Exp((scale * rows.Load(start + c, seen - c)) - largest);
            power = V.WhereEqual(tokens.Load(origin + c, seen - c), zero, zero, power);
            rows.Store(start + c, seen - c, power);
            total += power;
        }

        // Where nothing is seen the total is 0, and so is every power.
        total = team.Sum(V.SumAcross(total));
        V inverse = V.WhereEqual(total, zero, zero, V.Constant(1) / total);
        for (int c = first; c < length; c += step)
        {
            V power = c < seen ? rows.Load(start + c, seen - c) : zero;
            rows.Store(start + c, length - c, power * inverse);
        }
    }
}
