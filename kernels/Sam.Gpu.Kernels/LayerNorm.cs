using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>Pass 1 of layer norm, a row each: y = γ ∘ x̂ + β with x̂ = (x − μ) s, s = 1/√(v + ε), μ and v the mean and variance of the row.</summary>
/// <remarks>x and y are [rows, C], γ and β [C]; moments gets μ and s of every row, [rows, 2]. The variance is the mean square, not that over
/// C − 1. The share is 1/C, here and in the other passes: a division for each row would take as long as all the rest.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LayerNorm<B, V>(B x, B scale, B shift, B y, B moments, int columns, V share, V epsilon) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B scale = scale;
    private readonly B shift = shift;
    private readonly B y = y;
    private readonly B moments = moments;
    private readonly int columns = columns;
    private readonly V share = share;
    private readonly V epsilon = epsilon;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V sum = V.Constant(0);
        for (int c = first; c < columns; c += step)
        {
            sum += x.Load(start + c, columns - c);
        }

        V mean = team.Sum(V.SumAcross(sum)) * share;
        V squares = V.Constant(0);
        for (int c = first; c < columns; c += step)
        {
            V distance = x.Load(start + c, columns - c, mean) - mean;
            squares = V.FusedMultiplyAdd(distance, distance, squares);
        }

        V inverse = V.Constant(1) / V.Sqrt(V.FusedMultiplyAdd(team.Sum(V.SumAcross(squares)), share, epsilon));
        for (int c = first; c < columns; c += step)
        {
            V normal = (x.Load(start + c, columns - c) - mean) * inverse;
            y.Store(start + c, columns - c, V.FusedMultiplyAdd(scale.Load(c, columns - c), normal, shift.Load(c, columns - c)));
        }

        if (team.Rank == 0)
        {
            moments.StoreFirst(2 * row, mean);
            moments.StoreFirst((2 * row) + 1, inverse);
        }
    }
}

/// <summary>Pass 2 of layer norm on a block: ∂x = s (u − mean u − x̂ mean(u ∘ x̂)) with u = γ ∘ ∂y.</summary>
/// <remarks>The gradients are [directions, rows, C]; one row of the launch is one pair (direction, row).</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LayerNormBackward<B, V>(
    B x, B moments, B scale, B outputGradient, B inputGradient, int rows, int columns, V share) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B moments = moments;
    private readonly B scale = scale;
    private readonly B outputGradient = outputGradient;
    private readonly B inputGradient = inputGradient;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly V share = share;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int n = row % rows;
        int origin = n * columns;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V mean = moments.Broadcast(2 * n);
        V inverse = moments.Broadcast((2 * n) + 1);
        V sum = V.Constant(0);
        V along = sum;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V u = scale.Load(c, left) * outputGradient.Load(start + c, left);
            sum += u;
            along = V.FusedMultiplyAdd(u, (x.Load(origin + c, left) - mean) * inverse, along);
        }

        sum = team.Sum(V.SumAcross(sum)) * share;
        along = team.Sum(V.SumAcross(along)) * share;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V u = scale.Load(c, left) * outputGradient.Load(start + c, left);
            V normal = (x.Load(origin + c, left) - mean) * inverse;
            inputGradient.Store(start + c, left, inverse * (u - sum - (normal * along)));
        }
    }
}

/// <summary>Pass 3 of layer norm: R{y} = R{γ} ∘ x̂ + γ ∘ R{x̂} + R{β} with R{x̂} = s (R{x} − mean R{x} − x̂ mean(x̂ ∘ R{x})).</summary>
/// <remarks>
/// Tangents are [directions, rows, C], those of γ and β of direction k begin at k·parameterStride. Without hasInput R{x} is zero. tangentMoments
/// gets mean R{x} and mean(x̂ ∘ R{x}), [directions, rows, 2]. One row of the launch is one pair (direction, row).
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LayerNormTangent<B, V>(
    B x, B moments, B scale, B scaleTangent, B shiftTangent, int parameterStride,
    B inputTangent, int hasInput, B outputTangent, B tangentMoments, int rows, int columns, V share) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B moments = moments;
    private readonly B scale = scale;
    private readonly B scaleTangent = scaleTangent;
    private readonly B shiftTangent = shiftTangent;
    private readonly int parameterStride = parameterStride;
    private readonly B inputTangent = inputTangent;
    private readonly int hasInput = hasInput;
    private readonly B outputTangent = outputTangent;
    private readonly B tangentMoments = tangentMoments;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly V share = share;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int n = row % rows;
        int origin = n * columns;
        int parameter = row / rows * parameterStride;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V mean = moments.Broadcast(2 * n);
        V inverse = moments.Broadcast((2 * n) + 1);
        V sum = V.Constant(0);
        V along = sum;
        for (int c = first; hasInput != 0 && c < columns; c += step)
        {
            int left = columns - c;
            V tangent = inputTangent.Load(start + c, left);
            sum += tangent;
            along = V.FusedMultiplyAdd(tangent, (x.Load(origin + c, left) - mean) * inverse, along);
        }

        sum = team.Sum(V.SumAcross(sum)) * share;
        along = team.Sum(V.SumAcross(along)) * share;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V normal = (x.Load(origin + c, left) - mean) * inverse;
            V result = V.FusedMultiplyAdd(scaleTangent.Load(parameter + c, left), normal, shiftTangent.Load(parameter + c, left));
            if (hasInput != 0)
            {
                V normalTangent = inverse * (inputTangent.Load(start + c, left) - sum - (normal * along));
                result = V.FusedMultiplyAdd(scale.Load(c, left), normalTangent, result);
            }

            outputTangent.Store(start + c, left, result);
        }

        if (team.Rank == 0)
        {
            tangentMoments.StoreFirst(2 * row, sum);
            tangentMoments.StoreFirst((2 * row) + 1, along);
        }
    }
}

