using Sam.Gpu.Devices;
using Sam.Gpu.Edges;
using Sam.Gpu.Labs;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Edges;

/// <summary>Relative progress and directional smoothness of gradient descent on the network of the recipe <c>chebyshev</c>.</summary>
public class StepProgressBenchTests
{
    [Theory]
    [InlineData(0.01, -1, 0)]
    [InlineData(0.2, 0, 1)]
    public void Below_the_edge_progress_is_minus_one_and_at_it_zero(double stepSize, double progress, double smoothness)
    {
        // The means over the second half of 40000 steps, which an independent program found to three digits.
        const int steps = 40_000;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new ChebyshevProblem(device, 1);
        var (objective, theta) = (problem.Objective, problem.Parameters);
        using var gradient = device.Allocate(objective.ParameterCount, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var meter = new StepProgressMeter(device, objective.ParameterCount);
        double progressSum = 0;
        double smoothnessSum = 0;
        double differences = 0;
        for (int step = 0; step < steps; step++)
        {
            objective.Gradient(theta, gradient.Span, loss.Span);
            if (step >= (steps / 2) - 1)
            {
                var seen = meter.Observe(theta, gradient.Span, device.Read(loss.Span)[0]);
                if (step >= steps / 2)
                {
                    progressSum += seen.RelativeProgress;
                    smoothnessSum += seen.DirectionalSmoothness * stepSize / 2;
                    differences += Math.Abs(seen.RelativeProgress - (-1 + (stepSize * seen.DirectionalSmoothness / 2)));
                }
            }

            device.AddScaled(-stepSize, gradient.Span, theta, theta);
        }

        Near.Number(progress, progressSum / (steps / 2), 0.02, "mean relative progress");
        Near.Number(smoothness, smoothnessSum / (steps / 2), 0.02, "mean directional smoothness times η/2");
        Near.Number(0, differences / (steps / 2), 0.05, "mean distance of RP from −1 + ½ η DS");
    }
}
