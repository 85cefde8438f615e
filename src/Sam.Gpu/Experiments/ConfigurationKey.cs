using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>A part of a <see cref="RunConfiguration"/> by name: how recipes, run files and options write and read it.</summary>
/// <remarks>There is one reader for all of them, so that a value means the same wherever it is written.</remarks>
public sealed class ConfigurationKey
{
    private readonly Func<RunConfiguration, JsonNode?> get;
    private readonly Func<RunConfiguration, Value, RunConfiguration> set;

    private ConfigurationKey(
        string name, string placeholder, string description,
        Func<RunConfiguration, JsonNode?> get, Func<RunConfiguration, Value, RunConfiguration> set)
    {
        Name = name;
        Placeholder = placeholder;
        Description = description;
        this.get = get;
        this.set = set;
    }

    /// <summary>Every key, in the order to show them.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        new("data", "NAME", "data set: see 'samgpu list data'", c => c.Data, (c, v) => c with { Data = v.Text }),
        new("examples", "N", "train on the first N examples; default all", c => c.Examples, (c, v) => c with { Examples = v.OptionalCount() }),
        new("network", "NAME", "network: see 'samgpu list networks'", c => c.Network, (c, v) => c with { Network = v.Text }),
        new("activation", "NAME", "activation function: see 'samgpu list activations'", c => c.Activation, (c, v) => c with { Activation = v.Text }),
        new("loss", "NAME", "loss: see 'samgpu list losses'", c => c.Loss, (c, v) => c with { Loss = v.Text }),
        new("initialization", "NAME", "initialization: see 'samgpu list initializations'", c => c.Initialization, (c, v) => c with { Initialization = v.Text }),
        new("optimizer", "NAME", "optimizer: see 'samgpu list optimizers'", c => c.Optimizer, (c, v) => c with { Optimizer = v.Text }),
        new("base-optimizer", "NAME", "base step under SAM, SAF and MESA: gd, polyak, nesterov, adam, rmsprop or normalised-gd", c => c.BaseOptimizer, (c, v) => c with { BaseOptimizer = v.Text }),
        new("step-size", "X", "step size η > 0", c => c.StepSize, (c, v) => c with { StepSize = v.Number(above: 0) }),
        new("rho", "X", "radius ρ ≥ 0 of SAM's ascent, in parameter space", c => c.Rho, (c, v) => c with { Rho = v.Number(atLeast: 0) }),
        new("ascent-epsilon", "X", "ε ≥ 0 added to the gradient norm in SAM's ascent", c => c.AscentEpsilon, (c, v) => c with { AscentEpsilon = v.Number(atLeast: 0) }),
        new("momentum", "X", "momentum β of polyak and nesterov, 0 ≤ β < 1", c => c.Momentum, (c, v) => c with { Momentum = v.Number(atLeast: 0, below: 1) }),
        .. OptimizerKey.All.Select(Of),
        new("batch-size", "N", "examples of a minibatch; default the full batch", c => c.BatchSize, (c, v) => c with { BatchSize = v.OptionalCount() }),
        new("steps", "N", "steps to take", c => c.Steps, (c, v) => c with { Steps = v.Integer(0) }),
        new("measure-every", "N", "steps between measurements of the spectrum", c => c.MeasureEvery, (c, v) => c with { MeasureEvery = v.Integer(1) }),
        new("eigenvalues", "K", "largest eigenvalues of the Hessian to measure", c => c.Eigenvalues, (c, v) => c with { Eigenvalues = v.Integer(1, 100) }),
        new("spectrum-data", "NAME", "examples whose loss has the spectrum that is measured: all, batch (the minibatch of the next step) or first:N", c => c.SpectrumData.ToString(), (c, v) => c with { SpectrumData = v.Selection("all, batch or first:N, such as first:1000", ExampleSelection.All, ExampleSelection.Batch) }),
        new("test-data", "NAME", "examples of the test set whose loss and error are measured: none, all or first:N", c => c.TestData.ToString(), (c, v) => c with { TestData = v.Selection("none, all or first:N, such as first:1000", ExampleSelection.None, ExampleSelection.All) }),
        new("eigenvalue-tolerance", "X", "relative residual ‖Hv − λv‖/|λ| at which an eigenvalue counts as converged", c => c.EigenvalueTolerance, (c, v) => c with { EigenvalueTolerance = v.Number(above: 0, below: 1) }),
        new("precision", "NAME", "float or double", c => c.Precision == Precision.Double ? "double" : "float", (c, v) => c with { Precision = v.Precision() }),
        new("device", "NAME", "auto, cpu, cuda[:I], opencl[:I] or ilgpu-cpu: see 'samgpu devices'", c => c.Device, (c, v) => c with { Device = v.Text }),
        new("matmul", "NAME", "matrix products: portable, vendor (cuBLAS) or auto", c => Named(c.MatrixProducts), (c, v) => c with { MatrixProducts = v.OneOf<MatrixProducts>() }),
        new("matmul-precision", "NAME", "precision of the vendor's float products: fp32 or tf32", c => c.AllowsTf32 ? "tf32" : "fp32", (c, v) => c with { AllowsTf32 = v.AllowsTf32() }),
        new("threads", "N", "threads of a CPU; 0 is one a core. No result depends on it", c => c.Threads, (c, v) => c with { Threads = v.Integer(0, 1024) }),
        new("seed", "N", "seed of initialization, minibatch order and probes", c => c.Seed, (c, v) => c with { Seed = v.Seed() }),
        new("stop-loss", "X", "stop when the training loss is at most X", c => c.StopLoss, (c, v) => c with { StopLoss = v.OptionalNumber() }),
        new("stop-accuracy", "X", "stop when the training accuracy is at least X, in 0 … 1", c => c.StopAccuracy, (c, v) => c with { StopAccuracy = v.OptionalNumber() }),
        new("checkpoint-every", "N", "steps between checkpoints, for --resume; default only when the run ends", c => c.CheckpointEvery, (c, v) => c with { CheckpointEvery = v.OptionalCount() }),
        new("chunk", "N", "examples taken through the network at once; default as many as fit into 2 GiB", c => c.Chunk, (c, v) => c with { Chunk = v.OptionalCount() }),
    ];

    /// <summary>The name, in files and behind <c>--</c>.</summary>
    public string Name { get; }

    /// <summary>What stands for the value in help.</summary>
    public string Placeholder { get; }

    /// <summary>Meaning and unit in a line.</summary>
    public string Description { get; }

    /// <summary>Whether only some optimizers have it: a file leaves it out where it is not given.</summary>
    internal bool IsOfOptimizers { get; private init; }

    /// <summary>The key of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">There is no such key.</exception>
    public static ConfigurationKey Find(string name) =>
        All.FirstOrDefault(key => key.Name == name) ?? throw Suggestions.Unknown("key", name, All.Select(key => key.Name));

    /// <summary>The value in a configuration, for JSON; null is "not given".</summary>
    /// <param name="configuration">The configuration.</param>
    public JsonNode? Get(RunConfiguration configuration) => get(configuration);

    /// <summary>A configuration with another value.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="text">The value as it is written.</param>
    /// <exception cref="UsageException">The value is not allowed.</exception>
    public RunConfiguration Set(RunConfiguration configuration, string text) => set(configuration, new Value(Name, text.Trim()));

    /// <summary>A configuration with other values.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="settings">Keys and values such as "step-size=0.1 seed=1", separated by spaces; of one key the last counts.</param>
    /// <exception cref="UsageException">A key is not known, or a value is not allowed.</exception>
    internal static RunConfiguration SetAll(RunConfiguration configuration, string settings)
    {
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = setting.Split('=', 2);
            configuration = Find(parts[0]).Set(configuration, parts[1]);
        }

        return configuration;
    }

    private static ConfigurationKey Of(OptimizerKey key) =>
        new(key.Name, key.IsWhole ? "N" : "X", key.Description, c => key.Get(c.OptimizerSettings),
            (c, v) => c with { OptimizerSettings = key.Set(c.OptimizerSettings, v.OptionalNumber(key)) })
        {
            IsOfOptimizers = true,
        };

    private static string Named<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private readonly record struct Value(string Key, string Text)
    {
        public int Integer(int least, int most = int.MaxValue) =>
            int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : throw Refused(most == int.MaxValue ? $"an integer ≥ {least}" : $"an integer from {least} to {most}");

        public int? OptionalCount() => IsNothing ? null : Integer(1);

        public double Number(double above = double.NegativeInfinity, double atLeast = double.NegativeInfinity, double below = double.PositiveInfinity)
        {
            if (TryNumber(out double value) && value > above && value >= atLeast && value < below)
            {
                return value;
            }

            string lower = double.IsFinite(above) ? $" above {above}" : double.IsFinite(atLeast) ? $" ≥ {atLeast}" : "";
            string upper = double.IsFinite(below) ? $", below {below}" : "";
            throw Refused($"a number{lower}{upper}, such as 0.05");
        }

        public double? OptionalNumber() => IsNothing ? null : Number();

        public double? OptionalNumber(OptimizerKey key) =>
            IsNothing ? null
            : key.IsWhole ? Integer((int)key.AtLeast, (int)key.AtMost)
            : Number(key.Above, key.AtLeast, key.Below) is var number && number <= key.AtMost ? number
            : throw Refused(FormattableString.Invariant($"a number above {key.Above}, at most {key.AtMost}, such as {key.AtMost / 2}"));

        public ulong Seed() =>
            ulong.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
                ? value
                : throw Refused($"an integer from 0 to {ulong.MaxValue}");

        public Precision Precision() => Text switch
        {
            "float" => Devices.Precision.Float,
            "double" => Devices.Precision.Double,
            _ => throw Refused("float or double"),
        };

        public T OneOf<T>()
            where T : struct, Enum
        {
            string text = Text;
            var names = Enum.GetValues<T>().Select(value => (Name: Named(value), Value: value)).ToArray();
            var (name, value) = names.FirstOrDefault(known => known.Name == text);
            return name is null ? throw Refused(string.Join(", ", names.Select(known => known.Name))) : value;
        }

        public ExampleSelection Selection(string form, params ReadOnlySpan<ExampleSelection> allowed) =>
            ExampleSelection.TryParse(Text, allowed) ?? throw Refused(form);

        public bool AllowsTf32() => Text switch
        {
            "fp32" => false,
            "tf32" => true,
            _ => throw Refused("fp32 or tf32"),
        };

        private bool IsNothing => Text is "" or "none";

        private bool TryNumber(out double value) =>
            double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

        private UsageException Refused(string allowed) => new($"{Key} '{Text}' is not allowed: give {allowed}.");
    }
}
