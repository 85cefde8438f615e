using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class ActivationOperationsTests
{
    // Kinks and their neighbourhoods, the middle, and tails where the exponentials underflow.
    private static readonly double[] Points =
    [
        -100, -30, -9.3, -6, -3.1, -2, -1.5, -1.0000001, -1, -0.999, -0.5, -0.1, -1e-3, -1e-8, 0,
        1e-8, 1e-3, 0.1, 0.5, 0.999, 1, 1.0000001, 1.5, 2, 3.1, 6, 9.3, 30, 100,
    ];

    public static TheoryData<string> Names() => [.. ReferenceActivation.Names.Where(name => name != Activations.Identity)];

    [Fact]
    public void There_is_an_oracle_for_every_activation() =>
        Assert.Equal(Activations.List.Select(row => row.Name).Order(), ReferenceActivation.Names.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_agrees_with_finite_differences(string name)
    {
        var oracle = ReferenceActivation.Of(name);
        bool hasKinks = name is "relu" or "elu" or "hardtanh";
        foreach (double z in Points.Where(z => !hasKinks || (Math.Abs(z) > 0.01 && Math.Abs(Math.Abs(z) - 1) > 0.01)))
        {
            // The error of the extrapolation is about h⁴ = 10⁻¹⁰, that of rounding |φ| u / h.
            double tolerance = 1e-9 * (1 + Math.Abs(z));
            Near.Number(FiniteDifference.Derivative(oracle.Value, z, 3e-3), oracle.Slope(z), tolerance, $"{name}′({z})");
            Near.Number(FiniteDifference.Derivative(oracle.Slope, z, 3e-3), oracle.Curvature(z), tolerance, $"{name}″({z})");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_pass_of_every_activation_agrees_with_the_oracle(string key)
    {
        using var device = TestDevices.Create(key);
        double[] z = [.. Points.Select(device.Round), .. device.Normal(1, 41).Select(number => 2 * number)];
        foreach (string name in ReferenceActivation.Names.Where(name => name != Activations.Identity))
        {
            var oracle = ReferenceActivation.Of(name);

            // Elementary functions within 4 ulp and a few roundings, on terms no larger than 1 + |z|.
            double Tolerance(int i) => 24 * device.UnitRoundoff * (1 + Math.Abs(z[i % z.Length]));
            foreach (int directions in (int[])[1, 3])
            {
                var passes = new Passes(device, name, z, directions);
                for (int i = 0; i < z.Length; i++)
                {
                    Near.Number(oracle.Value(z[i]), passes.Value[i], Tolerance(i), $"{name}({z[i]})");
                }

                for (int i = 0; i < directions * z.Length; i++)
                {
                    double at = z[i % z.Length];
                    double slope = oracle.Slope(at);
                    double u = passes.Block[i];
                    Near.Number(slope * u, passes.Backward[i], Tolerance(i) * Math.Abs(u), $"gradient through {name} at {at}");
                    Near.Number(slope * u, passes.TangentForward[i], Tolerance(i) * Math.Abs(u), $"tangent through {name} at {at}");
                    double rest = oracle.Curvature(at) * passes.OutputGradient[i % z.Length] * u;
                    Near.Number(
                        (slope * passes.Second[i]) + rest, passes.TangentBackward[i],
                        Tolerance(i) * (Math.Abs(passes.Second[i]) + Math.Abs(u * passes.OutputGradient[i % z.Length])),
                        $"tangent of the gradient through {name} at {at}");
                    Assert.Equal(passes.TangentBackward[i], passes.TangentBackwardInPlace[i]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Values_are_NaN_at_NaN_and_derivatives_are_finite_far_out(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (string name in ReferenceActivation.Names.Where(name => name != Activations.Identity))
        {
            double[] values = new Passes(device, name, [double.NaN, 1, double.NaN, 2, 3], 1).Value;
            Assert.True(double.IsNaN(values[0]) && double.IsNaN(values[2]), $"{name}(NaN) = {values[0]}");
            Assert.All((int[])[1, 3, 4], i => Assert.True(double.IsFinite(values[i])));

            var far = new Passes(device, name, [device.Round(-3e30), device.Round(3e30)], 1);
            Assert.All(
                (double[])[.. far.Value, .. far.Backward, .. far.TangentBackward],
                number => Assert.True(double.IsFinite(number), $"{name}: {number}"));
        }
    }

    // One activation layer taken through its four passes on a block of directions.
    private sealed class Passes
    {
        public Passes(Device device, string name, double[] z, int directions)
        {
            int count = directions * z.Length;
            Block = device.Normal(2, count);
            Second = device.Normal(3, count);
            OutputGradient = device.Normal(4, z.Length);
            using var input = device.Place(z);
            using var output = device.Allocate(z.Length, "output");
            using var outputGradient = device.Place(OutputGradient);
            using var block = device.Place(Block);
            using var second = device.Place(Second);
            using var result = device.Allocate(count, "result");
            var layer = Activations.Create(name, z.Length)!;
            var state = new LayerState
            {
                Device = device,
                Examples = 1,
                Parameters = default,
                Input = input.Span,
                Output = output.Span,
                OutputGradient = outputGradient.Span,
            };
            layer.Forward(state);
            Value = device.Read(output.Span);
            layer.BackwardBlock(state, directions, block.Span, result.Span, default);
            Backward = device.Read(result.Span);
            var tangent = new LayerTangent { Directions = directions, Parameters = default, Input = block.Span, Output = result.Span };
            layer.TangentForward(state, tangent);
            TangentForward = device.Read(result.Span);
            layer.TangentBackward(state, tangent, second.Span, result.Span, default);
            TangentBackward = device.Read(result.Span);
            layer.TangentBackward(state, tangent, second.Span, second.Span, default);
            TangentBackwardInPlace = device.Read(second.Span);
        }

        public double[] Block { get; }

        public double[] Second { get; }

        public double[] OutputGradient { get; }

        public double[] Value { get; }

        public double[] Backward { get; }

        public double[] TangentForward { get; }

        public double[] TangentBackward { get; }

        public double[] TangentBackwardInPlace { get; }
    }
}
