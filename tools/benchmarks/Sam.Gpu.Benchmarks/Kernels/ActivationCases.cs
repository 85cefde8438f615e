using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The passes of activation functions.</summary>
internal static class ActivationCases
{
    /// <summary>The cases of a function, precision and length.</summary>
    /// <remarks>A direction alone goes forward as a gradient goes backward.</remarks>
    /// <typeparam name="A">The function.</typeparam>
    /// <param name="precision">The precision.</param>
    /// <param name="name">The name of the function.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="length">The numbers that it is applied to.</param>
    /// <param name="isValueMemoryBound">Whether memory can be what limits its values.</param>
    /// <param name="areDerivativesMemoryBound">Whether memory can be what limits its derivatives, where there is one direction.</param>
    public static IEnumerable<Case> All<A>(
        Precision precision, string name, string shape, int length, bool isValueMemoryBound = true, bool areDerivativesMemoryBound = true)
        where A : struct, IActivation
    {
        var layer = new Activation<A>(length);
        return
        [
            Pass("forward", 2, isMemoryBound: isValueMemoryBound, prepare: o =>
            {
                var state = State(o);
                return () => layer.Forward(state);
            }),
            Pass("backward", 4, isMemoryBound: areDerivativesMemoryBound, prepare: o =>
            {
                var (state, result) = (State(o), o.Span(length));
                return () => layer.Backward(state, result, default);
            }),
            TangentBackward(1, areDerivativesMemoryBound),
            Pass($"{Cases.Block(Cases.Directions)} forward", 2 + (2 * Cases.Directions), o =>
            {
                var (state, tangent) = (State(o), Tangent(o, Cases.Directions, o.Span(Cases.Directions * length)));
                return () => layer.TangentForward(state, tangent);
            }),
            TangentBackward(Cases.Directions, true),
        ];

        Case TangentBackward(int directions, bool isMemoryBound) =>
            Pass($"{Cases.Block(directions)} backward", 3 + (3 * directions), isMemoryBound: isMemoryBound, prepare: o =>
            {
                var (state, tangent) = (State(o), Tangent(o, directions, default));
                var (source, result) = (o.Span(directions * length), o.Span(directions * length));
                return () => layer.TangentBackward(state, tangent, source, result, default);
            });

        Case Pass(string pass, int vectors, Func<Operands, Action> prepare, bool isMemoryBound = true) =>
            Case.Pass($"{name}, {pass}, {shape}", precision, (long)vectors * length, prepare, isMemoryBound);

        LayerState State(Operands o) => new()
        {
            Device = o.Device,
            Examples = 1,
            Parameters = default,
            Input = o.Span(length),
            Output = o.Span(length),
            OutputGradient = o.Span(length),
        };

        LayerTangent Tangent(Operands o, int directions, DeviceSpan output) => new()
        {
            Directions = directions, Parameters = default, Input = o.Span(directions * length), Output = output,
        };
    }
}
