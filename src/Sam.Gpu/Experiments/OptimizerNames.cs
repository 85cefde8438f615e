namespace Sam.Gpu.Experiments;

/// <summary>The optimizers by name.</summary>
public static class OptimizerNames
{
    private static readonly string[] BaseNames = ["gd", "polyak", "nesterov", "adam", "rmsprop", "normalised-gd"];
    private static readonly string[] FullBatchNames = ["gd", "gradient-flow"];

    private static readonly string[] NormalisedAscents = ["sam", "asam", "friendly-sam", "gsam", "cr-sam", "cr-sam-paper", "m-sam", "k-sam"];
    private static readonly string[] Supplemented = ["saf", "mesa"];

    /// <summary>Names and formulas, in the order to show them.</summary>
    public static IReadOnlyList<(string Name, string Description)> List { get; } =
    [
        ("gd", "gradient descent on the full batch: w ← w − η g"),
        ("sgd", "the same on minibatches of --batch-size"),
        ("polyak", "momentum: v ← β v + g, w ← w − η v"),
        ("nesterov", "momentum: v ← β v + g, w ← w − η (g + β v)"),
        ("adam", "averages m of g and v of g², bias corrected: w ← w − η m/(√v + ε)"),
        ("rmsprop", "average v of g²: w ← w − η g/(√v + ε)"),
        ("normalised-gd", "steps of length η: w ← w − η g/‖g‖"),
        ("sqrt-gd", "gradient descent on √L: w ← w − η g/(2√L)"),
        ("gradient-flow", "dw/dt = −g for a time of η a step, by the method of Runge and Kutta"),
        ("sam", "gradient at w + ρ g/‖g‖, then the step of --base-optimizer"),
        ("sam-unnormalised", "gradient at w + ρ g, then the step of --base-optimizer"),
        ("asam", "SAM with the ascent scaled by T = |w| + ξ: w + ρ T²g/‖Tg‖"),
        ("friendly-sam", "SAM with the ascent along g − σ m, m the average of past gradients"),
        ("gsam", "SAM's gradient p less α times the part of g orthogonal to p"),
        ("cr-sam", "SAM's gradient p + γ (p + m − 2g) + β (p − m), m at w − ρ g/‖g‖"),
        ("cr-sam-paper", "SAM with α log of the curvature along g less β log ‖g‖ in the loss: as recalled, not verified"),
        ("m-sam", "the mean of SAM's gradients of parts of m examples"),
        ("k-sam", "SAM on the k examples of the largest losses"),
        ("saf", "adds a divergence from the outputs of some epochs ago to the loss"),
        ("mesa", "adds a divergence from the outputs with average parameters to the loss"),
    ];

    /// <summary>Settles what the optimizer's name leaves without meaning: ρ without an ascent and β without momentum become 0, the rest nothing.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="UsageException">A name is not known, a number is missing, or gd or gradient-flow is given minibatches.</exception>
    public static RunConfiguration Resolve(RunConfiguration configuration)
    {
        string name = configuration.Optimizer;
        if (!List.Any(row => row.Name == name))
        {
            throw Suggestions.Unknown("optimizer", name, List.Select(row => row.Name));
        }

        string step = name == "sgd" ? "gd" : name;
        if (TakesBase(name))
        {
            step = configuration.BaseOptimizer;
            if (!BaseNames.Contains(step))
            {
                throw Suggestions.Unknown("base-optimizer", step, BaseNames);
            }
        }

        if (FullBatchNames.Contains(name) && configuration.BatchSize is not null)
        {
            string cure = name == "gd" ? "use --optimizer sgd with --batch-size, or " : "";
            throw new UsageException($"--optimizer {name} is the full batch: {cure}leave --batch-size out.");
        }

        var resolved = configuration with
        {
            BaseOptimizer = step,
            Rho = IsSam(name) ? configuration.Rho : 0,
            Momentum = HasMomentum(step) ? configuration.Momentum : 0,
        };
        return resolved with { OptimizerSettings = OptimizerKey.Resolve(resolved) };
    }

    /// <summary>Whether an optimizer has an ascent.</summary>
    /// <param name="name">Its name.</param>
    public static bool IsSam(string name) => name == "sam-unnormalised" || NormalisedAscents.Contains(name);

    /// <summary>Whether an optimizer's ascent divides by a norm.</summary>
    /// <param name="name">Its name.</param>
    public static bool IsNormalised(string name) => NormalisedAscents.Contains(name);

    /// <summary>Whether an optimizer takes the step of --base-optimizer.</summary>
    /// <param name="name">Its name.</param>
    public static bool TakesBase(string name) => IsSam(name) || Supplemented.Contains(name);

    /// <summary>Whether a base step has a momentum β.</summary>
    /// <param name="step">Its name.</param>
    public static bool HasMomentum(string step) => step is "polyak" or "nesterov";

    /// <summary>Whether a key that only some optimizers have means something.</summary>
    /// <param name="key">The key.</param>
    /// <param name="resolved">The configuration, from <see cref="Resolve"/>.</param>
    public static bool HasEffect(string key, RunConfiguration resolved) => key switch
    {
        "rho" => IsSam(resolved.Optimizer),
        "ascent-epsilon" => IsNormalised(resolved.Optimizer),
        "base-optimizer" => TakesBase(resolved.Optimizer),
        "momentum" => HasMomentum(resolved.BaseOptimizer),
        _ => OptimizerKey.All.FirstOrDefault(known => known.Name == key)?.AppliesTo(resolved) ?? true,
    };
}
