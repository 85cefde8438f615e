using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>The four passes of every layer and loss, in double, against finite differences and the oracle.</summary>
public class PassesTests
{
    public static TheoryData<string> Problems()
    {
        string[] losses = ["mse", "half-squared-error", "cross-entropy"];
        var problems = new TheoryData<string>();
        foreach (string loss in losses)
        {
            foreach (var (activation, _) in Activations.List)
            {
                problems.Add($"mlp:4-3 {activation} {loss} 3 3 7");
            }

            problems.Add($"mlp: tanh {loss} 3 4 6");
            problems.Add($"mlp:,bias=none tanh {loss} 3 2 6");
            problems.Add($"mlp:5,bias=hidden tanh {loss} 2 3 6");
            problems.Add($"mlp:4-3-4,bias=none gelu {loss} 2 3 6");
            problems.Add($"mlp:4-3-2 softplus {loss} 3 2 8");
        }

        problems.Add("mlp:6 tanh mse 1 1 9");
        problems.Add("mlp:4-4,bias=hidden swish half-squared-error 1 1 9");
        return problems;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Loss_and_gradient_agree_with_the_oracle_and_with_finite_differences(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, text);
        double[] gradient = problem.Gradient(problem.Theta);
        double loss = problem.LossAt(problem.Theta);

        // Roundings only.
        Near.Number(problem.Reference.Loss(problem.Theta, problem.Inputs, problem.Targets), loss, 1e-14 * (1 + loss), "loss");
        Near.Vectors(problem.Reference.Gradient(problem.Theta, problem.Inputs, problem.Targets), gradient, 1e-13, "gradient");

        // Rounding in the difference is u · loss / step = 10⁻¹¹, or 10⁻¹³ with the fourth power of the long step 10⁻¹¹ beside it.
        double scale = Near.Norm(gradient) + loss;
        for (int i = 0; i < gradient.Length; i++)
        {
            double slope = FiniteDifference.Directional(theta => [problem.LossAt(theta)], problem.Theta, Unit(problem, i), problem.Step)[0];
            Near.Number(slope, gradient[i], 1e-9 * scale, $"derivative {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_Hessian_is_symmetric_and_agrees_with_finite_differences_of_the_gradient(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, text);
        double[] hessian = problem.Matrix();
        int p = problem.Theta.Length;
        double scale = Near.Norm(hessian);
        for (int i = 0; i < p; i++)
        {
            // The same tolerance as for the gradient.
            double[] row = FiniteDifference.Directional(problem.Gradient, problem.Theta, Unit(problem, i), problem.Step);
            Near.Numbers(row, hessian[(i * p)..((i + 1) * p)], 1e-9 * scale, $"row {i}, column");
            for (int j = 0; j < i; j++)
            {
                Near.Number(hessian[(i * p) + j], hessian[(j * p) + i], 1e-14 * scale, $"symmetry of {i}, {j}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_Gauss_Newton_matrix_is_the_square_of_the_Jacobian_in_the_metric_of_the_loss(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, text);
        int p = problem.Theta.Length;
        int outputs = problem.Reference.Outputs;
        double[][] jacobian =
        [
            .. Enumerable.Range(0, p).Select(i => FiniteDifference.Directional(
                theta => problem.Reference.Evaluate(theta, problem.Inputs), problem.Theta, Unit(problem, i), problem.Step)),
        ];
        double[] values = problem.Reference.Evaluate(problem.Theta, problem.Inputs);
        double[] expected = new double[p * p];
        for (int n = 0; n < problem.Examples; n++)
        {
            double[] metric = problem.Reference.OutputHessian(values[(n * outputs)..((n + 1) * outputs)], problem.Examples);
            for (int i = 0; i < p; i++)
            {
                for (int a = 0; a < outputs; a++)
                {
                    double row = Enumerable.Range(0, outputs).Sum(b => metric[(a * outputs) + b] * jacobian[i][(n * outputs) + b]);
                    for (int j = 0; j < p; j++)
                    {
                        expected[(i * p) + j] += row * jacobian[j][(n * outputs) + a];
                    }
                }
            }
        }

        double[] actual = problem.Matrix(isGaussNewton: true);
        Near.Vectors(expected, actual, 1e-9, "Gauss-Newton matrix");
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Near.Number(actual[(i * p) + j], actual[(j * p) + i], 1e-14 * Near.Norm(actual), $"symmetry of {i}, {j}");
            }
        }
    }

    [Theory]
    [InlineData("mlp: tanh mse 3 4 6")]
    [InlineData("mlp: tanh cross-entropy 3 4 6")]
    [InlineData("mlp:,bias=none tanh half-squared-error 5 1 6")]
    public void For_a_linear_network_the_Gauss_Newton_matrix_is_the_Hessian(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, text);
        Near.Vectors(problem.Matrix(), problem.Matrix(isGaussNewton: true), 1e-14);
    }

    [Theory]
    [InlineData("mlp:20-15 tanh mse 10 4 50")]
    [InlineData("mlp:20-15 gelu cross-entropy 10 4 50")]
    [InlineData("mlp:20-15 relu half-squared-error 10 4 50")]
    public void Products_are_symmetric_in_any_two_directions(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 2);
        using var problem = new Problem(device, text);
        double[] u = DeviceNumbers.Normal(10, problem.Theta.Length);
        double[] v = DeviceNumbers.Normal(11, problem.Theta.Length);
        foreach (bool isGaussNewton in (bool[])[false, true])
        {
            double[] products = problem.Products([.. u, .. v], isGaussNewton);
            double forth = Dot(v, products[..u.Length]);
            double back = Dot(u, products[u.Length..]);
            Near.Number(forth, back, 1e-12 * Near.Norm(v) * Near.Norm(products[..u.Length]), "u·Hv");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(20)]
    [InlineData(35)]
    public void A_block_equals_single_products(int count)
    {
        using var device = CpuDevice.Create(Precision.Double, 2);
        foreach (string text in (string[])["mlp:6-5 tanh cross-entropy 4 3 11", "mlp:6-5 gelu mse 4 3 11"])
        {
            using var problem = new Problem(device, text);
            int p = problem.Theta.Length;
            double[] directions = DeviceNumbers.Normal(10, count * p);
            foreach (bool isGaussNewton in (bool[])[false, true])
            {
                var linearization = problem.Linearize();
                double[] block = problem.Products(linearization, directions, isGaussNewton);
                for (int k = 0; k < count; k++)
                {
                    double[] single = problem.Products(linearization, directions[(k * p)..((k + 1) * p)], isGaussNewton);
                    Near.Vectors(single, block[(k * p)..((k + 1) * p)], 1e-14, $"product {k}");
                }
            }
        }
    }

    [Theory]
    [InlineData("mlp:6-5 tanh cross-entropy 4 3 11")]
    [InlineData("mlp:6-5 swish mse 4 3 11")]
    public void The_chunk_changes_nothing_beyond_rounding(string text)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var whole = new Problem(device, text);
        double[] directions = DeviceNumbers.Normal(10, 3 * whole.Theta.Length);
        var cases = from chunk in (int[])[1, 3, 10, 11, 50] from memory in (long[])[0, NetworkObjective.DefaultMemory] select (chunk, memory);
        foreach (var (chunk, memory) in cases)
        {
            using var problem = new Problem(device, text, chunk, memory);
            Assert.Equal(Math.Min(chunk, 11), problem.Objective.Chunk);
            Near.Number(whole.LossAt(whole.Theta), problem.LossAt(problem.Theta), 1e-14, "loss");
            Near.Vectors(whole.Gradient(whole.Theta), problem.Gradient(problem.Theta), 1e-14, $"gradient, chunk {chunk}");
            Near.Vectors(whole.Products(directions), problem.Products(directions), 1e-14, $"Hessian products, chunk {chunk}");
            Near.Vectors(whole.Products(directions, true), problem.Products(directions, true), 1e-14, $"Gauss-Newton products, chunk {chunk}");
            if (!problem.Objective.Accuracy.IsEmpty)
            {
                Assert.Equal(device.Read(whole.Objective.Accuracy)[0], device.Read(problem.Objective.Accuracy)[0], 1e-15);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void The_number_of_threads_changes_no_bit(Precision precision)
    {
        // Layers of 40 000 numbers: enough that every operation is shared out.
        double[] Run(int threads)
        {
            using var device = CpuDevice.Create(precision, threads);
            using var problem = new Problem(device, "mlp:40-30 tanh cross-entropy 30 10 1000");
            double[] directions = DeviceNumbers.Normal(10, 3 * problem.Theta.Length);
            return
            [
                problem.LossAt(problem.Theta), .. problem.Gradient(problem.Theta),
                .. problem.Products(directions), .. problem.Products(directions, isGaussNewton: true),
            ];
        }

        double[] one = Run(1);
        Near.Bits(one, Run(2));
        Near.Bits(one, Run(3));
    }

    [Theory]
    [InlineData("mlp:20-15 tanh mse 10 4 50")]
    [InlineData("mlp:20-15 relu half-squared-error 10 4 50")]
    [InlineData("mlp:20-15 hardtanh half-squared-error 10 4 50")]
    [InlineData("mlp:20-15 sigmoid cross-entropy 10 4 50")]
    [InlineData("mlp:20-15 softplus mse 10 4 50")]
    [InlineData("mlp:20-15 elu cross-entropy 10 4 50")]
    [InlineData("mlp:20-15 swish cross-entropy 10 4 50")]
    [InlineData("mlp:20-15 gelu cross-entropy 10 4 50")]
    [InlineData("mlp:20-15 gelu-tanh mse 10 4 50")]
    public void Float_is_within_a_hundred_thousandth_of_double(string text)
    {
        using var single = CpuDevice.Create(Precision.Float, 2);
        using var twice = CpuDevice.Create(Precision.Double, 2);
        using var problem = new Problem(single, text);
        using var oracle = new Problem(twice, text);
        double[] directions = DeviceNumbers.Normal(10, 3 * problem.Theta.Length);
        Near.Vectors(oracle.Gradient(oracle.Theta), problem.Gradient(problem.Theta), 1e-5, "gradient");
        Near.Vectors(oracle.Products(directions), problem.Products(directions), 1e-5, "Hessian products");
        Near.Vectors(oracle.Products(directions, true), problem.Products(directions, true), 1e-5, "Gauss-Newton products");
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_device_agrees_with_the_oracle(string key)
    {
        using var device = TestDevices.Create(key);
        using var twice = CpuDevice.Create(Precision.Double, 1);
        foreach (string text in (string[])["mlp:4-3 tanh cross-entropy 3 2 5", "mlp:4,bias=hidden elu mse 3 2 5"])
        {
            using var problem = new Problem(device, text, chunk: 3);
            using var oracle = new Problem(twice, text);
            double tolerance = device.Precision == Precision.Double ? 1e-14 : 1e-5;
            double[] directions = DeviceNumbers.Normal(10, 2 * problem.Theta.Length);
            Near.Number(oracle.LossAt(oracle.Theta), problem.LossAt(problem.Theta), tolerance, "loss");
            Near.Vectors(oracle.Gradient(oracle.Theta), problem.Gradient(problem.Theta), tolerance, "gradient");
            Near.Vectors(oracle.Products(directions), problem.Products(directions), tolerance, "Hessian products");
            Near.Vectors(oracle.Products(directions, true), problem.Products(directions, true), tolerance, "Gauss-Newton products");
        }
    }

    [Fact]
    public void A_network_may_begin_with_an_activation()
    {
        // The input has no gradient and no tangent, and the first layer with parameters is not layer 0.
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var plain = new Problem(device, "mlp:4 tanh mse 3 2 5");
        var layers = new Network([Activations.Create("tanh", 3)!, .. plain.Network.Layers]);
        double[] bent = [.. plain.Inputs.Select(Math.Tanh)];
        using var behind = new NetworkObjective(device, layers, Loss.Parse("mse"), plain.Data);
        using var before = new NetworkObjective(
            device, plain.Network, Loss.Parse("mse"),
            DataSet.ForRegression("bent", ExampleMatrix.Dense(bent, 5, 3), ExampleMatrix.Dense(plain.Targets, 5, 2)));
        using var theta = device.Place(plain.Theta);
        using var directions = device.Place(DeviceNumbers.Normal(4, 2 * plain.Theta.Length));
        double[] Run(NetworkObjective objective)
        {
            using var gradient = device.Allocate(plain.Theta.Length, "gradient");
            using var loss = device.Allocate(1, "loss");
            using var products = device.Allocate(2 * plain.Theta.Length, "products");
            objective.Linearize(theta.Span, gradient.Span, loss.Span).HessianProducts(directions.Span, products.Span, 2);
            return [.. device.Read(gradient.Span), .. device.Read(products.Span)];
        }

        Near.Vectors(Run(before), Run(behind), 1e-14);
    }

    private static double[] Unit(Problem problem, int i)
    {
        double[] unit = new double[problem.Theta.Length];
        unit[i] = 1;
        return unit;
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
