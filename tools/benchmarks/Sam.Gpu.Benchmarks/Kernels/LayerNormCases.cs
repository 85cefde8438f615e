using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The passes of layer norm: over the channels of the pixels of cnn:16-32, and over the positions of the transformer.</summary>
internal static class LayerNormCases
{
    private const double Epsilon = 1e-5;

    /// <summary>The cases of a precision.</summary>
    /// <param name="precision">The precision.</param>
    public static IEnumerable<Case> All(Precision precision) =>
    [
        .. ImageCases.Outputs.SelectMany(image => Passes(
            precision, image.Pixels, image.Channels, ImageCases.Count, count => ImageCases.Shape(count, image))),
        .. Passes(
            precision, TransformerCases.Positions, TransformerCases.Width, _ => TransformerCases.Sequences,
            count => FormattableString.Invariant($"{count}×{TransformerCases.Positions}×{TransformerCases.Width}")),
    ];

    // An example has some rows. How many examples there are goes by the numbers of each.
    private static IEnumerable<Case> Passes(
        Precision precision, int rowsOfExample, int columns, Func<int, int> countExamples, Func<int, string> shape)
    {
        int size = rowsOfExample * columns;
        int moments = 2 * rowsOfExample;
        yield return Pass("forward", (2 * size) + moments, (o, rows) =>
        {
            var (input, output) = (o.Span(rows * columns), o.Span(rows * columns));
            var (parameters, ofRows) = (o.Span(2 * columns), o.Span(2 * rows));
            return () => LayerNormOperations.Forward(o.Device, input, parameters, output, ofRows, columns, Epsilon);
        });
        yield return Backward("backward", 1);
        yield return Pass("parameter gradients", (2 * size) + moments, (o, rows) =>
        {
            var (state, gradient) = (new State(o, rows, columns), o.Span(rows * columns));
            var (partials, result) = (o.Span((int)LayerNormOperations.SumsLength(rows, columns, 1)), o.Span(2 * columns));
            return () => LayerNormOperations.AddParameterGradients(
                o.Device, state.Input, state.Moments, gradient, default, default, default, partials, result, result.Length, columns, 1);
        });

        // Of a Gauss-Newton product.
        yield return Backward($"backward of {Cases.Directions} gradients", Cases.Directions);
        foreach (int directions in (int[])[1, Cases.Directions])
        {
            string block = Cases.Block(directions);
            yield return Pass($"{block} forward", size + moments + (directions * ((2 * size) + moments)), (o, rows) =>
            {
                var (state, tangent) = (new State(o, rows, columns), new Tangent(o, rows, columns, directions));
                var output = o.Span(directions * rows * columns);
                return () => tangent.Forward(state, output);
            });
            yield return Pass($"{block} backward", (2 * size) + moments + (directions * ((3 * size) + moments)), (o, rows) =>
            {
                var (state, tangent) = (new State(o, rows, columns), new Tangent(o, rows, columns, directions));
                var (gradient, source) = (o.Span(rows * columns), o.Span(directions * rows * columns));
                var result = o.Span(source.Length);
                tangent.Forward(state, result);
                return () => LayerNormOperations.TangentBackward(
                    o.Device, state.Input, state.Moments, state.Parameters, tangent.Parameters, state.Parameters.Length,
                    tangent.Input, tangent.Moments, gradient, source, result, columns);
            });
            yield return Pass($"{block} parameter gradients", (2 * size) + moments + (directions * ((2 * size) + moments)), (o, rows) =>
            {
                var (state, tangent) = (new State(o, rows, columns), new Tangent(o, rows, columns, directions));
                var (gradient, source) = (o.Span(rows * columns), o.Span(directions * rows * columns));
                var partials = o.Span((int)LayerNormOperations.SumsLength(rows, columns, directions));
                var result = o.Span(directions * 2 * columns);
                tangent.Forward(state, o.Span(source.Length));
                return () => LayerNormOperations.AddParameterGradients(
                    o.Device, state.Input, state.Moments, source, gradient, tangent.Input, tangent.Moments,
                    partials, result, 2 * columns, columns, directions);
            });
        }

        Case Backward(string name, int directions) => Pass(name, size + moments + (directions * 2 * size), (o, rows) =>
        {
            var state = new State(o, rows, columns);
            var (source, result) = (o.Span(directions * rows * columns), o.Span(directions * rows * columns));
            return () => LayerNormOperations.Backward(
                o.Device, state.Input, state.Moments, state.Parameters, source, result, columns);
        });

        Case Pass(string name, int numbers, Func<Operands, int, Action> prepare)
        {
            int count = countExamples(numbers);
            return Case.Pass(
                $"layer norm, {name}, {shape(count)}", precision, (long)count * numbers, o => prepare(o, count * rowsOfExample));
        }
    }

    // What pass 1 has stored.
    private sealed class State
    {
        public State(Operands operands, int rows, int columns)
        {
            (Input, Parameters, Moments) = (operands.Span(rows * columns), operands.Span(2 * columns), operands.Span(2 * rows));
            LayerNormOperations.Forward(
                operands.Device, Input, Parameters, operands.Span(rows * columns), Moments, columns, Epsilon);
        }

        public DeviceSpan Input { get; }

        public DeviceSpan Parameters { get; }

        public DeviceSpan Moments { get; }
    }

    // What pass 3 takes, and what it stores.
    private sealed class Tangent(Operands operands, int rows, int columns, int directions)
    {
        public DeviceSpan Input { get; } = operands.Span(directions * rows * columns);

        public DeviceSpan Parameters { get; } = operands.Span(directions * 2 * columns);

        public DeviceSpan Moments { get; } = operands.Span(directions * 2 * rows);

        public void Forward(State state, DeviceSpan output) => LayerNormOperations.TangentForward(
            operands.Device, state.Input, state.Moments, state.Parameters, Parameters, state.Parameters.Length,
            Input, output, Moments, columns, directions);
    }
}