/// <summary>Pass 4 of layer norm: R{∂x} = R{s} (u − ū − x̂ w) + s (R{u} − R{ū} − R{x̂} w − x̂ R{w}).</summary>
/// <remarks>
/// u = γ ∘ ∂y, ū = mean u, w = mean(u ∘ x̂); R{u} = R{γ} ∘ ∂y + γ ∘ R{∂y}, R{s} = −s² mean(x̂ ∘ R{x}), and R{ū} = mean R{u}, R{w} =
/// mean(R{u} ∘ x̂ + u ∘ R{x̂}). Shapes as in the other passes; ∂y is [rows, C]. One row of the launch is one pair (direction, row).
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct LayerNormTangentBackward<B, V>(
    B x, B moments, B scale, B scaleTangent, int parameterStride, B inputTangent, B tangentMoments,
    B outputGradient, B outputGradientTangent, B inputGradientTangent, int rows, int columns, V share) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B x = x;
    private readonly B moments = moments;
    private readonly B scale = scale;
    private readonly B scaleTangent = scaleTangent;
    private readonly int parameterStride = parameterStride;
    private readonly B inputTangent = inputTangent;
    private readonly B tangentMoments = tangentMoments;
    private readonly B outputGradient = outputGradient;
    private readonly B outputGradientTangent = outputGradientTangent;
    private readonly B inputGradientTangent = inputGradientTangent;
    private readonly int rows = rows;
    private readonly int columns = columns;
    private readonly V share = share;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int start = row * columns;
        int n = row % rows;
        int origin = n * columns;
        int parameter = row / rows * parameterStride;
        int first = team.Rank * V.Width;
        int step = team.Size * V.Width;
        V mean = moments.Broadcast(2 * n);
        V inverse = moments.Broadcast((2 * n) + 1);
        V tangentMean = tangentMoments.Broadcast(2 * row);
        V tangentAlong = tangentMoments.Broadcast((2 * row) + 1);
        V inverseTangent = -(inverse * inverse * tangentAlong);
        V sum = V.Constant(0);
        V along = sum;
        V sumTangent = sum;
        V alongTangent = sum;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V gradient = outputGradient.Load(origin + c, left);
            V u = scale.Load(c, left) * gradient;
            V uTangent = (scaleTangent.Load(parameter + c, left) * gradient)
                + (scale.Load(c, left) * outputGradientTangent.Load(start + c, left));
            V normal = (x.Load(origin + c, left) - mean) * inverse;
            V normalTangent = inverse * (inputTangent.Load(start + c, left) - tangentMean - (normal * tangentAlong));
            sum += u;
            sumTangent += uTangent;
            along = V.FusedMultiplyAdd(u, normal, along);
            alongTangent += (uTangent * normal) + (u * normalTangent);
        }

        sum = team.Sum(V.SumAcross(sum)) * share;
        along = team.Sum(V.SumAcross(along)) * share;
        sumTangent = team.Sum(V.SumAcross(sumTangent)) * share;
        alongTangent = team.Sum(V.SumAcross(alongTangent)) * share;
        for (int c = first; c < columns; c += step)
        {
            int left = columns - c;
            V gradient = outputGradient.Load(origin + c, left);
            V u = scale.Load(c, left) * gradient;
            V uTangent = (scaleTangent.Load(parameter + c, left) * gradient)
                + (scale.Load(c, left) * outputGradientTangent.Load(start + c, left));
            V normal = (x.Load(origin + c, left) - mean) * inverse;
            V normalTangent = inverse * (inputTangent.Load(start + c, left) - tangentMean - (normal * tangentAlong));
            V projected = u - sum - (normal * along);
            V projectedTangent = uTangent - sumTangent - (normalTangent * along) - (normal * alongTangent);
            inputGradientTangent.Store(start + c, left, (inverseTangent * projected) + (inverse * projectedTangent));
        }
    }
}
