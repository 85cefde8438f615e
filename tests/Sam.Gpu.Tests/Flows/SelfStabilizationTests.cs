using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Flows;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Flows;

/// <summary>The cubic of self-stabilization: on it the predicted dynamics are gradient descent itself.</summary>
public class SelfStabilizationTests
{
    private const double StepSize = 0.1;
    private const double DeltaSquared = 0.02;

    private static readonly double[] Start = [0.1 * Math.Sqrt(DeltaSquared), 0];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_the_cubic_toy_the_prediction_is_gradient_descent(bool isGeneralised)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.SelfStabilization(device, StepSize, 0.01, 1);
        using var trajectory = new ConstrainedTrajectory(toy, StepSize, eigensolver: new EigensolverOptions { Tolerance = 1e-14 });
        using var dynamics = new PredictedDynamics(trajectory, isGeneralised);
        using var origin = device.Place([0, 0]);
        using var real = device.Place(Start);
        trajectory.Start(origin.Span);
        dynamics.Start(real.Span);

        double[] theta = [.. Start];
        for (int step = 0; step <= 2000; step++)
        {
            device.Upload(theta, real.Span);
            var predicted = dynamics.Predict(real.Span);
            Near.Number(0, predicted.Distance, 1e-10, "distance of the prediction from gradient descent");
            Near.Number(20, predicted.ConstrainedSharpness, 1e-10, "sharpness of the constrained trajectory");
            Near.Number(DeltaSquared, predicted.DeltaSquared, 1e-12, "δ²");
            Near.Number(20 + theta[1], predicted.MeanSharpness, 1e-10, "predicted sharpness");
            Near.Number(Descend(toy, theta), predicted.Loss, 1e-10, "predicted loss");
            dynamics.Step();
            trajectory.Step();
        }
    }

    [Fact]
    public void Gradient_descent_on_the_cubic_toy_has_its_known_cycles()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.SelfStabilization(device, StepSize, 0.01, 1);
        double[] theta = [.. Start];
        var x = new List<double>();
        var excess = new List<double>();
        for (int step = 0; step <= 20000; step++)
        {
            x.Add(Math.Abs(theta[0]));
            excess.Add(theta[1]);
            _ = Descend(toy, theta);
        }

        double delta = Math.Sqrt(DeltaSquared);
        int[] peaks = [.. Enumerable.Range(1, x.Count - 2).Where(i => x[i] > delta && x[i] > x[i - 1] && x[i] >= x[i + 1])];
        // The published numbers are those of the steps that lead there, counted from 0.
        Assert.Equal([290, 884, 1493], peaks.Take(3).Select(peak => peak - 1));
        Near.Numbers([0.366296, 0.379374, 0.393397], [.. peaks.Take(3).Select(i => x[i])], 1e-5, "peak");
        Near.Number(-0.1986, excess.Take(885).Min(), 5e-5, "least S − 2/η");
        Near.Number(0.2018, excess.Take(885).Max(), 5e-5, "largest S − 2/η");
        Near.Number(1.18733, x.Max(), 1e-5, "largest |x|");
        Near.Number(-0.84606, excess.Min(), 1e-5, "least S − 2/η of all");
        Near.Number(0.77326, excess.Max(), 1e-5, "largest S − 2/η of all");

        // Over whole cycles, from the first peak to the last.
        Near.Number(DeltaSquared, x[peaks[0]..peaks[^1]].Average(number => number * number), 0.01 * DeltaSquared, "mean of x²");
    }

    // One step; returns the loss before it.
    private static double Descend(ToyObjective toy, double[] theta)
    {
        Span<double> gradient = stackalloc double[2];
        double loss = toy.Evaluate(theta, gradient);
        theta[0] -= StepSize * gradient[0];
        theta[1] -= StepSize * gradient[1];
        return loss;
    }
}
