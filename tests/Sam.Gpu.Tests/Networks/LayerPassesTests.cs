using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Tests.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Networks;

/// <summary>The four passes of layers inside small networks, in double, against finite differences and each other.</summary>
public class LayerPassesTests
{
    private static readonly ImageShape Image = new(2, 5, 6);

    // Networks by name; those with a kink (maximum, relu) are differenced with small steps.
    private static readonly Dictionary<string, (Func<Network> Build, bool HasKink)> Networks = new()
    {
        ["convolution same"] = (() => Convolutional(Image, i => [new PlanarConvolution(i, 3, new Window(3, 3, Padding: null))]), false),
        ["convolution strided"] = (() => Convolutional(Image, i => [new PlanarConvolution(i, 3, new Window(3, 2, 2, 1))]), false),
        ["convolution without bias"] = (
            () => Convolutional(Image, i => [new PlanarConvolution(i, 3, new Window(2, 2), hasBias: false)]), false),
        ["two convolutions"] = (
            () => Convolutional(
                Image,
                i => [new PlanarConvolution(i, 3, new Window(2, 3, Padding: 1))],
                i => [new Activation<Kernels.Activations.Tanh>(i.Size), new Convolution(i, 2, new Window(3, 3, 2, null))]),
            false),
        ["convolution of 1 cell"] = (
            () => Convolutional(
                Image, i => [new PlanarConvolution(i, 3, new Window(1, 1))], i => [new Convolution(i, 2, new Window(1, 1))]),
            false),
        ["maximum"] = (
            () => Convolutional(
                Image, i => [new PlanarConvolution(i, 3, new Window(3, 3, Padding: null))], i => [new MaximumPooling(i, new Window(2, 2, 2))]),
            true),
        ["maximum of overlapping windows"] = (
            () => Convolutional(
                Image, i => [new PlanarConvolution(i, 3, new Window(2, 2))], i => [new MaximumPooling(i, new Window(3, 2, 1, 1))]),
            true),
        ["average"] = (
            () => Convolutional(
                Image, i => [new PlanarConvolution(i, 3, new Window(2, 2))], i => [new AveragePooling(i, new Window(3, 2, 2, 1))]),
            false),
        ["layer norm"] = (
            () => Convolutional(
                Image,
                i => [new PlanarConvolution(i, 4, new Window(2, 2, 2))],
                i => [new LayerNorm(4, 1e-3, i.Pixels), new Activation<Kernels.Activations.Tanh>(i.Size)]),
            false),
        ["layer norm on the inputs"] = (() => new Network([new LayerNorm(5, 1e-5, 12), new Dense(60, 3)]), false),
        ["networks in a network"] = (
            () => new Network(
            [
                new Network([new Dense(60, 4), new Network([new Activation<Kernels.Activations.Tanh>(4), new LayerNorm(4, 1e-2)])]),
                new Network([new Activation<Kernels.Activations.Gelu>(4)]),
                new Network([new Dense(4, 3)]),
            ]),
            false),
        ["cnn"] = (() => NetworkSpecification.Parse("cnn:3-4").Build([2, 5, 6], 3, "gelu"), true),
        ["embedding"] = (() => new Network([new Embedding(5, 4, 3), new Dense(12, 2)]), false),
        ["attention"] = (
            () => new Network([new Embedding(5, 4, 12), new CausalAttention(2, 2, 4), new Dense(4, 3, positions: 4), new Dense(12, 2)]), false),
        ["attention as residual"] = (
            () => new Network(
            [
                new Embedding(5, 4, 4),
                new Residual(new LayerNorm(4, 1e-2, 4), new Dense(4, 6, false, 4), new CausalAttention(1, 2, 4), new Dense(2, 4, positions: 4)),
                new Dense(16, 2),
            ]),
            false),
        ["residual on the inputs"] = (
            () => new Network([new Residual(new Dense(60, 2), new Dense(2, 60), new Activation<Kernels.Activations.Tanh>(60)), new Dense(60, 2)]), false),
        ["transformer"] = (
            () => NetworkSpecification.Parse("transformer:layers=2,heads=2,key=3,model=4,sequence=4").Build([4], 5, "gelu-tanh"), false),
        ["cnn without norm"] = (() => NetworkSpecification.Parse("cnn:3,layers=2,norm=none,pool=average").Build([2, 5, 6], 3, "tanh"), false),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_finite_differences_of_the_loss(string name)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = Create(device, name);
        double[] gradient = problem.Gradient(problem.Theta);
        double scale = Near.Norm(gradient) + problem.LossAt(problem.Theta);
        for (int i = 0; i < gradient.Length; i++)
        {
            // As in PassesTests: rounding in the difference is u · loss / step.
            double slope = FiniteDifference.Directional(theta => [problem.LossAt(theta)], problem.Theta, Unit(problem, i), Step(name))[0];
            Near.Number(slope, gradient[i], 2e-9 * scale, $"derivative {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_Hessian_is_symmetric_and_agrees_with_finite_differences_of_the_gradient(string name)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = Create(device, name);
        double[] hessian = problem.Matrix();
        int p = problem.Theta.Length;
        double scale = Near.Norm(hessian);
        for (int i = 0; i < p; i++)
        {
            double[] row = FiniteDifference.Directional(problem.Gradient, problem.Theta, Unit(problem, i), Step(name));
            Near.Numbers(row, hessian[(i * p)..((i + 1) * p)], 2e-9 * scale, $"row {i}, column");
            for (int j = 0; j < i; j++)
            {
                Near.Number(hessian[(i * p) + j], hessian[(j * p) + i], 1e-14 * scale, $"symmetry of {i}, {j}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_the_outputs_are_the_targets_the_Gauss_Newton_matrix_is_the_Hessian(string name)
    {
        // There the loss's gradient is zero, and with it every term that the Gauss-Newton matrix leaves out.
        using var device = CpuDevice.Create(Precision.Double, 1);
        var network = Networks[name].Build();
        double[] theta;
        using (var other = Create(device, name))
        {
            theta = other.Theta;
        }

        double[] inputs = Inputs(network);
        double[] outputs = Evaluate(device, network, theta, inputs);
        using var problem = new NetworkProblem(
            device, network, "mse", DataSet.ForRegression("reached", Matrix(inputs), ExampleMatrix.Dense(outputs, Examples, network.Outputs)));
        double[] directions = DeviceNumbers.Normal(5, 3 * theta.Length);
        Near.Vectors(problem.Products(directions), problem.Products(directions, isGaussNewton: true), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Block_chunk_and_order_of_products_change_nothing_beyond_rounding(string name)
    {
        using var device = CpuDevice.Create(Precision.Double, 2);
        using var whole = Create(device, name);
        int p = whole.Theta.Length;
        double[] directions = DeviceNumbers.Normal(10, 11 * p);
        var linearization = whole.Linearize();
        double[] gaussNewton = whole.Products(linearization, directions, isGaussNewton: true);
        double[] products = whole.Products(linearization, directions);
        for (int k = 0; k < 11; k++)
        {
            // A Gauss-Newton product in between leaves what the Hessian's need alone.
            double[] one = directions[(k * p)..((k + 1) * p)];
            Near.Vectors(gaussNewton[(k * p)..((k + 1) * p)], whole.Products(linearization, one, isGaussNewton: true), 1e-13, $"Gauss-Newton product {k}");
            Near.Vectors(products[(k * p)..((k + 1) * p)], whole.Products(linearization, one), 1e-13, $"product {k}");
        }

        foreach (int chunk in (int[])[1, 3])
        {
            using var problem = Create(device, name, chunk);
            Near.Number(whole.LossAt(whole.Theta), problem.LossAt(problem.Theta), 1e-13, "loss");
            Near.Vectors(whole.Gradient(whole.Theta), problem.Gradient(problem.Theta), 1e-13, $"gradient, chunk {chunk}");
            Near.Vectors(products, problem.Products(directions), 1e-13, $"products, chunk {chunk}");
            Near.Vectors(gaussNewton, problem.Products(directions, isGaussNewton: true), 1e-13, $"Gauss-Newton products, chunk {chunk}");
        }
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void The_number_of_threads_changes_no_bit(Precision precision)
    {
        // 60 examples of 20×20 pixels: every operation is shared out, and the convolutions take several pieces.
        double[] Run(int threads)
        {
            using var device = CpuDevice.Create(precision, threads);
            var network = NetworkSpecification.Parse("cnn:8-12").Build([3, 20, 20], 4, "relu");
            using var problem = new NetworkProblem(
                device, network, "mse",
                DataSet.ForRegression(
                    "random", ExampleMatrix.Dense(DeviceNumbers.Normal(1, 60 * 1200), 60, 1200),
                    ExampleMatrix.Dense(DeviceNumbers.Normal(2, 240), 60, 4)));
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
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_device_agrees_with_double_on_the_host(string key)
    {
        using var device = TestDevices.Create(key);
        using var twice = CpuDevice.Create(Precision.Double, 1);
        foreach (string name in Networks.Keys)
        {
            using var problem = Create(device, name, chunk: 2);
            using var oracle = Create(twice, name);
            // Layer norm divides by deviations that may be small: float keeps fewer digits than in dense layers.
            double tolerance = device.Precision == Precision.Double ? 1e-13 : 5e-5;
            double[] directions = DeviceNumbers.Normal(10, 2 * problem.Theta.Length);
            Near.Number(oracle.LossAt(oracle.Theta), problem.LossAt(problem.Theta), tolerance * (1 + oracle.LossAt(oracle.Theta)), "loss");
            Near.Vectors(oracle.Gradient(oracle.Theta), problem.Gradient(problem.Theta), tolerance, $"{name}: gradient");
            Near.Vectors(oracle.Products(directions), problem.Products(directions), tolerance, $"{name}: Hessian products");
            Near.Vectors(oracle.Products(directions, true), problem.Products(directions, true), tolerance, $"{name}: Gauss-Newton products");
        }
    }

    private const int Examples = 4;

    // Images, or for networks of sequences of 4 the tokens 0 to 4, of which 0 is padding: also at the beginning, where nothing else is seen.
    private static double[] Inputs(Network network) => network.Inputs == Image.Size
        ? DeviceNumbers.Normal(1, Examples * Image.Size)
        : [1, 4, 0, 2, 3, 3, 1, 4, 0, 2, 1, 1, 2, 0, 0, 3];

    private static ExampleMatrix Matrix(double[] inputs) => ExampleMatrix.Dense(inputs, Examples, inputs.Length / Examples);

    private static double Step(string name) => Networks[name].HasKink ? 1e-5 : 1e-3;

    private static NetworkProblem Create(Device device, string name, int? chunk = null)
    {
        var network = Networks[name].Build();
        double[] targets = DeviceNumbers.Normal(2, Examples * network.Outputs);
        return new NetworkProblem(
            device, network, "half-squared-error",
            DataSet.ForRegression("random", Matrix(Inputs(network)), ExampleMatrix.Dense(targets, Examples, network.Outputs)), chunk);
    }

    private static double[] Evaluate(Device device, Network network, double[] theta, double[] inputs)
    {
        using var parameters = device.Place(theta);
        using var input = device.Place(inputs);
        using var output = device.Allocate(Examples * network.Outputs, "output");
        using var memory = device.Allocate(Examples * network.MemorySize, "memory");
        using var workspace = device.Allocate((int)network.Workspace(Examples, 0), "workspace");
        network.Forward(new LayerState
        {
            Device = device,
            Examples = Examples,
            Parameters = parameters.Span,
            Input = input.Span,
            Source = input.Span,
            Output = output.Span,
            OutputGradient = default,
            Memory = memory.Span,
            Workspace = workspace.Span,
        });
        return device.Read(output.Span);
    }

    // Layers on images, then flatten, tanh and a dense layer of two outputs.
    private static Network Convolutional(ImageShape image, params Func<ImageShape, Layer[]>[] stages)
    {
        var layers = new List<Layer>();
        foreach (var stage in stages)
        {
            layers.AddRange(stage(image));
            image = layers[^1] switch
            {
                PlanarConvolution convolution => convolution.Output,
                Convolution convolution => convolution.Output,
                MaximumPooling pooling => pooling.Output,
                AveragePooling pooling => pooling.Output,
                _ => image,
            };
        }

        return new Network([.. layers, new Flatten(image), new Activation<Kernels.Activations.Tanh>(image.Size), new Dense(image.Size, 2)]);
    }

    private static double[] Unit(NetworkProblem problem, int i)
    {
        double[] unit = new double[problem.Theta.Length];
        unit[i] = 1;
        return unit;
    }
}
