using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public sealed class StochasticLanczosQuadratureTests
{
    private static readonly double[] Spiked = [.. Enumerable.Range(0, 150).Select(i => i < 3 ? 40.0 - (7 * i) : Math.Sin(i))];

    [Fact]
    public void A_run_is_the_Gauss_quadrature_of_its_start()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var density = StochasticLanczosQuadrature.Estimate(new DiagonalOperator(device, Spiked), runs: 3, steps: 6, seed: 5);
        for (int run = 0; run < 3; run++)
        {
            var random = new RandomStream(5, "density", (ulong)run);
            double[] start = [.. Spiked.Select(_ => random.NextGaussian())];
            double square = start.Sum(number => number * number);
            Assert.Equal(6, density.Nodes(run).Count);

            // Exact for polynomials up to degree 11.
            for (int degree = 0; degree < 12; degree++)
            {
                double expected = Spiked.Zip(start, (value, number) => Math.Pow(value / 40, degree) * number * number).Sum() / square;
                double found = density.Nodes(run).Zip(density.Weights(run), (node, weight) => weight * Math.Pow(node / 40, degree)).Sum();
                Assert.Equal(expected, found, 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Mass_and_mean_are_those_of_the_matrix(int known)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spiked), Spiked.Length);
        using var solver = new Eigensolver(device, Spiked.Length, new EigensolverOptions { Count = 3 });
        var pairs = known > 0 ? solver.Solve(linear) : null;

        var density = StochasticLanczosQuadrature.Estimate(linear, runs: 40, known: pairs);
        var table = density.Tabulate();

        Assert.Equal(known, density.Deflated.Count);
        Assert.Equal(1, table.Mass, 1e-6);
        Assert.Equal(density.Trace.Value, Spiked.Length * table.Mean, 1e-4 * Math.Abs(density.Trace.Value));
        Assert.InRange(density.Trace.Value - Spiked.Sum(), -3 * density.Trace.StandardError, 3 * density.Trace.StandardError);

        // Without the outliers in the sample there is hardly any spread left.
        Assert.True(known == 0 ? density.Trace.StandardError > 5 : density.Trace.StandardError < 2.5, $"{density.Trace}");
    }

    [Fact]
    public void The_density_is_that_of_the_eigenvalues()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [.. Enumerable.Range(0, 2000).Select(i => i < 100 ? 3 : Math.Sqrt(i / 2000.0))];
        var density = StochasticLanczosQuadrature.Estimate(new DiagonalOperator(device, values), runs: 20);
        var table = density.Tabulate(0.05);
        double distance = 0;
        for (int i = 0; i < table.Points.Count; i++)
        {
            double exact = values.Average(value => Math.Exp(-0.5 * Math.Pow((table.Points[i] - value) / 0.05, 2)))
                / (0.05 * Math.Sqrt(2 * Math.PI));
            distance += Math.Abs(table.Values[i] - exact) * (table.Points[1] - table.Points[0]);
        }

        // Half the L1 distance is the part of the mass in a wrong place: about 1/√(20 · 2000) for each of some dozen parts that σ tells
        // apart.
        Assert.True(distance / 2 < 0.02, $"{distance / 2}");
    }

    [Fact]
    public void A_converged_eigenvalue_has_no_copies()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i == 0 ? 1000 : i / 400.0)];
        var density = StochasticLanczosQuadrature.Estimate(new DiagonalOperator(device, values), runs: 2, steps: 100);
        Assert.Single(density.Nodes(0), node => node > 500);
        Assert.Single(density.Nodes(1), node => node > 500);
        Assert.Equal(100, density.Nodes(0).Count);
    }

    [Fact]
    public void Runs_do_not_depend_on_those_that_share_their_passes()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spiked), Spiked.Length);
        var few = StochasticLanczosQuadrature.Estimate(linear, runs: 1, steps: 30);
        var many = StochasticLanczosQuadrature.Estimate(linear, runs: 11, steps: 30);
        Assert.Equal(few.Nodes(0), many.Nodes(0));
        Assert.Equal(few.Weights(0), many.Weights(0));
        Assert.Equal(330, many.Products);
    }

    [Theory]
    [InlineData("one number", 1)]
    [InlineData("identity", 1)]
    [InlineData("zero", 1)]
    [InlineData("two values", 2)]
    public void A_run_ends_where_its_Krylov_space_does(string kind, int nodes)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = kind switch
        {
            "one number" => [-3],
            "identity" => [.. Enumerable.Repeat(1.0, 50)],
            "zero" => new double[50],
            _ => [.. Enumerable.Range(0, 50).Select(i => i < 20 ? 2.0 : -1)],
        };
        var density = StochasticLanczosQuadrature.Estimate(new DiagonalOperator(device, values), runs: 4);
        var table = density.Tabulate();
        Assert.All(Enumerable.Range(0, 4), run => Assert.Equal(nodes, density.Nodes(run).Count));
        Assert.Equal(4 * nodes, density.Products);
        Assert.Equal(1, table.Mass, 1e-6);
        Assert.InRange(values.Sum() - density.Trace.Value,
            -1e-12 - (4 * density.Trace.StandardError), 1e-12 + (4 * density.Trace.StandardError));
    }

    [Fact]
    public void Where_all_eigenvalues_are_known_nothing_is_left_to_chance()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [5, 4, 1, -2];
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), 4);
        using var solver = new Eigensolver(device, 4, new EigensolverOptions { Count = 4 });
        var density = StochasticLanczosQuadrature.Estimate(linear, known: solver.Solve(linear));
        Assert.Equal((0, 0), (density.Runs, density.Products));
        Assert.Equal(8, density.Trace.Value, 1e-12);
        Assert.Equal(0, density.Trace.StandardError);
        Assert.Equal(1, density.Tabulate().Mass, 1e-6);
        Assert.Equal(2, density.Tabulate().Mean, 1e-5);
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_device_has_the_quadrature_of_the_reference(string key)
    {
        using var device = TestDevices.Create(key);
        using Device reference = CpuDevice.Create(Precision.Double, 1);
        double[] matrix = DenseOperator.MatrixWithSpectrum([.. Spiked.Take(24)]);
        using var linear = new DenseOperator(device, matrix, 24);
        using var exact = new DenseOperator(reference, matrix, 24);

        var expected = StochasticLanczosQuadrature.Estimate(exact, runs: 3, steps: 5, seed: 2).Tabulate(2);
        var found = StochasticLanczosQuadrature.Estimate(linear, runs: 3, steps: 5, seed: 2).Tabulate(2);

        // Five steps from the same starts: rounding grows little. The grids differ by it as well.
        Assert.Equal(expected.Points.Count, found.Points.Count);
        for (int i = 0; i < found.Points.Count; i++)
        {
            Assert.Equal(expected.Values[i], found.Values[i], 2000 * device.UnitRoundoff);
        }
    }

    [Fact]
    public void Products_that_are_not_finite_give_a_density_that_is_none()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var linear = new DiagonalOperator(device, Spiked) { Spoil = numbers => numbers[3] = double.PositiveInfinity };
        var density = StochasticLanczosQuadrature.Estimate(linear, runs: 2);
        Assert.True(double.IsNaN(density.Trace.Value));
        Assert.True(double.IsNaN(density.Largest));
        Assert.True(double.IsNaN(density.Tabulate().Mass));
    }

    [Theory]
    [InlineData(0, 80, null)]
    [InlineData(10, 0, null)]
    [InlineData(10, 80, 0.0)]
    [InlineData(10, 80, -1.0)]
    [InlineData(10, 80, 1e-9)]
    [InlineData(10, 80, double.NaN)]
    public void Settings_out_of_range_are_refused(int runs, int steps, double? width)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var linear = new DiagonalOperator(device, Spiked);
        Assert.Throws<UsageException>(() => StochasticLanczosQuadrature.Estimate(linear, runs, steps).Tabulate(width));
    }
}
