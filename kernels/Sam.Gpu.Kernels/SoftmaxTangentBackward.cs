using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The tangent of the gradient of a softmax: R{∂x} = s (R{p} ∘ (g − m) + p ∘ (R{g} − R{m})) with g = ∂p, m = p · g.</summary>
/// <remarks>
/// p = softmax(s x) and g are [rows, C]; R{p}, R{g} and the result are [directions, rows, C], and R{m} = R{p} · g + p · R{g}. One row of the
/// launch is one pair (direction, row). In place (result = R{g}) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct SoftmaxTangentBackward<B, V>(
    B probabilities, B probabilityTangents, B gradient, B gradientTangents, B result, int rows, int columns, V scale) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B probabilities = probabilities;
    private readonly B probabilityTangents = probabilityTangents;
    private readonly B gradient = gradient;
    private readonly B gradientTangents = gradientTangents;
    private readonly B result = result;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly V scale = scale;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int origin = row % rows * columns;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V mean = V.Constant(0);
        V meanTangent = mean;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V p = probabilities.Load(origin + c, left);
            V g = gradient.Load(origin + c, left);
            mean = V.FusedMultiplyAdd(p, g, mean);
            meanTangent += (probabilityTangents.Load(start + c, left) * g) + (p * gradientTangents.Load(start + c, left));
        }

        mean = team.Sum(V.SumAcross(mean));
        meanTangent = team.Sum(V.SumAcross(meanTangent));
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V bent = probabilityTangents.Load(start + c, left) * (gradient.Load(origin + c, left) - mean);
            V straight = probabilities.Load(origin + c, left) * (gradientTangents.Load(start + c, left) - meanTangent);
            result.Store(start + c, left, scale * (bent + straight));
        }
    }
}
