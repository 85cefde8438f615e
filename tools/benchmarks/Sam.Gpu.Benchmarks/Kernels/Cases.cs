using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The cases of <c>bench kernels</c>.</summary>
internal static class Cases
{
    // N examples of C numbers, in K directions: the widths of mlp 200-200 and mlp 1000×3.
    private const int Examples = 5000;
    private const int Directions = 8;
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
            foreach (var pass in Passes(precision, FormattableString.Invariant($"{Examples}×{width}"), width))
            {
                yield return pass;
            }
        }
    }

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

    private static IEnumerable<Case> Passes(Precision precision, string shape, int width)
    {
        int length = Examples * width;
        int size = precision == Precision.Double ? 8 : 4;
        yield return Pass("copy by the C library", 2, o => Vectors(o, 2, v => o.Device.Copy(v[0], v[1])));
        yield return Pass("fill", 1, o => Vectors(o, 1, v => o.Device.Fill(v[0], 1)));
        yield return Pass("scale", 2, o => Vectors(o, 2, v => o.Device.Scale(v[0], 0.5, v[1])));
        yield return Pass("add scaled", 3, o => Vectors(o, 3, v => o.Device.AddScaled(0.5, v[0], v[1], v[2])));
        yield return Pass("multiply", 3, o => Vectors(o, 3, v => o.Device.Multiply(v[0], v[1], v[2])));
        yield return Pass("dot", 2, o => Reduced(o, 2, (v, r) => o.Device.Dot(v[0], v[1], r)));
        yield return Pass("norm", 1, o => Reduced(o, 1, (v, r) => o.Device.Norm(v[0], r)));
        yield return Pass("sum", 1, o => Reduced(o, 1, (v, r) => o.Device.Sum(v[0], r)));
        yield return Pass("ascent step", 3, o => Reduced(o, 3, (v, r) => o.Device.AscentStep(v[0], v[1], r, 0.1, 0, v[2])));
        yield return Pass("momentum step", 5, o => Vectors(o, 3, v => o.Device.MomentumStep(v[0], v[1], v[2], 0, 0.9, 1, 0)), inPlace: 2);
        yield return Pass("block of 8, dots with 2", 10, o =>
        {
            var (x, y, r) = (o.Span(Directions * length), o.Span(2 * length), o.Span(2 * Directions));
            return () => o.Device.BlockDot(x, Directions, y, 2, r);
        });
        yield return Pass("block of 8, combined to 2", 10, o =>
        {
            var (x, y, r) = (o.Span(Directions * length), o.Span(2 * length), o.Span(2 * Directions));
            return () => o.Device.BlockCombine(x, Directions, r, y, 2);
        });
        yield return Pass("add bias", 2, o =>
        {
            var (y, bias) = (o.Span(length), o.Span(width));
            return () => o.Device.AddBias(y, bias, width);
        }, inPlace: 1);
        yield return Pass("column sums", 1, o =>
        {
            var (x, sums) = (o.Span(length), o.Span(width));
            return () => o.Device.AddColumnSums(x, width, sums);
        });
        yield return Pass("squared error", 3, o =>
        {
            var (v, losses) = ((DeviceSpan[])[o.Span(length), o.Span(length), o.Span(length)], o.Span(Examples));
            return () => o.Device.SquaredError(v[0], v[1], width, 0.5, losses, v[2]);
        });
        yield return Pass("cross-entropy", 4, isMemoryBound: false, prepare: o =>
        {
            var (v, losses) = ((DeviceSpan[])[o.Span(length), o.Span(length), o.Span(length), o.Span(length)], o.Span(Examples));
            return () => o.Device.CrossEntropy(v[0], v[1], width, 0.5, v[2], losses, v[3]);
        });
        foreach (var pass in Activation<Relu>("relu", isMemoryBound: true).Concat(Activation<Tanh>("tanh", isMemoryBound: false)))
        {
            yield return pass;
        }

        // A vector that is read and written in place counts twice in the work, once in the footprint.
        Case Pass(string name, int vectors, Func<Operands, Action> prepare, bool isMemoryBound = true, int inPlace = 0) => new()
        {
            Name = $"{name}, {shape}",
            Precision = precision,
            Kind = CaseKind.Pass,
            Work = (double)vectors * length * size,
            CeilingWork = (double)(vectors - inPlace) * length * size,
            IsMemoryBound = isMemoryBound,
            Prepare = operands =>
            {
                var own = prepare(operands);
                int half = (vectors - inPlace) * length / 2;
                var (x, y) = (operands.Span(half), operands.Span(half));
                return (own, () => operands.Device.Execute(new CopyOperation(x, y)));
            },
        };

        IEnumerable<Case> Activation<A>(string name, bool isMemoryBound)
            where A : struct, IActivation
        {
            var layer = new Activation<A>(width);
            yield return Pass($"{name}, forward", 2, isMemoryBound: isMemoryBound, prepare: o =>
            {
                var state = State(o);
                return () => layer.Forward(state);
            });
            yield return Pass($"{name}, block of 8 forward", 2 + (2 * Directions), o =>
            {
                var state = State(o);
                var tangent = new LayerTangent
                {
                    Directions = Directions,
                    Parameters = default,
                    Input = o.Span(Directions * length),
                    Output = o.Span(Directions * length),
                };
                return () => layer.TangentForward(state, tangent);
            });
            yield return Pass($"{name}, block of 8 backward", 3 + (3 * Directions), o =>
            {
                var state = State(o);
                var tangent = new LayerTangent
                {
                    Directions = Directions, Parameters = default, Input = o.Span(Directions * length), Output = default,
                };
                var (source, result) = (o.Span(Directions * length), o.Span(Directions * length));
                return () => layer.TangentBackward(state, tangent, source, result, default);
            });
        }

        LayerState State(Operands o) => new()
        {
            Device = o.Device,
            Examples = Examples,
            Parameters = default,
            Input = o.Span(length),
            Output = o.Span(length),
            OutputGradient = o.Span(length),
        };

        Action Vectors(Operands o, int count, Action<DeviceSpan[]> call)
        {
            DeviceSpan[] vectors = [.. Enumerable.Range(0, count).Select(_ => o.Span(length))];
            return () => call(vectors);
        }

        Action Reduced(Operands o, int count, Action<DeviceSpan[], DeviceSpan> call)
        {
            var result = o.Span(1);
            return Vectors(o, count, vectors => call(vectors, result));
        }
    }
}
