using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Edges;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
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
        var configuration = Recipe.Load("chebyshev").Configuration;
        var data = DataSource.Parse(configuration.Data, ".");
        var network = NetworkSpecification.Parse(configuration.Network).Build(data.InputShape, data.Outputs, configuration.Activation);
        using var objective = new NetworkObjective(device, network, Loss.Parse(configuration.Loss), data);
        using var theta = device.Place(Initialization.Parse(configuration.Initialization).Draw(network, 1));
        using var gradient = device.Allocate(network.ParameterCount, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var meter = new StepProgressMeter(device, network.ParameterCount);
        double progressSum = 0;
        double smoothnessSum = 0;
        double differences = 0;
        for (int step = 0; step < steps; step++)
        {
            objective.Gradient(theta.Span, gradient.Span, loss.Span);
            if (step >= (steps / 2) - 1)
            {
                var seen = meter.Observe(theta.Span, gradient.Span, device.Read(loss.Span)[0]);
                if (step >= steps / 2)
                {
                    progressSum += seen.RelativeProgress;
                    smoothnessSum += seen.DirectionalSmoothness * stepSize / 2;
                    differences += Math.Abs(seen.RelativeProgress - (-1 + (stepSize * seen.DirectionalSmoothness / 2)));
                }
            }

            device.AddScaled(-stepSize, gradient.Span, theta.Span, theta.Span);
        }

        Near.Number(progress, progressSum / (steps / 2), 0.02, "mean relative progress");
        Near.Number(smoothness, smoothnessSum / (steps / 2), 0.02, "mean directional smoothness times η/2");
        Near.Number(0, differences / (steps / 2), 0.05, "mean distance of RP from −1 + ½ η DS");
    }
}
