using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class DistillationOperationsTests
{
    private const double Temperature = 2;

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void DistillationTerm_adds_the_divergence_and_its_gradient(string key)
    {
        using var device = TestDevices.Create(key);
        var (lossScale, gradientScale) = (device.Round(0.3), device.Round(0.7));
        foreach (var (examples, columns) in ((int, int)[])[(1, 1), (5, 3), (3, 10), (4, 17), (2, 33), (2, 100)])
        {
            double[] o = [.. device.Normal(1, examples * columns).Select(number => 4 * number)];
            double[] r = [.. device.Normal(2, examples * columns).Select(number => 4 * number)];
            double[] losses = device.Normal(3, examples);
            double[] slopes = device.Normal(4, o.Length);
            using var outputs = device.Place(o);
            using var reference = device.Place(r);
            using var loss = device.Place(losses);
            using var gradient = device.Place(slopes);
            device.DistillationTerm(
                outputs.Span, reference.Span, columns, Temperature, lossScale, gradientScale, loss.Span, gradient.Span);

            // Arguments of exponentials up to 20 in size are rounded; terms of the divergence are as large.
            double tolerance = 200 * device.UnitRoundoff;
            var (actualLoss, actualSlopes) = (device.Read(loss.Span), device.Read(gradient.Span));
            for (int n = 0; n < examples; n++)
            {
                double[] p = Softmax(o[(n * columns)..((n + 1) * columns)]);
                double[] q = Softmax(r[(n * columns)..((n + 1) * columns)]);
                double divergence = q.Zip(p, (a, b) => a * Math.Log(a / b)).Sum();
                Near.Number(losses[n] + (lossScale * divergence), actualLoss[n], tolerance, $"loss {n} of {examples}×{columns}");
                for (int c = 0; c < columns; c++)
                {
                    int i = (n * columns) + c;
                    Near.Number(slopes[i] + (gradientScale * (p[c] - q[c])), actualSlopes[i], tolerance, $"gradient {i} of {examples}×{columns}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Equal_outputs_and_a_reference_that_is_not_there_add_nothing(string key)
    {
        using var device = TestDevices.Create(key);
        double[] o = device.Normal(1, 2 * 13);
        double[] losses = device.Normal(3, 2);
        double[] slopes = device.Normal(4, o.Length);
        foreach (double[] r in (double[][])[o, [.. o.Select(_ => double.NaN)]])
        {
            using var outputs = device.Place(o);
            using var reference = device.Place(r);
            using var loss = device.Place(losses);
            using var gradient = device.Place(slopes);
            device.DistillationTerm(outputs.Span, reference.Span, 13, 5, 0.3, 0.7, loss.Span, gradient.Span);
            Near.Bits(losses, device.Read(loss.Span));
            Near.Bits(slopes, device.Read(gradient.Span));
        }
    }

    private static double[] Softmax(double[] outputs)
    {
        double[] powers = [.. outputs.Select(number => Math.Exp((number - outputs.Max()) / Temperature))];
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
