using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The passes of layer norm over rows of C numbers. K directions, N rows. Parameters are γ and then β, [2, C].</summary>
internal static class LayerNormOperations
{
    // Rows added by one team, as in the sums of columns.
    private const int Group = 64;

    /// <summary>The numbers of partial sums that <see cref="AddParameterGradients"/> needs room for.</summary>
    public static long SumsLength(int rows, int columns, int directions) => 2L * directions * Groups(rows) * columns;

    /// <summary>output = γ ∘ x̂ + β; moments = mean and inverse deviation of each row, [N, 2].</summary>
    public static void Forward(
        Device device, DeviceSpan input, DeviceSpan parameters, DeviceSpan output, DeviceSpan moments, int columns, double epsilon)
    {
        Require.Length(parameters, 2L * columns);
        Require.Length(output, input.Length);
        Require.Length(moments, 2L * (input.Length / columns));
        device.Execute(new ForwardOperation(input, parameters, output, moments, columns, epsilon));
    }

    /// <summary>The gradients of the input, [K, N, C], from those of the output.</summary>
    public static void Backward(
        Device device, DeviceSpan input, DeviceSpan moments, DeviceSpan parameters,
        DeviceSpan outputGradient, DeviceSpan inputGradient, int columns)
    {
        Require.Length(inputGradient, outputGradient.Length);
        Require.Length(moments, 2L * (input.Length / columns));
        device.Execute(new BackwardOperation(input, moments, parameters, outputGradient, inputGradient, columns));
    }

    /// <summary>The tangents of the output, [K, N, C]; tangentMoments = those of each row, [K, N, 2]. An empty input tangent is zero.</summary>
    public static void TangentForward(
        Device device, DeviceSpan input, DeviceSpan moments, DeviceSpan parameters, DeviceSpan parameterTangents, int parameterStride,
        DeviceSpan inputTangent, DeviceSpan outputTangent, DeviceSpan tangentMoments, int columns, int directions)
    {
        Require.AtLeast(parameterTangents, ((long)(directions - 1) * parameterStride) + (2L * columns));
        Require.Length(outputTangent, (long)directions * input.Length);
        Require.Length(tangentMoments, 2L * (outputTangent.Length / columns));
        device.Execute(new TangentOperation(
            input, moments, parameters, parameterTangents, parameterStride, inputTangent, outputTangent, tangentMoments, columns));
    }

    /// <summary>The tangents of the gradients of the input, [K, N, C].</summary>
    public static void TangentBackward(
        Device device, DeviceSpan input, DeviceSpan moments, DeviceSpan parameters, DeviceSpan parameterTangents, int parameterStride,
        DeviceSpan inputTangent, DeviceSpan tangentMoments, DeviceSpan outputGradient,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, int columns)
    {
        Require.Length(outputGradient, input.Length);
        Require.Length(inputTangent, outputGradientTangent.Length);
        Require.Length(inputGradientTangent, outputGradientTangent.Length);
        device.Execute(new TangentBackwardOperation(
            input, moments, parameters, parameterTangents, parameterStride, inputTangent, tangentMoments,
            outputGradient, outputGradientTangent, inputGradientTangent, columns));
    }

    /// <summary>
    /// Adds the gradients of γ and β, Σ ∂y ∘ x̂ and Σ ∂y, to [K] slices of a stride; with an input tangent their tangents, of which the
    /// gradients R{∂y} are one part and ∂y ∘ R{x̂} the other.
    /// </summary>
    public static void AddParameterGradients(
        Device device, DeviceSpan input, DeviceSpan moments, DeviceSpan gradients,
        DeviceSpan outputGradient, DeviceSpan inputTangent, DeviceSpan tangentMoments,
        DeviceSpan partials, DeviceSpan result, int resultStride, int columns, int directions)
    {
        int rows = input.Length / columns;
        Require.Length(gradients, (long)directions * input.Length);
        var sums = partials.Slice(0, (int)SumsLength(rows, columns, directions));
        device.Execute(new SumsOperation(input, moments, gradients, outputGradient, inputTangent, tangentMoments, sums, columns, directions));
        device.AddColumnSums(sums, 2 * columns, result, directions, resultStride);
    }

