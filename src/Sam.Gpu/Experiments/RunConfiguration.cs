using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>All that decides what a run computes. Immutable; <see cref="ConfigurationKey"/> names its parts for files and options.</summary>
public sealed record RunConfiguration
{
    /// <summary>The data set, as <see cref="Data.DataSource"/> reads it.</summary>
    public string Data { get; init; } = "gaussian-classes";

    /// <summary>How many of its first examples to train on; null is all.</summary>
    public int? Examples { get; init; }

    /// <summary>The network, as <see cref="Networks.NetworkSpecification"/> reads it.</summary>
    public string Network { get; init; } = "mlp:64-64";

    /// <summary>The activation function of the hidden layers.</summary>
    public string Activation { get; init; } = "tanh";

    /// <summary>The loss.</summary>
    public string Loss { get; init; } = "half-squared-error";

    /// <summary>The initialization, as <see cref="Networks.Initialization"/> reads it.</summary>
    public string Initialization { get; init; } = "pytorch";

    /// <summary>The optimizer: a base step, or SAM or another change of gradient or loss over one.</summary>
    public string Optimizer { get; init; } = "sam";

    /// <summary>The base step under SAM: gd, polyak, nesterov, adam, rmsprop or normalised-gd.</summary>
    public string BaseOptimizer { get; init; } = "gd";

    /// <summary>η &gt; 0, the step size.</summary>
    public double StepSize { get; init; } = 0.1;

    /// <summary>ρ ≥ 0, the radius of the ascent.</summary>
    public double Rho { get; init; } = 0.1;

    /// <summary>ε ≥ 0, added to the gradient norm in the ascent.</summary>
    public double AscentEpsilon { get; init; }

    /// <summary>0 ≤ β &lt; 1, the momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>What only some optimizers have.</summary>
    public OptimizerSettings OptimizerSettings { get; init; } = new();

    /// <summary>The examples of a minibatch; null is the full batch.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The steps to take, ≥ 0.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>The steps between measurements of the spectrum, ≥ 1.</summary>
    public int MeasureEvery { get; init; } = 10;

    /// <summary>The measurements of a run that takes all of its steps: before the first, after the last, and each time in between.</summary>
    public int Measurements => (Steps / MeasureEvery) + 1 + (Steps % MeasureEvery == 0 ? 0 : 1);

    /// <summary>The eigenvalues to measure, ≥ 1.</summary>
    public int Eigenvalues { get; init; } = 3;

    /// <summary>The examples whose loss the spectrum belongs to: all, the first N, or the minibatch of the step that comes next.</summary>
    public ExampleSelection SpectrumData { get; init; } = ExampleSelection.All;

    /// <summary>The examples of the test set on which each measurement takes loss and error: none, all, or the first N.</summary>
    public ExampleSelection TestData { get; init; } = ExampleSelection.None;

    /// <summary>The relative residual at which an eigenvalue counts as converged.</summary>
    public double EigenvalueTolerance { get; init; } = 1e-3;

    /// <summary>The precision.</summary>
    public Precision Precision { get; init; } = Precision.Float;

    /// <summary>The device, as <see cref="DeviceCatalog.Find"/> reads it.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whose matrix products to use.</summary>
    public MatrixProducts MatrixProducts { get; init; } = MatrixProducts.Auto;

    /// <summary>Whether the vendor's float products may round their factors to tf32.</summary>
    public bool AllowsTf32 { get; init; }

    /// <summary>The threads of a CPU; 0 is one a core. No result depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>How to make the device.</summary>
    internal DeviceOptions DeviceOptions => new()
    {
        Precision = Precision,
        Threads = Threads,
        Products = MatrixProducts,
        AllowsTf32 = AllowsTf32,
    };

    /// <summary>The seed of initialization, minibatch order and probes.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss at which to stop, or null.</summary>
    public double? StopLoss { get; init; }

    /// <summary>The training accuracy at which to stop, or null.</summary>
    public double? StopAccuracy { get; init; }

    /// <summary>The steps between checkpoints, ≥ 1; null is none but that at the end. No result depends on it.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>The examples taken through the network at once; null is as many as fit. It bounds memory and changes rounding only.</summary>
    public int? Chunk { get; init; }
}
