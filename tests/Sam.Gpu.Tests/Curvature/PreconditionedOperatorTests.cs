using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public class PreconditionedOperatorTests
{
    private const int Size = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Products_are_those_of_the_symmetric_form(int largestBlock)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        double[] spectrum = [.. Enumerable.Range(1, Size).Select(i => (double)(i * i) - 20)];
        using var inner = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(spectrum), Size);
        double[] diagonal = [.. DeviceNumbers.Normal(3, Size).Select(number => 0.1 + (number * number))];
        using var preconditioner = device.Place(diagonal);
        using var linear = new PreconditionedOperator(inner, preconditioner.Span, largestBlock);
        double[] vectors = DeviceNumbers.Normal(4, 5 * Size);
        using var block = device.Place(vectors);
        using var products = device.Allocate(5 * Size, "products");
        linear.Apply(block.Span, products.Span, 5);
        double[] expected = new double[5 * Size];
        for (int k = 0; k < expected.Length; k++)
        {
            int row = k % Size;
            expected[k] = Enumerable.Range(0, Size).Sum(
                j => inner.Matrix[(row * Size) + j] * vectors[k - row + j] / Math.Sqrt(diagonal[row] * diagonal[j]));
        }

        Near.Numbers(expected, device.Read(products.Span), 1e-11, "product");
        Near.Bits(vectors, device.Read(block.Span));
    }

    [Fact]
    public void Its_eigenvalues_are_those_of_the_product_with_the_inverse()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var inner = new DiagonalOperator(device, [3, 8, 5]);
        using var preconditioner = device.Place([0.5, 4, 1]);
        using var linear = new PreconditionedOperator(inner, preconditioner.Span, 2);
        using var solver = new Eigensolver(device, 3, new EigensolverOptions { Count = 3 });
        Near.Numbers([6, 5, 2], [.. solver.Solve(linear).Pairs.Select(pair => pair.Value)], 1e-12);

        using var other = device.Place([3.0, 1, 1]);
        linear.Set(inner, other.Span);
        Near.Numbers([8, 5, 1], [.. solver.Solve(linear).Pairs.Select(pair => pair.Value)], 1e-12);
    }

    [Fact]
    public void What_is_allocated_first_is_bound_later()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var inner = new DiagonalOperator(device, [3, 8, 5]);
        using var linear = new PreconditionedOperator(device, 3, 2);
        using var solver = new Eigensolver(device, 3, new EigensolverOptions { Count = 3 });
        Assert.Contains("Set", Assert.Throws<InvalidOperationException>(() => solver.Solve(linear)).Message, StringComparison.Ordinal);

        using var preconditioner = device.Place([0.5, 4, 1]);
        linear.Set(inner, preconditioner.Span);
        Near.Numbers([6, 5, 2], [.. solver.Solve(linear).Pairs.Select(pair => pair.Value)], 1e-12);
        Assert.Throws<ArgumentException>(() => linear.Set(new DiagonalOperator(device, [1, 2]), preconditioner.Span));
    }

    [Fact]
    public void A_preconditioner_that_is_not_positive_is_no_measurement()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var preconditioner = device.Place([0.5, 0, 1]);
        using var linear = new PreconditionedOperator(new DiagonalOperator(device, [3, 8, 5]), preconditioner.Span, 2);
        using var solver = new Eigensolver(device, 3);
        Assert.Equal(EigenStatus.NotFinite, solver.Solve(linear).Status);
    }
}
