using Sam.Gpu.Devices;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>The optimizers by name.</summary>
public static class OptimizerNames
{
    private static readonly string[] BaseNames = ["gd", "polyak", "nesterov"];

    /// <summary>Names and formulas, in the order to show them.</summary>
    public static IReadOnlyList<(string Name, string Description)> List { get; } =
    [
        ("gd", "gradient descent on the full batch: w ← w − η g"),
        ("sgd", "the same on minibatches of --batch-size"),
        ("polyak", "momentum: v ← β v + g, w ← w − η v"),
        ("nesterov", "momentum: v ← β v + g, w ← w − η (g + β v)"),
        ("sam", "gradient at w + ρ g/‖g‖, then the step of --base-optimizer"),
        ("sam-unnormalised", "gradient at w + ρ g, then the step of --base-optimizer"),
    ];

    /// <summary>Settles what the optimizer's name leaves without meaning: ρ without an ascent and β without momentum become 0.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="UsageException">A name is not known, or gd is given minibatches.</exception>
    public static RunConfiguration Resolve(RunConfiguration configuration)
    {
        string name = configuration.Optimizer;
        if (!List.Any(row => row.Name == name))
        {
            throw Suggestions.Unknown("optimizer", name, List.Select(row => row.Name));
        }

        bool hasAscent = IsSam(name);
        string step = hasAscent ? configuration.BaseOptimizer : name == "sgd" ? "gd" : name;
        if (!BaseNames.Contains(step))
        {
            throw Suggestions.Unknown("base-optimizer", step, BaseNames);
        }

        if (name == "gd" && configuration.BatchSize is not null)
        {
            throw new UsageException("--optimizer gd is the full batch: use --optimizer sgd with --batch-size, or leave --batch-size out.");
        }

        return configuration with
        {
            BaseOptimizer = step,
            Rho = hasAscent ? configuration.Rho : 0,
            Momentum = step == "gd" ? 0 : configuration.Momentum,
        };
    }

    /// <summary>Whether an optimizer has an ascent.</summary>
    /// <param name="name">Its name.</param>
    public static bool IsSam(string name) => name is "sam" or "sam-unnormalised";

    /// <summary>Makes the optimizer of a resolved configuration.</summary>
    /// <param name="configuration">The configuration, from <see cref="Resolve"/>.</param>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    internal static Optimizer Create(RunConfiguration configuration, Device device, int parameterCount)
    {
        IBaseStep step = configuration.BaseOptimizer == "gd"
            ? new GradientDescent(device, configuration.StepSize)
            : new Momentum(device, parameterCount, configuration.StepSize, configuration.Momentum, configuration.BaseOptimizer == "nesterov");
        IAscent? ascent = configuration.Rho == 0
            ? null
            : configuration.Optimizer == "sam"
                ? new NormalisedAscent(configuration.Rho, configuration.AscentEpsilon)
                : new UnnormalisedAscent(configuration.Rho);
        return new Optimizer(device, parameterCount, step, ascent);
    }
}
