using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>All that a run keeps on its device. It is allocated here, once: neither a step nor a measurement allocates more.</summary>
internal sealed class RunMemory : IDisposable
{
    /// <summary>Steps whose numbers wait on the device before they are read, where reading means waiting for the device.</summary>
    public const int RecordCapacity = 64;

    private const int MeasurementNumbers = 7;

    /// <summary>Allocates the memory of a run.</summary>
    /// <param name="device">The device.</param>
    /// <param name="configuration">The run, its optimizer resolved.</param>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The examples of the run.</param>
    /// <param name="chunk">The examples taken through the network at once; null is as many as fit the usual memory.</param>
    /// <exception cref="SamGpuException">Something in the configuration is not allowed, or the device has not that much memory.</exception>
    public RunMemory(Device device, RunConfiguration configuration, Network network, Loss loss, DataSet data, int? chunk)
    {
        Training = new NetworkObjective(device, network, loss, data, configuration.BatchSize, chunk);
        var selection = configuration.SpectrumData;
        bool isShared = selection == ExampleSelection.Batch || (selection == ExampleSelection.All && configuration.BatchSize is null);
        Spectrum = isShared
            ? Training
            : new NetworkObjective(device, network, loss, selection.Of(data, "--spectrum-data"), chunk: chunk);
        if (configuration.TestData != ExampleSelection.None)
        {
            var test = data.Test ?? throw new UsageException(
                $"--test-data {configuration.TestData}: {data.Name} has no examples for testing. Leave --test-data out, or give data that have.");
            Test = new NetworkObjective(device, network, loss, configuration.TestData.Of(test, "--test-data"), chunk: chunk);
        }

        int count = network.ParameterCount;
        Optimizer = new OptimizerFactory(configuration, device, network, data, Training).Create();
        var options = new EigensolverOptions
        {
            Count = Math.Min(configuration.Eigenvalues, count),
            Tolerance = configuration.EigenvalueTolerance,

            // At the edge several eigenvalues stand within a few percent of each other; guards tell them apart in fewer products.
            GuardVectors = 4,
        };
        Eigensolver = new Eigensolver(device, count, options, configuration.Seed);

        // An ascent looks along the plain gradient, which the step then bends: with both no edge is known.
        Preconditioned = Optimizer is { HasPreconditioner: true, HasAscent: false }
            ? new PreconditionedSpectrum(device, count, options, configuration.Seed)
            : null;
        Spectrum.Reserve(Eigensolver.LargestBlock);
        Parameters = device.Allocate(count, "parameters");
        Gradient = device.Allocate(count, "gradient");
        AscentGradient = device.Allocate(count, "gradient of the ascent");
        Numbers = device.Allocate(MeasurementNumbers, "numbers of a measurement");
        Records = device.Allocate(RecordCapacity * StepRecord.Length, "records of steps");
        device.Fill(Numbers.Span, double.NaN);
        device.Fill(Records.Span, double.NaN);
    }

    /// <summary>The loss that a step takes its gradients of: over all examples, or over a minibatch.</summary>
    public NetworkObjective Training { get; }

    /// <summary>The loss whose spectrum is measured; may be <see cref="Training"/>.</summary>
    public NetworkObjective Spectrum { get; }

    /// <summary>The loss over the examples for testing; null where they are not measured.</summary>
    public NetworkObjective? Test { get; }

    /// <summary>The examples taken through the network at once, the most of all objectives.</summary>
    public int Chunk => Math.Max(Math.Max(Training.Chunk, Spectrum.Chunk), Test?.Chunk ?? 0);

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The eigensolver.</summary>
    public Eigensolver Eigensolver { get; }

    /// <summary>The spectrum that the edge of an adaptive step is for; null where the step is none, or has an ascent before it.</summary>
    public PreconditionedSpectrum? Preconditioned { get; }

    /// <summary>The eigensolvers, by the names that a checkpoint has for them.</summary>
    public IEnumerable<(string Name, Eigensolver Solver)> Eigensolvers =>
        Preconditioned is null
            ? [("eigensolver", Eigensolver)]
            : [("eigensolver", Eigensolver), ("preconditioned-eigensolver", Preconditioned.Eigensolver)];

    /// <summary>θ, [P].</summary>
    public DeviceMemory Parameters { get; }

    /// <summary>The gradient of a measurement, [P].</summary>
    public DeviceMemory Gradient { get; }

    /// <summary>The gradient at the point of the ascent of a measurement, [P].</summary>
    public DeviceMemory AscentGradient { get; }

    /// <summary>The numbers of a measurement, [7].</summary>
    public DeviceMemory Numbers { get; }

    /// <summary>What steps leave until it is read, [steps, <see cref="StepRecord.Length"/>].</summary>
    public DeviceMemory Records { get; }

    /// <summary>Goes through a step and a measurement on a device that only plans, which then knows what their products work in.</summary>
    public void Rehearse()
    {
        Training.Rehearse(0);
        Spectrum.Rehearse(Eigensolver.LargestBlock);
        Test?.Rehearse(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        if (Spectrum != Training)
        {
            Spectrum.Dispose();
        }

        Test?.Dispose();
        Optimizer.Dispose();
        Eigensolver.Dispose();
        Preconditioned?.Dispose();
        foreach (var memory in (DeviceMemory[])[Parameters, Gradient, AscentGradient, Numbers, Records])
        {
            memory.Dispose();
        }
    }
}
