using Sam.Gpu.Devices;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives.Toys;

public class ToyObjectiveTests
{
    // The differences of FiniteDifference with this h are off by h⁴ times a fifth derivative, up to 10⁵, and by ε/h.
    private const double Step = 3e-4;
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, (Func<Device, ToyObjective> Create, double[] At, Func<double[], double> Loss)> Known = new()
    {
        ["self-stabilization"] = (
            device => ToyFunctions.SelfStabilization(device, 0.1, 0.01, 4),
            [0.3, -0.7],
            x => (-0.005 * x[1]) + (0.5 * (20 + (2 * x[1])) * x[0] * x[0])),
        ["scalar network of degree 4"] = (
            device => ToyFunctions.ScalarNetwork(device, 4),
            [0.9, -1.2, 0.7, 1.4],
            x => 0.5 * Math.Pow(1 - (x[0] * x[1] * x[2] * x[3]), 2)),
        ["scalar network of degree 2"] = (
            device => ToyFunctions.ScalarNetwork(device, 2), [2, 0.6], x => 0.5 * Math.Pow(1 - (x[0] * x[1]), 2)),
        ["valley"] = (device => ToyFunctions.Valley(device), [1.5, -0.4], x => (1 + (x[0] * x[0])) * x[1] * x[1]),
        ["neuron"] = (
            device => ToyFunctions.SingleNeuron(device), [1.3, 0.6], x => Math.Pow(x[0] * Math.Tanh(x[1]), 2)),
        ["linear neuron"] = (
            device => ToyFunctions.SingleNeuron(device, isLinear: true), [1.3, 0.6], x => Math.Pow(x[0] * x[1], 2)),
        ["bowl"] = (device => ToyFunctions.Bowl(device), [0.1, 0.3], x => (20 * x[0] * x[0]) + (x[1] * x[1])),
        ["bounded bowl"] = (
            device => ToyFunctions.Bowl(device, isBounded: true),
            [0.1, 0.3],
            x => Math.Tanh((20 * x[0] * x[0]) + (x[1] * x[1]))),
    };

    public static TheoryData<string> Names => [.. Known.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_derivatives_are_those_of_the_formula(string name)
    {
        var (create, at, formula) = Known[name];
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = create(device);
        int size = at.Length;
        double[] Gradient(double[] x)
        {
            double[] gradient = new double[size];
            _ = toy.Evaluate(x, gradient);
            return gradient;
        }

        double[] Matrix(double[] x)
        {
            double[] matrix = new double[size * size];
            toy.Hessian(x, matrix);
            return matrix;
        }

        double[] third = new double[size];
        Near.Number(formula(at), toy.Evaluate(at, third), 1e-14, "loss");
        for (int i = 0; i < size; i++)
        {
            double[] unit = new double[size];
            unit[i] = 1;
            Near.Number(FiniteDifference.Directional(x => [formula(x)], at, unit, Step)[0], Gradient(at)[i], Tolerance, "slope");
            double[] row = Matrix(at)[(i * size)..((i + 1) * size)];
            Near.Numbers(FiniteDifference.Directional(Gradient, at, unit, Step), row, Tolerance, "row of the Hessian");

            double[] u = DeviceNumbers.Normal(5, size);
            double[] slope = FiniteDifference.Directional(Matrix, at, u, Step);
            toy.ThirdDerivative(at, u, unit, third);
            Near.Numbers(slope[(i * size)..((i + 1) * size)], third, 10 * Tolerance, "row of the third derivative");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_device_it_gives_the_same_numbers(string name)
    {
        var (create, at, _) = Known[name];
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = create(device);
        int size = at.Length;
        double[] directions = DeviceNumbers.Normal(6, 2 * size);
        using var x = device.Place(at);
        using var block = device.Place(directions);
        using var gradient = device.Allocate(size, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var products = device.Allocate(2 * size, "products");

        double[] expected = new double[size];
        double value = toy.Evaluate(at, expected);
        var linearization = toy.Linearize(x.Span, gradient.Span, loss.Span);
        Near.Bits([value], device.Read(loss.Span));
        Near.Bits(expected, device.Read(gradient.Span));

        double[] matrix = new double[size * size];
        toy.Hessian(at, matrix);
        linearization.HessianProducts(block.Span, products.Span, 2);
        double[] product = [.. Enumerable.Range(0, 2 * size).Select(i => Dot(matrix, i % size, directions, i / size, size))];
        Near.Numbers(product, device.Read(products.Span), 1e-12, "product");

        toy.ThirdDerivatives(x.Span, block.Span.Slice(0, size), block.Span, products.Span, 2);
        toy.ThirdDerivative(at, directions.AsSpan(0, size), directions.AsSpan(size, size), expected);
        Near.Bits(expected, device.Read(products.Span)[size..]);
    }

    [Fact]
    public void The_Gauss_Newton_matrix_is_that_of_the_squared_error_of_the_network()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var toy = ToyFunctions.ScalarNetwork(device, 2);
        using var x = device.Place([2, 0.25]);
        using var gradient = device.Allocate(2, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var direction = device.Place([1, 0]);
        using var product = device.Allocate(2, "product");
        toy.Linearize(x.Span, gradient.Span, loss.Span).GaussNewtonProducts(direction.Span, product.Span, 1);

        // ∇(xy) = (y, x).
        Assert.Equal([0.0625, 0.5], device.Read(product.Span));
    }

    [Fact]
    public void A_toy_without_terms_or_with_terms_of_different_sizes_is_an_error()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        Assert.Throws<ArgumentException>(() => new ToyObjective(device, ScalarFunction.Identity));
        Assert.Throws<ArgumentException>(
            () => new ToyObjective(device, ScalarFunction.Identity, ToyTerm.Monomial(1, 2), ToyTerm.Monomial(1, 1, 1)));
    }

    private static double Dot(double[] matrix, int row, double[] vectors, int vector, int size) =>
        Enumerable.Range(0, size).Sum(j => matrix[(row * size) + j] * vectors[(vector * size) + j]);
}
