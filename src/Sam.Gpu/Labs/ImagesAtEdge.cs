using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Labs;

/// <summary>Gradient descent on a small network over images of CIFAR-10, where it has reached the edge of stability.</summary>
/// <remarks>
/// From then on a shift of ½ δ along the top eigenvector begins the oscillation; without it, gradient descent has forgotten it down to rounding,
/// and when it begins is up to that.
/// </remarks>
internal sealed class ImagesAtEdge : IDisposable
{
    private const int Side = 32;
    private const int Pool = 4;

    private readonly Device device;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory middle;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;

    /// <summary>Reads the images and trains until the sharpness halfway between two iterates is 2/η.</summary>
    /// <param name="device">A device of double precision; it is not owned.</param>
    /// <param name="dataRoot">The folder that has CIFAR-10 in <c>cifar10/</c>.</param>
    /// <param name="settings">The problem.</param>
    /// <param name="interrupt">Asks for an early end.</param>
    /// <exception cref="DataException">The data set is not there, or not what it should be.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public ImagesAtEdge(Device device, string dataRoot, ImageProblem settings, CancellationToken interrupt = default)
    {
        this.device = device;
        StepSize = settings.StepSize;
        var data = Load(DataSource.Parse(settings.Data, dataRoot), settings);
        var network = NetworkSpecification.Parse(settings.Network).Build(data.InputShape, data.Outputs, settings.Activation);
        Objective = new NetworkObjective(device, network, Loss.Parse(settings.Loss), data);
        parameters = device.Allocate(network.ParameterCount, "parameters");
        middle = device.Allocate(network.ParameterCount, "middle of a step");
        gradient = device.Allocate(network.ParameterCount, "gradient");
        loss = device.Allocate(1, "loss");
        device.Upload(Initialization.Parse(settings.Initialization).Draw(network, 0), parameters.Span);
        using var probe = new SharpnessProbe(Objective);
        bool isAtEdge = false;
        while (!isAtEdge)
        {
            interrupt.ThrowIfCancellationRequested();
            device.Copy(parameters.Span, middle.Span);
            _ = Step();
            device.AddScaled(1, parameters.Span, middle.Span, middle.Span);
            device.Scale(middle.Span, 0.5, middle.Span);
            isAtEdge = ++Steps % 5 == 0 && probe.At(middle.Span).Value >= 2 / StepSize;
        }
    }

    /// <summary>The device.</summary>
    public Device Device => device;

    /// <summary>η.</summary>
    public double StepSize { get; }

    /// <summary>The loss of the network.</summary>
    public NetworkObjective Objective { get; }

    /// <summary>The steps it took to the edge.</summary>
    public int Steps { get; }

    /// <summary>Where gradient descent is.</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>The middle of the step that reached the edge.</summary>
    public DeviceSpan Middle => middle.Span;

    /// <summary>Runs the part of a lab that needs the images, or where they are missing says that it is left out.</summary>
    /// <param name="session">The session of the lab.</param>
    /// <param name="settings">The problem.</param>
    /// <param name="part">The part, from the edge on.</param>
    public static void Run(LabSession session, ImageProblem settings, Action<ImagesAtEdge> part)
    {
        if (!session.HasCifar10("the network"))
        {
            return;
        }

        session.Say("network, to the edge");
        using var device = session.CreateDevice();
        using var problem = new ImagesAtEdge(device, session.DataRoot, settings, session.Interrupt);
        session.Say("network, at the edge");
        part(problem);
    }

    /// <summary>Moves gradient descent by ½ δ along the top eigenvector.</summary>
    /// <param name="point">What is known of the middle.</param>
    public void Kick(SharpnessPoint point) =>
        device.AddScaled(0.5 * Math.Sqrt(point.DeltaSquared), point.Vector, parameters.Span, parameters.Span);

    /// <summary>One step of gradient descent; returns the loss before it.</summary>
    public double Step()
    {
        Objective.Gradient(parameters.Span, gradient.Span, loss.Span);
        device.AddScaled(-StepSize, gradient.Span, parameters.Span, parameters.Span);
        Span<double> value = stackalloc double[1];
        device.Download(loss.Span, value);
        return value[0];
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        parameters.Dispose();
        middle.Dispose();
        gradient.Dispose();
        loss.Dispose();
        Objective.Dispose();
    }

    // The first of each class, in the order of the file.
    private static DataSet Load(DataSet data, ImageProblem settings)
    {
        int width = Side / Pool;
        int classes = settings.Classes.Count;
        int outputs = classes == 2 ? 1 : classes;
        int[] taken = new int[classes];
        var inputs = new List<double>();
        var targets = new List<double>();
        double[] image = new double[data.Features];
        for (int i = 0; taken.Sum() < settings.Examples; i++)
        {
            int rank = settings.Classes.ToList().IndexOf(data.Labels[i]);
            if (rank < 0 || taken[rank] == settings.Examples / classes)
            {
                continue;
            }

            taken[rank]++;
            targets.AddRange(outputs == 1 ? [(2 * rank) - 1] : Enumerable.Range(0, outputs).Select(other => other == rank ? 1.0 : 0));
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
            "small images", ExampleMatrix.Dense(inputs.ToArray(), settings.Examples, 3 * width * width),
            ExampleMatrix.Dense(targets.ToArray(), settings.Examples, outputs));
    }
}
