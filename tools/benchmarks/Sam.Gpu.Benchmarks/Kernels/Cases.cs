using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Activations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The cases of <c>bench kernels</c>.</summary>
internal static class Cases
{
    /// <summary>The directions of a block.</summary>
    public const int Directions = 8;

    // N examples of C numbers: the widths of mlp 200-200 and mlp 1000×3.
    private const int Examples = 5000;
    private static readonly int[] Widths = [10, 200, 1000];

    /// <summary>All cases of a precision, in the order to show.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="blas">What the products are held against; null for nothing.</param>
    public static IEnumerable<Case> All(Precision precision, OpenBlas? blas)
    {
        const int PeakLength = 1 << 18;
        yield return new Case
        {
            Name = "fused multiply-adds in registers",
            Precision = precision,
            Kind = CaseKind.Peak,
            Work = (double)PeakLength * PeakOperation.Operations,
            CeilingWork = 0,
            Prepare = operands =>
            {
                var result = operands.Span(PeakLength);
                return (() => operands.Device.Execute(new PeakOperation(result)), null);
            },
        };

        foreach (var shape in ProductShape.All)
        {
            yield return Product(precision, shape, blas);
        }

        foreach (int width in Widths)
        {
            string shape = FormattableString.Invariant($"{Examples}×{width}");
            foreach (var pass in (IEnumerable<Case>)
            [
                .. VectorCases.All(precision, shape, Examples * width),
                .. OptimizerCases.All(precision, shape, Examples * width),
                .. BiasCases.All(precision, shape, Examples, width),
                .. LossCases.All(precision, shape, Examples, width),
                .. ActivationCases.All<Relu>(precision, "relu", shape, Examples * width),
                .. ActivationCases.All<Tanh>(precision, "tanh", shape, Examples * width, isValueMemoryBound: false),
            ])
            {
                yield return pass;
            }
        }

        foreach (var pass in (IEnumerable<Case>)
        [
            .. ImageCases.All(precision),
            .. LayerNormCases.All(precision),
            .. TransformerCases.All(precision),
            .. IndexCases.All(precision),
        ])
        {
            yield return pass;
        }
    }

    /// <summary>What a name calls some directions.</summary>
    /// <param name="directions">1 or those of a block.</param>
    public static string Block(int directions) => directions == 1 ? "one direction" : $"block of {Directions}";

    private static unsafe Case Product(Precision precision, ProductShape shape, OpenBlas? blas) => new()
    {
        Name = shape.Name,
        Precision = precision,
        Kind = CaseKind.Product,
        Work = shape.Operations,
        CeilingWork = shape.Operations,
        Prepare = operands =>
        {
            int aStride = shape.SharesA ? 0 : shape.ALength;
            int bStride = shape.SharesB ? 0 : shape.BLength;
            int aLength = (aStride * (shape.Batch - 1)) + shape.ALength;
            int bLength = (bStride * (shape.Batch - 1)) + shape.BLength;
            var a = Matrix(operands.Span(aLength), shape.Rows, shape.Depth, shape.IsATransposed, aStride);
            var b = Matrix(operands.Span(bLength), shape.Depth, shape.Columns, shape.IsBTransposed, bStride);
            var c = Matrix(operands.Span(shape.CLength * shape.Batch), shape.Rows, shape.Columns, false, shape.CLength);
            if (blas is null)
            {
                return (() => operands.Device.Multiply(a, b, c, shape.Batch), null);
            }

            int size = operands.Device.ElementSize;
            byte* hostA = (byte*)operands.Host(aLength);
            byte* hostB = (byte*)operands.Host(bLength);
            byte* hostC = (byte*)operands.Host(shape.CLength * shape.Batch);
            return (() => operands.Device.Multiply(a, b, c, shape.Batch), () =>
            {
                for (long i = 0; i < shape.Batch; i++)
                {
                    blas.Multiply(
                        precision, shape, hostA + (i * aStride * size), hostB + (i * bStride * size), hostC + (i * shape.CLength * size));
                }
            });
        },
    };

    private static DeviceMatrix Matrix(DeviceSpan span, int rows, int columns, bool isTransposed, int stride) =>
        isTransposed
            ? new DeviceMatrix(span, columns, rows, batchStride: stride).Transposed
            : new DeviceMatrix(span, rows, columns, batchStride: stride);
}
