using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The steps of optimizers, and what variants of SAM make of gradients.</summary>
internal static class OptimizerCases
{
    /// <summary>The cases of a precision and length.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="length">The parameters.</param>
    public static IEnumerable<Case> All(Precision precision, string shape, int length)
    {
        const double StepSize = 1e-3;
        const double Decay = 0.9;
        const double SecondDecay = 0.999;
        const double Epsilon = 1e-8;
        return
        [
            Pass("ascent step", 3, o =>
            {
                var norm = o.Filled(1, 1);
                return o.Call(3, length, v => o.Device.AscentStep(v[0], v[1], norm, 0.1, 0, v[2]));
            }),
            Pass("momentum step", 5, o => o.Call(3, length, v => o.Device.MomentumStep(v[0], v[1], v[2], 0, Decay, 1, 0)), inPlace: 2),
            Pass("adam step", 7, o =>
            {
                var second = o.Positive(length);
                return o.Call(
                    3, length, v => o.Device.AdamStep(v[0], v[1], second, v[2], Decay, SecondDecay, StepSize, 1, Epsilon));
            }, inPlace: 3),
            Pass("rmsprop step", 5, o =>
            {
                var second = o.Positive(length);
                return o.Call(2, length, v => o.Device.RmsPropStep(v[0], second, v[1], SecondDecay, StepSize, 1, Epsilon));
            }, inPlace: 2),
            Pass("adaptive preconditioner", 3, o =>
            {
                var second = o.Positive(length);
                return o.Call(2, length, v => o.Device.AdaptivePreconditioner(second, v[0], SecondDecay, 1, Epsilon, v[1]));
            }),
            Pass("exponential average", 3, o => o.Call(2, length, v => o.Device.ExponentialAverage(v[0], v[1], 1 - Decay)), inPlace: 1),
            Pass("adaptive scale", 4, o =>
            {
                var mask = o.Filled(length, 1);
                return o.Call(3, length, v => o.Device.AdaptiveScale(v[0], mask, v[1], 0.01, v[2]));
            }),
            Pass("surrogate gap", 3, o =>
            {
                var (dot, norm) = (o.Filled(1, 1), o.Filled(1, 1));
                return o.Call(3, length, v => o.Device.SurrogateGap(v[0], v[1], dot, norm, 0.1, v[2]));
            }),
            Pass("curvature regularization", 4, o =>
                o.Call(4, length, v => o.Device.CurvatureRegularization(v[0], v[1], v[2], 0.1, 0.1, v[3]))),
            Pass("logarithmic curvature", 4, o =>
            {
                var (losses, norm) = ((o.Filled(1, 1), o.Filled(1, 2), o.Filled(1, 2)), o.Filled(1, 1));
                return o.Call(4, length, v => o.Device.LogarithmicCurvature(v[0], v[1], v[2], losses, norm, 0.1, 0.1, 1, v[3]));
            }),
        ];

        Case Pass(string name, int vectors, Func<Operands, Action> prepare, int inPlace = 0) =>
            Case.Pass($"{name}, {shape}", precision, (long)vectors * length, prepare, inPlace: (long)inPlace * length);
    }
}
