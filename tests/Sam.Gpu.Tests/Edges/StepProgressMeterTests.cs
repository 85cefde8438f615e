using Sam.Gpu.Devices;
using Sam.Gpu.Edges;
using Sam.Gpu.Objectives;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Edges;

public sealed class StepProgressMeterTests : IDisposable
{
    private readonly Device device = CpuDevice.Create(Precision.Double, 1);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.4)]
    public void On_a_quadratic_both_are_the_closed_form(double stepSize)
    {
        // With g = Λx: DS = g·Λg/‖g‖², and RP = −1 + ½ η DS exactly.
        using var objective = new QuadraticObjective(device, [4, 1, 0.5]);
        var (progress, at) = Steps(objective, [1, -2, 3], stepSize, 3);
        Assert.Equal(double.NaN, progress[0].RelativeProgress);
        Assert.Equal(double.NaN, progress[0].DirectionalSmoothness);
        for (int i = 1; i < progress.Count; i++)
        {
            double[] g = [4 * at[i - 1][0], at[i - 1][1], 0.5 * at[i - 1][2]];
            double smoothness = ((4 * g[0] * g[0]) + (g[1] * g[1]) + (0.5 * g[2] * g[2])) / (Near.Norm(g) * Near.Norm(g));
            Near.Number(smoothness, progress[i].DirectionalSmoothness, 1e-11, "directional smoothness");
            Near.Number(-1 + (stepSize * smoothness / 2), progress[i].RelativeProgress, 1e-10, "relative progress");
        }
    }

    [Fact]
    public void Along_a_cycle_relative_progress_is_zero_and_smoothness_is_the_edge()
    {
        using var objective = new QuadraticObjective(device, [20]);
        var (progress, _) = Steps(objective, [1], 0.1, 5);
        Near.Number(0, progress[^1].RelativeProgress, 1e-12, "relative progress");
        Near.Number(20, progress[^1].DirectionalSmoothness, 1e-12, "directional smoothness");
    }

    [Fact]
    public void Parts_of_a_step_integrate_to_its_relative_progress()
    {
        // RP = −1 + η ∫₀¹ τ DS(τ) dτ; by Simpson's rule on a step of a smooth function.
        const double stepSize = 0.05;
        using var toy = ToyFunctions.SingleNeuron(device);
        var (progress, at) = Steps(toy, [1.5, 0.7], stepSize, 1);
        using var meter = new StepProgressMeter(device, 2);
        using var start = device.Place(at[0]);
        using var end = device.Place(at[1]);
        double[] shares = [.. Enumerable.Range(1, 20).Select(i => i / 20.0)];
        double[] profile = meter.Profile(toy, start.Span, end.Span, shares);
        double integral = shares.Select((share, i) => share * profile[i] * (i == 19 ? 1 : i % 2 == 0 ? 4 : 2)).Sum() / 60;
        Near.Number(progress[1].RelativeProgress, -1 + (stepSize * integral), 1e-7, "relative progress");
        Near.Number(progress[1].DirectionalSmoothness, profile[^1], 1e-11, "smoothness of the whole step");
    }

    // Gradient descent, watched at every point.
    private (List<StepProgress> Progress, List<double[]> At) Steps(Objective objective, double[] start, double stepSize, int steps)
    {
        using var meter = new StepProgressMeter(device, start.Length);
        using var point = device.Place(start);
        using var gradient = device.Allocate(start.Length, "gradient");
        using var loss = device.Allocate(1, "loss");
        var progress = new List<StepProgress>();
        var at = new List<double[]>();
        for (int step = 0; step <= steps; step++)
        {
            objective.Gradient(point.Span, gradient.Span, loss.Span);
            progress.Add(meter.Observe(point.Span, gradient.Span, device.Read(loss.Span)[0]));
            at.Add(device.Read(point.Span));
            device.AddScaled(-stepSize, gradient.Span, point.Span, point.Span);
        }

        return (progress, at);
    }
}
