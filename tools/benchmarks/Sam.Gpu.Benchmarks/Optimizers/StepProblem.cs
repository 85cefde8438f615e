using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Data;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>A network and a minibatch that the steps are timed on. The examples are generated: speed depends on the shape alone.</summary>
/// <param name="Network">The network, as <see cref="Networks.NetworkSpecification"/> reads it.</param>
/// <param name="Activation">The activation.</param>
/// <param name="InputShape">The shape of an example.</param>
/// <param name="BatchSize">B, the examples of a step.</param>
/// <param name="Calls">The steps between two looks at the clock.</param>
internal sealed record StepProblem(string Network, string Activation, IReadOnlyList<int> InputShape, int BatchSize, int Calls)
{
    /// <summary>The problems, in the order to show.</summary>
    public static IReadOnlyList<StepProblem> All { get; } =
    [
        new("mlp:200-200", "tanh", [28 * 28], 2000, 2),
        new("mlp:1000-1000", "relu", [28 * 28], 500, 1),
        new("cnn:16-32", "relu", [3, 32, 32], 256, 1),
    ];

    /// <summary>The name shown.</summary>
    public string Name => FormattableString.Invariant($"{Network} {Activation}, B = {BatchSize}");

    /// <summary>Generates the examples.</summary>
    public DataSet Examples() => StandIns.Clusters(BatchSize, InputShape);
}
