using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives.Toys;

/// <summary>What the papers show on the toys, by plain loops.</summary>
public sealed class ToyResultTests : IDisposable
{
    private readonly Device device = CpuDevice.Create(Precision.Double, 1);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(0.2, 2.18021, 0.45867, 9.92736, 0.363)]
    [InlineData(0.1, 3.14256, 0.31821, 19.95385, 0.461)]
    public void The_scalar_network_of_degree_four_ends_just_under_the_edge(
        double stepSize, double x, double y, double sharpness, double gap)
    {
        using var toy = ToyFunctions.ScalarNetwork(device, 4);

        // Minima are at the edge where c = (η⁻² − 4)^¼; this is a little above it.
        (double a, double b) = Pair(1.1 * Math.Pow((1 / (stepSize * stepSize)) - 4, 0.25), 1);
        double[] end = [a, 1.01 * b, a, 1.01 * b];
        for (int step = 0; step < 100_000 && Math.Abs(1 - (end[0] * end[1] * end[2] * end[3])) >= 1e-13; step++)
        {
            Descend(toy, end, stepSize);
        }

        Near.Numbers([x, y, x, y], end, 1e-4, "coordinate");
        double reached = Sharpness(toy, end);
        Near.Number(sharpness, reached, 1e-4, "sharpness");
        Near.Number(gap, ((2 / stepSize) - reached) / stepSize, 0.02 * gap, "gap over η");
        Near.Number(2 * ((end[0] * end[0]) + (end[1] * end[1])), reached, 1e-9, "sharpness on the line of minima");
    }

    [Theory]
    [InlineData(1.05, 0.53)]
    [InlineData(1.1, 1.13)]
    [InlineData(1.2, 2.57)]
    public void The_scalar_network_of_degree_two_ends_far_under_the_edge(double excess, double gap)
    {
        // At its minima the sharpness is x² + y², which begins at the given excess over the edge.
        const double stepSize = 0.2;
        using var toy = ToyFunctions.ScalarNetwork(device, 2);
        double sum = excess * 2 / stepSize;
        double c = Math.Pow((sum * sum) - 4, 0.25);
        (double x, double y) = Pair(c, 1);
        double[] end = [x, 1.01 * y];
        for (int step = 0; step < 100_000; step++)
        {
            Descend(toy, end, stepSize);
        }

        double reached = (2 / stepSize) - Sharpness(toy, end);
        Near.Number(gap, reached, 0.02 * gap, "gap");
        Assert.True(reached > 7 * 0.0726, "the gap of degree four is at least seven times smaller");
    }

    [Fact]
    public void In_the_valley_the_first_steps_end_where_those_of_the_authors_do()
    {
        using var toy = ToyFunctions.Valley(device);
        double[] root = [14.7, 3];
        for (int step = 0; step < 12; step++)
        {
            _ = RootStep(toy, root, 0.5);
        }

        double[] normalised = [14.7, -3];
        for (int step = 0; step < 10; step++)
        {
            _ = NormalisedStep(toy, normalised, 5);
        }

        Near.Numbers([2.62685, 0.56691], root, 1e-5, "end of descent on the root");
        Near.Numbers([2.8158, -3.8908], normalised, 1e-4, "end of normalised descent");
    }

    [Fact]
    public void In_the_valley_both_algorithms_follow_their_flows_of_the_sharpness()
    {
        const double stepSize = 0.01;
        const int steps = 100_000;
        const double time = stepSize * stepSize * steps;
        using var toy = ToyFunctions.Valley(device);

        // dx/dτ = −⅛ λ₁′ = −½ x.
        double[] root = [2, 0.013];
        for (int step = 0; step < steps; step++)
        {
            _ = RootStep(toy, root, stepSize);
        }

        double flow = 2 * Math.Exp(-time / 2);
        Near.Number(0.0134739, root[0], 1e-7, "x of descent on the root");
        Near.Number(flow, root[0], 1e-3 * flow, "x of descent on the root by its flow");

        // dx/dτ = −¼ (log λ₁)′ = −½ x/(1 + x²), so ½ x² + ln x falls at the rate ½.
        double[] normalised = [2, 0.013];
        double last = 0;
        double sum = 0;
        for (int step = 0; step < steps; step++)
        {
            double sharpness = Sharpness(toy, normalised);
            double stableness = sharpness * stepSize / NormalisedStep(toy, normalised, stepSize);
            sum = (1 / stableness) + (1 / last);
            last = stableness;
        }

        double level = 2 + Math.Log(2) - (time / 2);
        double x = 0.1;
        for (int i = 0; i < 50; i++)
        {
            x -= ((x * x / 2) + Math.Log(x) - level) / (x + (1 / x));
        }

        Near.Number(0.0990791, normalised[0], 1e-7, "x of normalised descent");
        Near.Number(x, normalised[0], 1e-3 * x, "x of normalised descent by its flow");
        Near.Number(1, sum, 1e-3, "1/S + 1/S′");
        Near.Number(0.999997, sum, 1e-6, "1/S + 1/S′");
    }

    [Fact]
    public void A_neuron_with_tanh_settles_under_the_edge_where_the_linear_one_diverges()
    {
        const double stepSize = 2.0 / 150;
        using var bounded = ToyFunctions.SingleNeuron(device);
        using var linear = ToyFunctions.SingleNeuron(device, isLinear: true);
        double[] settled = Descend(bounded, [13, 0.01], stepSize, 20_000);
        double[] diverged = Descend(linear, [13, 0.01], stepSize, 200);
        Assert.InRange(Sharpness(bounded, settled), 0.9 * 150, 150);
        Near.Number(0, bounded.Evaluate(settled, new double[2]), 1e-12, "loss");
        Assert.False(linear.Evaluate(diverged, new double[2]) < 1e6, "the linear neuron should diverge");
    }

    [Fact]
    public void The_bowl_diverges_above_its_edge_but_for_its_hyperbolic_tangent()
    {
        using var bowl = ToyFunctions.Bowl(device);
        using var bounded = ToyFunctions.Bowl(device, isBounded: true);
        Assert.InRange(Near.Norm(Descend(bowl, [0.1, 0.1], 2.0 / 39, 1000)), 1e6, double.PositiveInfinity);
        Assert.InRange(Near.Norm(Descend(bowl, [0.1, 0.1], 2.0 / 41, 3000)), 0, 1e-6);
        Assert.InRange(Near.Norm(Descend(bounded, [0.1, 0.1], 2.0 / 39, 10_000)), 1e-3, 1);
    }

    // c = √(x² − y²), d = xy.
    private static (double X, double Y) Pair(double c, double d)
    {
        double square = ((c * c) + Math.Sqrt(Math.Pow(c, 4) + (4 * d * d))) / 2;
        return (Math.Sqrt(square), d / Math.Sqrt(square));
    }

    private static double[] Descend(ToyObjective toy, double[] start, double stepSize, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Descend(toy, start, stepSize);
        }

        return start;
    }

    private static void Descend(ToyObjective toy, double[] x, double stepSize) => _ = Move(toy, x, (_, _) => stepSize);

    private static double NormalisedStep(ToyObjective toy, double[] x, double stepSize) => Move(toy, x, (_, norm) => stepSize / norm);

    private static double RootStep(ToyObjective toy, double[] x, double stepSize) =>
        Move(toy, x, (loss, _) => stepSize / (2 * Math.Sqrt(loss)));

    // x ← x − size(L, ‖g‖) g; returns ‖g‖.
    private static double Move(ToyObjective toy, double[] x, Func<double, double, double> size)
    {
        double[] gradient = new double[x.Length];
        double loss = toy.Evaluate(x, gradient);
        double norm = Near.Norm(gradient);
        double step = size(loss, norm);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] -= step * gradient[i];
        }

        return norm;
    }

    private static double Sharpness(ToyObjective toy, double[] x)
    {
        double[] matrix = new double[x.Length * x.Length];
        toy.Hessian(x, matrix);
        var system = new SymmetricEigensystem(x.Length);
        system.Decompose(matrix, x.Length, x.Length);
        return system.Values[^1];
    }
}
