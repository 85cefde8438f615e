using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>Operations on whole vectors: element by element, reductions, and those of blocks.</summary>
internal static class VectorCases
{
    /// <summary>The cases of a precision and length.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="length">The numbers of a vector.</param>
    public static IEnumerable<Case> All(Precision precision, string shape, int length)
    {
        const int Directions = Cases.Directions;
        return
        [
            Pass("copy by the C library", 2, o => o.Call(2, length, v => o.Device.Copy(v[0], v[1]))),
            Pass("fill", 1, o => o.Call(1, length, v => o.Device.Fill(v[0], 1))),
            Pass("scale", 2, o => o.Call(2, length, v => o.Device.Scale(v[0], 0.5, v[1]))),
            Pass("add scaled", 3, o => o.Call(3, length, v => o.Device.AddScaled(0.5, v[0], v[1], v[2]))),
            Pass("multiply", 3, o => o.Call(3, length, v => o.Device.Multiply(v[0], v[1], v[2]))),
            Pass("dot", 2, o => Reduced(o, 2, (v, result) => o.Device.Dot(v[0], v[1], result))),
            Pass("norm", 1, o => Reduced(o, 1, (v, result) => o.Device.Norm(v[0], result))),
            Pass("sum", 1, o => Reduced(o, 1, (v, result) => o.Device.Sum(v[0], result))),
            Pass($"block of {Directions}, dots with 2", Directions + 2, o =>
            {
                var (x, y, result) = (o.Span(Directions * length), o.Span(2 * length), o.Span(2 * Directions));
                return () => o.Device.BlockDot(x, Directions, y, 2, result);
            }),
            Pass($"block of {Directions}, combined to 2", Directions + 2, o =>
            {
                var (x, y, factors) = (o.Span(Directions * length), o.Span(2 * length), o.Span(2 * Directions));
                return () => o.Device.BlockCombine(x, Directions, factors, y, 2);
            }),
        ];

        Case Pass(string name, int vectors, Func<Operands, Action> prepare) =>
            Case.Pass($"{name}, {shape}", precision, (long)vectors * length, prepare);

        Action Reduced(Operands o, int count, Action<DeviceSpan[], DeviceSpan> call)
        {
            var result = o.Span(1);
            return o.Call(count, length, vectors => call(vectors, result));
        }
    }
}
