using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The gradients of γ and β of a layer norm, summed over groups of rows: ∂γ = Σ ∂y ∘ x̂, ∂β = Σ ∂y; and their tangents.</summary>
/// <remarks>
/// gradients are ∂y on a block, [directions, rows, C]. Row k·groups + g of the result, [directions·groups, 2, C], gets the sums over group
/// g of the rows. With hasTangent the gradients are R{∂y}, and Σ ∂y ∘ R{x̂} comes to that of γ, with ∂y itself [rows, C] and R{x̂} from the input's
/// tangent and its moments as in <see cref="LayerNormTangent{B, V}"/>. One row of the launch is one group.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LayerNormSums<B, V>(
    B x, B moments, B gradients, int hasTangent, B outputGradient, B inputTangent, B tangentMoments, B result,
    int rows, int columns, int group, int groups) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B moments = moments;
    private readonly B gradients = gradients;
    private readonly int hasTangent = hasTangent;
    private readonly B outputGradient = outputGradient;
    private readonly B inputTangent = inputTangent;
    private readonly B tangentMoments = tangentMoments;
    private readonly B result = result;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly int group = group;
    private readonly int groups = groups;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int k = row / groups;
        int begin = (row - (k * groups)) * group;
        int end = begin + group < rows ? begin + group : rows;
        for (int c = team.Rank * V.Width; c < columns; c += team.Size * V.Width)
        {
            int left = columns - c;
            V scaleSum = V.Constant(0);
            V shiftSum = scaleSum;
            for (int n = begin; n < end; n++)
            {
                int at = (((k * rows) + n) * columns) + c;
                V inverse = moments.Broadcast((2 * n) + 1);
                V normal = (x.Load((n * columns) + c, left) - moments.Broadcast(2 * n)) * inverse;
                V gradient = gradients.Load(at, left);
                scaleSum = V.FusedMultiplyAdd(gradient, normal, scaleSum);
                shiftSum += gradient;
                if (hasTangent != 0)
                {
                    int moment = 2 * ((k * rows) + n);
                    V normalTangent = inverse
                        * (inputTangent.Load(at, left) - tangentMoments.Broadcast(moment) - (normal * tangentMoments.Broadcast(moment + 1)));
                    scaleSum = V.FusedMultiplyAdd(outputGradient.Load((n * columns) + c, left), normalTangent, scaleSum);
                }
            }

            result.Store((2 * row * columns) + c, left, scaleSum);
            result.Store((((2 * row) + 1) * columns) + c, left, shiftSum);
        }
    }
}
