using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>Pass 1 of an activation: aᵢ = φ(zᵢ).</summary>
/// <remarks>
/// In place is not allowed: the other passes need z. There is one direction: the network itself.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
/// <typeparam name="A">The activation function φ.</typeparam>
public readonly struct ActivationForward<B, V, A>(B input, B output) : IBlockKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where A : struct, IActivation
{
    private readonly B input = input;
    private readonly B output = output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count)
    {
        output.Store(index, count, A.Value(input.Load(index, count)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count, int first, int end) => Run(index, count);
}

/// <summary>Passes 2 and 3 of an activation, on a block of K: result[k, i] = φ′(zᵢ) · block[k, i].</summary>
/// <remarks>
/// Pass 2 takes gradients with respect to a and gives those with respect to z; pass 3 takes tangents of z and gives those of a. The
/// derivative is formed once for the whole block. One element is an i &lt; length; in place (result = block) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
/// <typeparam name="A">The activation function φ.</typeparam>
public readonly struct ActivationSlope<B, V, A>(B input, B output, B block, B result, int length, int directions) : IBlockKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where A : struct, IActivation
{
    private readonly B input = input;
    private readonly B output = output;
    private readonly B block = block;
    private readonly B result = result;
    private readonly int length = length;
    private readonly int directions = directions;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count) => Run(index, count, 0, directions);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count, int first, int end)
    {
        V z = A.UsesInput ? input.Load(index, count) : V.Constant(0);
        V a = A.UsesOutput ? output.Load(index, count) : V.Constant(0);
        V slope = A.Slope(z, a);
        for (int k = first; k < end; k++)
        {
            int i = (k * length) + index;
            result.Store(i, count, slope * block.Load(i, count));
        }
    }
}

/// <summary>Pass 4 of an activation, on a block of K: result[k, i] = φ′(zᵢ) · R{∂a}[k, i] + φ″(zᵢ) · ∂aᵢ · R{z}[k, i].</summary>
/// <remarks>
/// ∂a is the gradient with respect to a, R{·} the derivative in direction k (Pearlmutter, "Fast exact multiplication by the Hessian",
/// 1994). In place (result = the gradient's tangent) is allowed.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
/// <typeparam name="A">The activation function φ.</typeparam>
public readonly struct ActivationTangentBackward<B, V, A>(
    B input, B output, B outputGradient, B inputTangent, B outputGradientTangent, B result, int length, int directions) : IBlockKernel
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where A : struct, IActivation
{
    private readonly B input = input;
    private readonly B output = output;
    private readonly B outputGradient = outputGradient;
    private readonly B inputTangent = inputTangent;
    private readonly B outputGradientTangent = outputGradientTangent;
    private readonly B result = result;
    private readonly int length = length;
    private readonly int directions = directions;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count) => Run(index, count, 0, directions);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int index, int count, int first, int end)
    {
        V z = A.UsesInput ? input.Load(index, count) : V.Constant(0);
        V a = A.UsesOutput ? output.Load(index, count) : V.Constant(0);
        V slope = A.Slope(z, a);
        V curvature = A.Curvature(z, a) * outputGradient.Load(index, count);
        for (int k = first; k < end; k++)
        {
            int i = (k * length) + index;
            V bent = curvature * inputTangent.Load(i, count);
            result.Store(i, count, V.FusedMultiplyAdd(slope, outputGradientTangent.Load(i, count), bent));
        }
    }
}
