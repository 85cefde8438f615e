using Sam.Gpu.Devices;
using Sam.Gpu.Edges;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Edges;

public class EdgeTests
{
    private const double StepSize = 0.02;
    private const double Beta = 0.9;

    public static TheoryData<string> Bases => ["gd", "polyak", "nesterov"];

    [Theory]
    [InlineData(1, 0.01, 0.1, 40, 1e-12)]
    [InlineData(0.1, 0.01, 0.1, 13.6510, 1e-4)]
    [InlineData(10, 0.01, 0.1, 100, 1e-12)]
    [InlineData(7.2273664, 0.1, 0.1, 16.31642, 1e-5)]
    public void The_SAM_edge_has_its_published_values(double gradientNorm, double stepSize, double rho, double edge, double tolerance) =>
        Near.Number(edge, Edge.Sam(Edge.GradientDescent(stepSize), rho, gradientNorm), tolerance);

    [Theory]
    [InlineData(0.01, 0.01, 100, 1e-12)]
    [InlineData(0.01, 0.001, 170.82, 5e-3)]
    [InlineData(0.1, 0.1, 10, 1e-12)]
    [InlineData(0.1, 0.02, 15.31, 5e-3)]
    public void The_edge_of_unnormalised_SAM_has_its_published_values(double stepSize, double rho, double edge, double tolerance) =>
        Near.Number(edge, Edge.UnnormalisedSam(Edge.GradientDescent(stepSize), rho), tolerance);

    [Fact]
    public void Edges_of_the_base_steps_have_their_published_values()
    {
        Assert.Equal(20, Edge.GradientDescent(0.1));
        Near.Number(38, Edge.Polyak(0.1, 0.9), 1e-13);
        Near.Number(13.571428571428571, Edge.Nesterov(0.1, 0.9), 1e-14);
        Assert.Equal(20, Edge.Polyak(0.1, 0));
        Assert.Equal(20, Edge.Nesterov(0.1, 0));
    }

    [Fact]
    public void The_SAM_edge_does_not_cancel_for_small_rho()
    {
        Assert.Equal(200, Edge.Sam(200, 0, 1));
        Assert.Equal(200, Edge.UnnormalisedSam(200, 0));
        foreach (double rho in (double[])[1e-18, 1e-15, 1e-12, 1e-9, 1e-6])
        {
            // 2/(1 + √(1 + 4x)) = 1 − x + 2x² − 5x³ + …, here with x = 200 ρ ≤ 2·10⁻⁴.
            double x = 200 * rho;
            double series = 200 * (1 - (x * (1 - (x * (2 - (x * (5 - (x * 14))))))));
            Near.Number(series, Edge.Sam(200, rho, 1), 1e-13, $"edge at rho {rho}");
            Near.Number(series, Edge.UnnormalisedSam(200, rho), 1e-13, $"un-normalised edge at rho {rho}");
        }
    }

    [Fact]
    public void The_SAM_edge_solves_its_equation_and_falls_with_the_gradient()
    {
        double last = 0;
        for (double norm = 1e-9; norm < 1e9; norm *= 3)
        {
            double edge = Edge.Sam(200, 0.05, norm);
            Near.Number(200, edge * (1 + (0.05 * edge / norm)), 1e-11);
            Assert.InRange(edge, last, 200);
            last = edge;
        }

        // √(2‖g‖/(ηρ)) for a small gradient, which is √(c‖g‖/ρ).
        Near.Number(Math.Sqrt(200 * 1e-12 / 0.05), Edge.Sam(200, 0.05, 1e-12), 1e-4 * Edge.Sam(200, 0.05, 1e-12));
    }

    [Fact]
    public void A_gradient_that_is_zero_infinite_or_NaN_gives_zero_the_base_edge_or_NaN()
    {
        Assert.Equal(0, Edge.Sam(200, 0.05, 0));
        Assert.Equal(200, Edge.Sam(200, 0, 0));
        Assert.Equal(200, Edge.Sam(200, 0.05, double.PositiveInfinity));
        Assert.Equal(double.NaN, Edge.Sam(200, 0.05, double.NaN));
    }

    [Fact]
    public void Arguments_out_of_range_are_errors()
    {
        foreach (double stepSize in (double[])[0, -1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Edge.GradientDescent(stepSize));
            Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Polyak(stepSize, 0.9));
            Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Nesterov(stepSize, 0.9));
        }

        foreach (double momentum in (double[])[-0.1, 1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Polyak(0.1, momentum));
            Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Nesterov(0.1, momentum));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Sam(0, 0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Sam(200, -0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Edge.Sam(200, 0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Edge.UnnormalisedSam(200, -0.1));
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void A_base_step_shrinks_just_under_its_edge_and_grows_just_over(string baseStep)
    {
        double edge = Simulation(baseStep, null, 1).Edge;
        Assert.InRange(Simulation(baseStep, null, 0.99 * edge).End, 0, 1e-6);
        Assert.InRange(Simulation(baseStep, null, 1.01 * edge).End, 1e6, double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void Unnormalised_SAM_shrinks_just_under_its_edge_and_grows_just_over(string baseStep)
    {
        double edge = Simulation(baseStep, new UnnormalisedAscent(0.01), 1).Edge;
        Assert.InRange(Simulation(baseStep, new UnnormalisedAscent(0.01), 0.99 * edge).End, 0, 1e-6);
        Assert.InRange(Simulation(baseStep, new UnnormalisedAscent(0.01), 1.01 * edge).End, 1e6, double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void SAM_with_a_frozen_norm_shrinks_just_under_its_edge_and_grows_just_over(string baseStep)
    {
        // The edge of SAM is that of the linear map that holds ‖g‖ fixed; w + (ρ/‖g‖) g is then the ascent.
        const double rho = 0.05;
        foreach (double norm in (double[])[0.1, 1, 30])
        {
            double edge = new NormalisedAscent(rho).Edge(Simulation(baseStep, null, 1).Edge, norm);
            var frozen = new UnnormalisedAscent(rho / norm);
            Assert.InRange(Simulation(baseStep, frozen, 0.99 * edge).End, 0, 1e-6);
            Assert.InRange(Simulation(baseStep, frozen, 1.01 * edge).End, 1e6, double.PositiveInfinity);
        }
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void SAM_ends_in_the_two_cycle_on_its_edge_over_any_base_step(string baseStep)
    {
        // |x₁| = λ ρ/(c − λ), where the edge of SAM is λ; from a start at which momentum does not carry it elsewhere.
        const double rho = 0.1;
        double c = Simulation(baseStep, null, 1).Edge;
        double curvature = 0.75 * c;
        double end = Simulation(baseStep, new NormalisedAscent(rho), curvature).End;
        Near.Number(curvature * rho / (c - curvature), end, 1e-9 * end, "|x| of the cycle");
        Near.Number(curvature, Edge.Sam(c, rho, curvature * end), 1e-9 * curvature, "edge in the cycle");
    }

    // |x| after 3000 steps on ½ λ x² from x = 1.
    private static (double Edge, double End) Simulation(string baseStep, IAscent? ascent, double curvature)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, [curvature]);
        using var parameters = device.Place([1]);
        using var record = device.Allocate(StepRecord.Length, "record");
        IBaseStep step = baseStep == "gd"
            ? new GradientDescent(device, StepSize)
            : new Momentum(device, 1, StepSize, Beta, isNesterov: baseStep == "nesterov");
        using var optimizer = new Optimizer(device, 1, step, ascent);
        for (int i = 0; i < 3000; i++)
        {
            optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
        }

        return (optimizer.Edge(1), Math.Abs(device.Read(parameters.Span)[0]));
    }
}
