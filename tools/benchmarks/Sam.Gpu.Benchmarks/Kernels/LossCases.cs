using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>Losses and what else looks at the outputs of a network.</summary>
internal static class LossCases
{
    /// <summary>The cases of a precision and shape.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="rows">The examples, or their positions.</param>
    /// <param name="columns">The outputs of each.</param>
    public static IEnumerable<Case> All(Precision precision, string shape, int rows, int columns)
    {
        const int Directions = Cases.Directions;
        int length = rows * columns;
        return
        [
            Pass("squared error", 3, o =>
            {
                var losses = o.Span(rows);
                return o.Call(3, length, v => o.Device.SquaredError(v[0], v[1], columns, 0.5, losses, v[2]));
            }),
            Pass("cross-entropy", 4, isMemoryBound: false, prepare: o =>
            {
                var losses = o.Span(rows);
                return o.Call(4, length, v => o.Device.CrossEntropy(v[0], v[1], columns, 0.5, v[2], losses, v[3]));
            }),
            Pass($"cross-entropy, block of {Directions} times the Hessian", 1 + (2 * Directions), o =>
            {
                var (probabilities, block, result) = (o.Span(length), o.Span(Directions * length), o.Span(Directions * length));
                return () => o.Device.CrossEntropyHessian(probabilities, block, columns, 0.5, result);
            }),
            Pass("distillation term", 4, inPlace: 1, isMemoryBound: false, prepare: o =>
            {
                var losses = o.Span(rows);
                return o.Call(3, length, v => o.Device.DistillationTerm(v[0], v[1], columns, 2, 0.5, 0.5, losses, v[2]));
            }),
            Pass("correct", 2, o =>
            {
                var marks = o.Span(rows);
                return o.Call(2, length, v => o.Device.Correct(v[0], v[1], columns, marks));
            }),
        ];

        Case Pass(string name, int vectors, Func<Operands, Action> prepare, bool isMemoryBound = true, int inPlace = 0) =>
            Case.Pass($"{name}, {shape}", precision, (long)vectors * length, prepare, isMemoryBound, (long)inPlace * length);
    }
}