    private static V Share<V>(int columns)
        where V : unmanaged, ILane<V> => V.Constant(1.0 / columns);

    private static int Groups(int rows) => (rows + Group - 1) / Group;

    private readonly struct ForwardOperation(
        DeviceSpan input, DeviceSpan parameters, DeviceSpan output, DeviceSpan moments, int columns, double epsilon) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new LayerNorm<B, V>(
                    device.Buffer(input), device.Buffer(parameters.Slice(0, columns)), device.Buffer(parameters.Slice(columns)),
                    device.Buffer(output), device.Buffer(moments), columns, Share<V>(columns), V.Constant(epsilon)),
                input.Length / columns, columns);
    }

    private readonly struct BackwardOperation(
        DeviceSpan input, DeviceSpan moments, DeviceSpan parameters, DeviceSpan outputGradient, DeviceSpan inputGradient, int columns)
        : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new LayerNormBackward<B, V>(
                    device.Buffer(input), device.Buffer(moments), device.Buffer(parameters.Slice(0, columns)),
                    device.Buffer(outputGradient), device.Buffer(inputGradient), input.Length / columns, columns, Share<V>(columns)),
                outputGradient.Length / columns, 2 * columns);
    }

    private readonly struct TangentOperation(
        DeviceSpan input, DeviceSpan moments, DeviceSpan parameters, DeviceSpan parameterTangents, int parameterStride,
        DeviceSpan inputTangent, DeviceSpan outputTangent, DeviceSpan tangentMoments, int columns) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new LayerNormTangent<B, V>(
                    device.Buffer(input), device.Buffer(moments), device.Buffer(parameters.Slice(0, columns)),
                    device.Buffer(parameterTangents), device.Buffer(parameterTangents.Slice(columns)), parameterStride,
                    device.Buffer(inputTangent), inputTangent.IsEmpty ? 0 : 1, device.Buffer(outputTangent), device.Buffer(tangentMoments),
                    input.Length / columns, columns, Share<V>(columns)),
                outputTangent.Length / columns, 2 * columns);
    }

    private readonly struct TangentBackwardOperation(
        DeviceSpan input, DeviceSpan moments, DeviceSpan parameters, DeviceSpan parameterTangents, int parameterStride,
        DeviceSpan inputTangent, DeviceSpan tangentMoments, DeviceSpan outputGradient,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, int columns) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new LayerNormTangentBackward<B, V>(
                    device.Buffer(input), device.Buffer(moments), device.Buffer(parameters.Slice(0, columns)),
                    device.Buffer(parameterTangents), parameterStride, device.Buffer(inputTangent), device.Buffer(tangentMoments),
                    device.Buffer(outputGradient), device.Buffer(outputGradientTangent), device.Buffer(inputGradientTangent),
                    input.Length / columns, columns, Share<V>(columns)),
                outputGradientTangent.Length / columns, 4 * columns);
    }

    private readonly struct SumsOperation(
        DeviceSpan input, DeviceSpan moments, DeviceSpan gradients, DeviceSpan outputGradient, DeviceSpan inputTangent,
        DeviceSpan tangentMoments, DeviceSpan sums, int columns, int directions) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            int rows = input.Length / columns;
            device.LaunchRows(
                new LayerNormSums<B, V>(
                    device.Buffer(input), device.Buffer(moments), device.Buffer(gradients), inputTangent.IsEmpty ? 0 : 1,
                    device.Buffer(outputGradient), device.Buffer(inputTangent), device.Buffer(tangentMoments), device.Buffer(sums),
                    rows, columns, Group, Groups(rows)),
                directions * Groups(rows), Group * columns);
        }
    }
}
