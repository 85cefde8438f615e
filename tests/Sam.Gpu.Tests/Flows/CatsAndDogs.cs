using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Flows;

/// <summary>Gradient descent on a small tanh network over cats and dogs of CIFAR-10, where it has reached the edge of stability.</summary>
/// <remarks>
/// 200 images, averaged over 4×4 pixels to 192 features, targets ±1, η = 0.05. From then on a shift of ½ δ along the top eigenvector begins
/// the oscillation; without it, gradient descent has forgotten it down to rounding, and when it begins is up to that.
/// </remarks>
internal sealed class CatsAndDogs : IDisposable
{
    public const double StepSize = 0.05;

    private const int Examples = 200;
    private const int Side = 32;
    private const int Pool = 4;

    private readonly Device device = CpuDevice.Create(Precision.Double, 1);
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory middle;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;

    /// <summary>Reads the images and trains until the sharpness halfway between two iterates is 2/η.</summary>
    public CatsAndDogs()
    {
        var data = Load(Path.Combine(SharedData.FolderOrSkip(), "cifar10"));
        var network = NetworkSpecification.Parse("mlp:32-32").Build(data.InputShape, data.Outputs, "tanh");
        Objective = new NetworkObjective(device, network, Loss.Parse("half-squared-error"), data);
        parameters = device.Place(Initialization.Parse("glorot-normal").Draw(network, 0));
        middle = device.Allocate(network.ParameterCount, "middle of a step");
        gradient = device.Allocate(network.ParameterCount, "gradient");
        loss = device.Allocate(1, "loss");
        using var probe = new SharpnessProbe(Objective);
        bool isAtEdge = false;
        while (!isAtEdge)
        {
            device.Copy(parameters.Span, middle.Span);
            _ = Step();
            device.AddScaled(1, parameters.Span, middle.Span, middle.Span);
            device.Scale(middle.Span, 0.5, middle.Span);
            isAtEdge = ++Steps % 5 == 0 && probe.At(middle.Span).Value >= 2 / StepSize;
        }
    }

    public Device Device => device;

    public NetworkObjective Objective { get; }

    /// <summary>The steps it took to the edge.</summary>
    public int Steps { get; }

    /// <summary>Where gradient descent is.</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>The middle of the step that reached the edge.</summary>
    public DeviceSpan Middle => middle.Span;

    /// <summary>Moves gradient descent by ½ δ along the top eigenvector.</summary>
    public void Kick(SharpnessPoint point) =>
        device.AddScaled(0.5 * Math.Sqrt(point.DeltaSquared), point.Vector, parameters.Span, parameters.Span);

    /// <summary>One step of gradient descent; returns the loss before it.</summary>
    public double Step()
    {
        Objective.Gradient(parameters.Span, gradient.Span, loss.Span);
        device.AddScaled(-StepSize, gradient.Span, parameters.Span, parameters.Span);
        return device.Read(loss.Span)[0];
    }

    public void Dispose()
    {
        parameters.Dispose();
        middle.Dispose();
        gradient.Dispose();
        loss.Dispose();
        Objective.Dispose();
        device.Dispose();
    }

    // The first of each class in turn of the file, less the mean image of the set.
    private static DataSet Load(string folder)
    {
        const int cat = 3;
        const int dog = 5;
        var data = DataSource.Parse("cifar10:" + folder, ".");
        int width = Side / Pool;
        var inputs = new List<double>();
        var targets = new List<double>();
        double[] image = new double[data.Features];
        for (int i = 0; targets.Count < Examples; i++)
        {
            double target = data.Labels[i] == cat ? -1 : 1;
            if (data.Labels[i] is not (cat or dog) || targets.Count(other => other == target) == Examples / 2)
            {
                continue;
            }

            targets.Add(target);
            data.Inputs.CopyRows(i, 1, image.AsSpan());
            double[] small = new double[3 * width * width];
            for (int k = 0; k < image.Length; k++)
            {
                int row = k / Side % Side / Pool;
                int column = k % Side / Pool;
                small[(((k / (Side * Side) * width) + row) * width) + column] += image[k] / (Pool * Pool);
            }

            inputs.AddRange(small);
        }

        return DataSet.ForRegression(
            "cats and dogs", ExampleMatrix.Dense(inputs.ToArray(), Examples, 3 * width * width),
            ExampleMatrix.Dense(targets.ToArray(), Examples, 1));
    }
}
