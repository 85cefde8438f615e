namespace Sam.Gpu.Experiments;

/// <summary>A number of <see cref="OptimizerSettings"/> by name: its range, the optimizers that it means something to, and its default there.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Description">Meaning, range and defaults in a line.</param>
/// <param name="Default">The default of an optimizer over a base step; null where it has no meaning.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it.</param>
internal sealed record OptimizerKey(
    string Name, string Description, Func<string, string, double?> Default,
    Func<OptimizerSettings, double?> Get, Func<OptimizerSettings, double?, OptimizerSettings> Set)
{
    /// <summary>Every key, in the order to show them.</summary>
    public static IReadOnlyList<OptimizerKey> All { get; } =
    [
        new("beta1", "β₁ of adam, 0 ≤ β₁ < 1; default 0.9", OfStep(("adam", 0.9)),
            s => s.Beta1, (s, x) => s with { Beta1 = x }) { AtLeast = 0, Below = 1 },
        new("beta2", "β₂ of adam and rmsprop, 0 ≤ β₂ < 1; default 0.999 and 0.99", OfStep(("adam", 0.999), ("rmsprop", 0.99)),
            s => s.Beta2, (s, x) => s with { Beta2 = x }) { AtLeast = 0, Below = 1 },
        new("epsilon", "ε ≥ 0 of adam and rmsprop, added to the root; default 1e-8", OfStep(("adam", 1e-8), ("rmsprop", 1e-8)),
            s => s.Epsilon, (s, x) => s with { Epsilon = x }) { AtLeast = 0 },
        new("bias-correction", "1 to correct the bias of rmsprop's average, or 0; default 0, as PyTorch has it", OfStep(("rmsprop", 0)),
            s => s.BiasCorrection, (s, x) => s with { BiasCorrection = x }) { AtLeast = 0, AtMost = 1, IsWhole = true },
        new("flow-fraction", "α > 0: gradient-flow advances in pieces of α/λ₁; default 1", OfStep(("gradient-flow", 1)),
            s => s.FlowFraction, (s, x) => s with { FlowFraction = x }) { Above = 0 },
        new("flow-longest", "the longest piece of gradient-flow, a time above 0; default 999", OfStep(("gradient-flow", 999)),
            s => s.FlowLongest, (s, x) => s with { FlowLongest = x }) { Above = 0 },
        new("asam-offset", "ξ ≥ 0 of asam, added to |w|; default 0.01", Of(("asam", 0.01)),
            s => s.AsamOffset, (s, x) => s with { AsamOffset = x }) { AtLeast = 0 },
        new("friendly-sigma", "σ of friendly-sam: how much of the average gradient is taken off; default 1", Of(("friendly-sam", 1)),
            s => s.FriendlySigma, (s, x) => s with { FriendlySigma = x }),
        new("friendly-decay", "λ of friendly-sam's average gradient, 0 ≤ λ < 1; default 0.9", Of(("friendly-sam", 0.9)),
            s => s.FriendlyDecay, (s, x) => s with { FriendlyDecay = x }) { AtLeast = 0, Below = 1 },
        new("gsam-alpha", "α ≥ 0 of gsam; default 0.4", Of(("gsam", 0.4)),
            s => s.GsamAlpha, (s, x) => s with { GsamAlpha = x }) { AtLeast = 0 },
        new("cr-gamma", "γ of cr-sam, the weight of the curvature's slope; default 0.1", Of(("cr-sam", 0.1)),
            s => s.CrGamma, (s, x) => s with { CrGamma = x }),
        new("cr-beta", "β ≥ 0 of cr-sam, the weight of the gradients' difference; default 0.1", Of(("cr-sam", 0.1)),
            s => s.CrBeta, (s, x) => s with { CrBeta = x }) { AtLeast = 0 },
        new("cr-paper-alpha", "α ≥ 0 of cr-sam-paper, the weight of the logarithm of the curvature; must be given", Of(("cr-sam-paper", Required)),
            s => s.CrPaperAlpha, (s, x) => s with { CrPaperAlpha = x }) { AtLeast = 0 },
        new("cr-paper-beta", "β ≥ 0 of cr-sam-paper, the weight of the logarithm of ‖g‖; must be given", Of(("cr-sam-paper", Required)),
            s => s.CrPaperBeta, (s, x) => s with { CrPaperBeta = x }) { AtLeast = 0 },
        new("micro-batch", "m of m-sam: the examples that share an ascent; must be given", Of(("m-sam", Required)),
            s => s.MicroBatch, (s, x) => s with { MicroBatch = x }) { AtLeast = 1, AtMost = int.MaxValue, IsWhole = true },
        new("kept-fraction", "k/B of k-sam: the part of a step's examples with the largest losses, above 0, at most 1; default 0.5", Of(("k-sam", 0.5)),
            s => s.KeptFraction, (s, x) => s with { KeptFraction = x }) { Above = 0, AtMost = 1 },
        new("supplement-weight", "λ ≥ 0 of the term of saf and mesa; default 0.16 and 0.3", Of(("saf", 0.16), ("mesa", 0.3)),
            s => s.SupplementWeight, (s, x) => s with { SupplementWeight = x }) { AtLeast = 0 },
        new("supplement-temperature", "τ > 0 of the term of saf and mesa; default 5", Of(("saf", 5), ("mesa", 5)),
            s => s.SupplementTemperature, (s, x) => s with { SupplementTemperature = x }) { Above = 0 },
        new("supplement-start", "the last epoch without the term of saf and mesa; default 5", Of(("saf", 5), ("mesa", 5)),
            s => s.SupplementStart, (s, x) => s with { SupplementStart = x }),
        new("supplement-end", "the first epoch without it again; default 300 and 360", Of(("saf", 300), ("mesa", 360)),
            s => s.SupplementEnd, (s, x) => s with { SupplementEnd = x }),
        new("saf-lag", "E of saf: how many epochs ago the outputs are from that it compares with; default 3", Of(("saf", 3)),
            s => s.SafLag, (s, x) => s with { SafLag = x }) { AtLeast = 1, AtMost = 1000, IsWhole = true },
        new("teacher-decay", "decay of mesa's average parameters, 0 ≤ d < 1; default 0.9998", Of(("mesa", 0.9998)),
            s => s.TeacherDecay, (s, x) => s with { TeacherDecay = x }) { AtLeast = 0, Below = 1 },
    ];

    /// <summary>The number must be above this.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The number must be at least this.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>The number must be below this.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>The number must be at most this.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the number is a whole one.</summary>
    public bool IsWhole { get; init; }

    // The default of what has none: it must be given.
    private const double Required = double.NaN;

    /// <summary>Whether the key means something to the optimizer of a resolved configuration.</summary>
    public bool AppliesTo(RunConfiguration configuration) => Default(configuration.Optimizer, configuration.BaseOptimizer) is not null;

    /// <summary>The configuration with the defaults of its optimizer, and nothing in what means nothing to it.</summary>
    /// <exception cref="UsageException">A number must be given and is not.</exception>
    public static OptimizerSettings Resolve(RunConfiguration configuration)
    {
        var settings = configuration.OptimizerSettings;
        foreach (var key in All)
        {
            double? usual = key.Default(configuration.Optimizer, configuration.BaseOptimizer);
            double? value = usual is null ? null : key.Get(settings) ?? usual;
            settings = value is double.NaN
                ? throw new UsageException($"--optimizer {configuration.Optimizer} needs --{key.Name}: {key.Description}.")
                : key.Set(settings, value);
        }

        return settings;
    }

    private static Func<string, string, double?> Of(params (string Name, double Value)[] defaults) => (optimizer, _) => Find(defaults, optimizer);

    private static Func<string, string, double?> OfStep(params (string Name, double Value)[] defaults) => (_, step) => Find(defaults, step);

    private static double? Find((string Name, double Value)[] defaults, string name)
    {
        foreach (var (known, value) in defaults)
        {
            if (known == name)
            {
                return value;
            }
        }

        return null;
    }
}
