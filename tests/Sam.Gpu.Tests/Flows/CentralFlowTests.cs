using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Flows;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Flows;

public class CentralFlowTests
{
    private const double StepSize = 0.1;

    private static readonly CentralFlowOptions Exact = new() { Eigensolver = new EigensolverOptions { Tolerance = 1e-14 } };

    [Fact]
    public void On_the_cubic_toy_it_stays_at_the_edge_with_the_known_variance()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.SelfStabilization(device, StepSize, 0.01, 1);
        using var flow = new CentralFlow(toy, StepSize, Exact);
        using var start = device.Place([0, 0]);
        flow.Start(start.Span);
        for (int step = 0; step < 200; step++)
        {
            var seen = flow.Step();
            Assert.Equal(step, seen.Step);
            Near.Number(20, seen.Eigenvalues[0], 1e-10, "sharpness");
            Near.Number(0.02, seen.Variance, 1e-10, "variance");
            Near.Number(0.2, seen.PredictedLoss - seen.Loss, 1e-9, "loss of the oscillation");
        }
    }

    [Fact]
    public void From_below_the_edge_it_is_gradient_flow_until_it_gets_there()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.SelfStabilization(device, StepSize, 0.01, 1);
        using var flow = new CentralFlow(toy, StepSize, Exact);
        using var start = device.Place([0, -0.2]);
        flow.Start(start.Span);
        for (int step = 0; step < 400; step++)
        {
            // y rises by η α = 0.001 a step.
            var seen = flow.Step();
            Near.Number(Math.Min(20, 19.8 + (0.001 * step)), seen.Eigenvalues[0], 1e-9, "sharpness");
            Near.Number(step < 200 ? 0 : 0.02, seen.Variance, 1e-9, "variance");
        }
    }

    [Fact]
    public void Two_directions_that_touch_the_edge_at_once_have_a_variance_each()
    {
        // L = −α₁ y₁ − α₂ y₂ + ½ (2/η + y₁) x₁² + ½ (2/η + y₂) x₂² + z x₁ x₂: both eigenvalues are 2/η, so the eigenvectors are any of
        // their plane; z would take a correlation of x₁ and x₂ away.
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = new ToyObjective(
            device, ScalarFunction.Identity,
            ToyTerm.Monomial(-0.01, 0, 1, 0, 0, 0), ToyTerm.Monomial(10, 2, 0, 0, 0, 0), ToyTerm.Monomial(0.5, 2, 1, 0, 0, 0),
            ToyTerm.Monomial(-0.03, 0, 0, 0, 1, 0), ToyTerm.Monomial(10, 0, 0, 2, 0, 0), ToyTerm.Monomial(0.5, 0, 0, 2, 1, 0),
            ToyTerm.Monomial(1, 1, 0, 1, 0, 1));
        using var flow = new CentralFlow(toy, StepSize, Exact);
        using var start = device.Place([0, 0, 0, 0, 0]);
        flow.Start(start.Span);
        for (int step = 0; step < 50; step++)
        {
            var seen = flow.Step();
            Near.Numbers([20, 20], [.. seen.Eigenvalues.Take(2)], 1e-8, "eigenvalue");
            Near.Numbers([0.06, 0.02], [.. seen.Variances], 1e-7, "variance");
            Assert.False(seen.IsTruncated);
        }

        Near.Number(0, Near.Norm(device.Read(flow.Parameters)), 1e-8, "way of the flow");
    }

    [Fact]
    public void Directions_that_share_their_push_hold_only_the_eigenvalues_that_would_pass()
    {
        // y pushes both up, but the first is at the edge and the second a little below: the first alone oscillates.
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = new ToyObjective(
            device, ScalarFunction.Identity,
            ToyTerm.Monomial(-0.01, 0, 1, 0), ToyTerm.Monomial(10, 2, 0, 0), ToyTerm.Monomial(0.5, 2, 1, 0),
            ToyTerm.Monomial(9.9, 0, 0, 2), ToyTerm.Monomial(0.5, 0, 1, 2));
        using var flow = new CentralFlow(toy, StepSize, Exact);
        using var start = device.Place([0, 0, 0]);
        flow.Start(start.Span);
        for (int step = 0; step < 50; step++)
        {
            var seen = flow.Step();
            Near.Numbers([20, 19.8], [.. seen.Eigenvalues.Take(2)], 1e-8, "eigenvalue");
            Near.Numbers([0.02, 0], [.. seen.Variances], 1e-8, "variance");
        }
    }

    [Fact]
    public void Eigenvalues_that_are_not_tracked_are_told_of()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = new ToyObjective(
            device, ScalarFunction.Identity, ToyTerm.Monomial(10, 2, 0, 0), ToyTerm.Monomial(10, 0, 2, 0), ToyTerm.Monomial(10, 0, 0, 2));
        using var start = device.Place([0, 0, 0]);
        foreach (int most in (int[])[1, 2, 3])
        {
            using var flow = new CentralFlow(toy, StepSize, Exact with { MaximumEigenvalues = most });
            flow.Start(start.Span);
            Assert.Equal(most < 3, flow.Step().IsTruncated);
        }
    }

    [Fact]
    public void Settings_out_of_range_are_errors()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.Valley(device);
        foreach (var options in (CentralFlowOptions[])
            [new() { Substeps = 0 }, new() { CriticalShare = 1.1 }, new() { TrackedShare = 0.99 }, new() { MaximumEigenvalues = 0 }])
        {
            Assert.Throws<UsageException>(() => new CentralFlow(toy, StepSize, options));
        }
    }
}
