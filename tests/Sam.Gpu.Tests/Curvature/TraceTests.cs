using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public sealed class TraceTests
{
    private static readonly double[] Decaying = [.. Enumerable.Range(0, 200).Select(i => 10.0 / ((i + 1) * (i + 1)))];

    [Fact]
    public void Signs_give_the_trace_of_a_diagonal_matrix_without_chance()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] eigenvalues = [5, 2, 1, 0.5, -3];
        using var objective = new QuadraticObjective(device, eigenvalues);
        using var parameters = device.Place([1, 2, 3, 4, 5]);
        using var gradient = device.Allocate(5, "gradient");
        using var loss = device.Allocate(1, "loss");
        var linear = new HessianOperator(objective.Linearize(parameters.Span, gradient.Span, loss.Span));

        Assert.Equal(new TraceEstimate(5.5, 0, 20), Hutchinson.Estimate(linear, 20));
    }

    [Fact]
    public void The_spread_of_Hutchinsons_samples_is_that_of_the_formula()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Decaying), 200);
        const int Products = 20_000;

        var estimate = Hutchinson.Estimate(linear, Products);

        // One sample has the variance 2 Σ Hᵢⱼ² over i ≠ j; of 20 000, the estimate of it is right to some percent.
        double variance = 2 * Enumerable.Range(0, 200 * 200).Where(i => i / 200 != i % 200).Sum(i => linear.Matrix[i] * linear.Matrix[i]);
        Assert.Equal(Math.Sqrt(variance / Products), estimate.StandardError, 0.05 * estimate.StandardError);
        Assert.InRange(estimate.Value - Decaying.Sum(), -4 * estimate.StandardError, 4 * estimate.StandardError);
    }

    [Fact]
    public void Errors_fall_with_the_products_and_those_of_Hutch_plus_plus_faster()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Decaying), 200);
        double[] hutchinson = new double[2];
        double[] hutchPlusPlus = new double[2];
        int[] products = [30, 300];
        for (int i = 0; i < 2; i++)
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                hutchinson[i] += Math.Pow(Hutchinson.Estimate(linear, products[i], seed).Value - Decaying.Sum(), 2) / 20;
                hutchPlusPlus[i] += Math.Pow(HutchPlusPlus.Estimate(linear, products[i], seed).Value - Decaying.Sum(), 2) / 20;
            }
        }

        // Ten times the products: mean square errors fall tenfold, and for this spectrum a hundredfold at least. Of 20 seeds, within a
        // factor 2.5.
        Assert.InRange(hutchinson[0] / hutchinson[1], 4, 25);
        Assert.True(hutchPlusPlus[0] / hutchPlusPlus[1] > 100, $"{hutchPlusPlus[0]} to {hutchPlusPlus[1]}");
        Assert.True(hutchPlusPlus[0] < hutchinson[0] / 10);
    }

    [Theory]
    [InlineData(4, 30)]
    [InlineData(10, 30)]
    public void Hutch_plus_plus_is_exact_for_a_range_no_larger_than_the_sketch(int rank, int products)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i < rank ? i - 1.5 : 0)];
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), 100);

        var estimate = HutchPlusPlus.Estimate(linear, products);

        Assert.Equal(values.Sum(), estimate.Value, 1e-11);
        Assert.True(estimate.StandardError < 1e-11);
        Assert.Equal(linear.Products, estimate.Products);
        Assert.True(estimate.Products <= products);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Hutch_plus_plus_is_exact_where_the_sketch_spans_everything(int dimension)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [.. Enumerable.Range(0, dimension).Select(i => 2.0 - i)];
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), dimension);

        var estimate = HutchPlusPlus.Estimate(linear, 30);

        Assert.Equal(values.Sum(), estimate.Value, 1e-12);
        Assert.True(estimate.StandardError <= 1e-12);
        Assert.Equal(values.Sum(), HutchPlusPlus.Estimate(linear, 6).Value, dimension > 2 ? 100 : 1e-12);
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_device_has_the_estimates_of_the_reference(string key)
    {
        using var device = TestDevices.Create(key);
        using Device reference = CpuDevice.Create(Precision.Double, 1);
        double[] matrix = DenseOperator.MatrixWithSpectrum([.. Decaying.Take(24)]);
        using var linear = new DenseOperator(device, matrix, 24);
        using var exact = new DenseOperator(reference, matrix, 24);

        // The same random signs: only rounding is different, some dozen roundings of the largest number, which is 10.
        double tolerance = 1000 * device.UnitRoundoff;
        Agree(Hutchinson.Estimate(exact, 20, 3), Hutchinson.Estimate(linear, 20, 3));
        Agree(HutchPlusPlus.Estimate(exact, 20, 3), HutchPlusPlus.Estimate(linear, 20, 3));

        void Agree(TraceEstimate expected, TraceEstimate found)
        {
            Assert.Equal(expected.Value, found.Value, tolerance);
            Assert.Equal(expected.StandardError, found.StandardError, tolerance);
            Assert.Equal(expected.Products, found.Products);
        }
    }

    [Fact]
    public void Products_that_are_not_finite_give_an_estimate_that_is_none()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var linear = new DiagonalOperator(device, Decaying) { Spoil = numbers => numbers[3] = double.NaN };
        Assert.True(double.IsNaN(Hutchinson.Estimate(linear).Value));
        Assert.True(double.IsNaN(HutchPlusPlus.Estimate(linear).Value));
    }

    [Fact]
    public void Too_few_products_are_refused()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var linear = new DiagonalOperator(device, Decaying);
        Assert.Contains("at least 2",
            Assert.Throws<UsageException>(() => Hutchinson.Estimate(linear, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 6",
            Assert.Throws<UsageException>(() => HutchPlusPlus.Estimate(linear, 5)).Message, StringComparison.Ordinal);
    }
}
