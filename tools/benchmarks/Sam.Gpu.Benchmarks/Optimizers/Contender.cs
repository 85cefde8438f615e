using Sam.Gpu.Benchmarks.Peers;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>An optimizer, or the forward pass alone, and what its step should cost.</summary>
/// <param name="Name">The name shown.</param>
/// <param name="Settings">Its keys, such as "optimizer=sam"; empty for the forward pass alone.</param>
/// <param name="Forward">The forward passes of a step that no gradient follows, in those of all B examples.</param>
/// <param name="Gradients">The gradients of a step, in those of all B examples.</param>
internal sealed record Contender(string Name, string Settings, double Forward, double Gradients)
{
    /// <summary>The part of the examples that K-SAM keeps; null for others.</summary>
    public double? KeptFraction { get; private init; }

    /// <summary>The least ratio to the base step that is as it should be; −∞ where nothing is asked.</summary>
    public double Least { get; private init; } = double.NegativeInfinity;

    /// <summary>The largest; ∞ where nothing is asked.</summary>
    public double Most { get; private init; } = double.PositiveInfinity;

    /// <summary>Whether anything is asked of the ratio.</summary>
    public bool HasTarget => double.IsFinite(Most);

    /// <summary>The ratio to the base step in passes, a backward pass being two forward ones.</summary>
    public double Passes => (Forward + (3 * Gradients)) / 3;

    /// <summary>The base step.</summary>
    public static Contender Base { get; } = new("gradient descent", "optimizer=sgd", 0, 1);

    /// <summary>What is timed beside the base step, in the order to show.</summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("forward pass", "", 1, 0),
        new("Adam", "optimizer=adam", 0, 1),
        new("RMSProp", "optimizer=rmsprop", 0, 1),
        new("SAM", "optimizer=sam", 0, 2),
        new("m-SAM, 4 parts", "optimizer=m-sam", 0, 2),
        new("ASAM", "optimizer=asam", 0, 2),
        new("GSAM", "optimizer=gsam", 0, 2),
        new("Friendly SAM", "optimizer=friendly-sam", 0, 2),
        new("CR-SAM", "optimizer=cr-sam", 0, 3),
        LargestLosses("1", 1),
        LargestLosses("1/2", 1.0 / 2),
        LargestLosses("1/3", 1.0 / 3),
        LargestLosses("1/4", 1.0 / 4),
        new("SAF", "optimizer=saf", 0, 1) { Most = 1.05 },
        new("MESA", "optimizer=mesa", 1, 1) { Most = 1.4 },
    ];

    /// <summary>The ratio to the base step in the operations of the matrix products, fewer than passes say where the first layer is large.</summary>
    /// <param name="count">Those of the network.</param>
    public double Products(ProductCount count) => ((Forward * count.Forward) + (Gradients * count.Gradient)) / count.Gradient;

    private static Contender LargestLosses(string name, double fraction)
    {
        var contender = new Contender(
            $"K-SAM, k/B = {name}", FormattableString.Invariant($"optimizer=k-sam kept-fraction={fraction}"), 1, 2 * fraction);
        return contender with { KeptFraction = fraction, Least = 0.8 * contender.Passes, Most = 1.2 * contender.Passes };
    }
}
