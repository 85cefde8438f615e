using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>Makes the optimizer of a resolved configuration.</summary>
/// <param name="configuration">The configuration, from <see cref="OptimizerNames.Resolve"/>.</param>
/// <param name="device">The device.</param>
/// <param name="network">The network.</param>
/// <param name="data">The examples of the run.</param>
/// <param name="training">The objective of the steps.</param>
internal sealed class OptimizerFactory(RunConfiguration configuration, Device device, Network network, DataSet data, NetworkObjective training)
{
    private readonly OptimizerSettings settings = configuration.OptimizerSettings;
    private readonly int count = network.ParameterCount;

    /// <summary>Makes it.</summary>
    /// <exception cref="UsageException">The optimizer needs a loss of classes, or more memory than a device can address.</exception>
    public Optimizer Create() => new(device, count, Step(), Rule(), Supplement());

    private IBaseStep Step() => configuration.BaseOptimizer switch
    {
        "gd" => new GradientDescent(device, configuration.StepSize),
        "polyak" or "nesterov" => new Momentum(
            device, count, configuration.StepSize, configuration.Momentum, configuration.BaseOptimizer == "nesterov"),
        "adam" => new Adam(device, count, configuration.StepSize, settings.Beta1!.Value, settings.Beta2!.Value, settings.Epsilon!.Value),
        "rmsprop" => new RmsProp(
            device, count, configuration.StepSize, settings.Beta2!.Value, settings.Epsilon!.Value, settings.BiasCorrection != 0),
        "normalised-gd" => new NormalisedGradientDescent(device, configuration.StepSize),
        "sqrt-gd" => new RootLossDescent(device, configuration.StepSize),
        _ => new GradientFlow(device, count, configuration.StepSize, settings.FlowFraction!.Value, settings.FlowLongest!.Value),
    };

    // With a radius of 0 the gradient uphill is the plain one, and is not taken again; K-SAM still chooses its examples.
    private GradientRule Rule() => (configuration.Optimizer, configuration.Rho) switch
    {
        ("k-sam", _) => new LargestLossRule(
            device, count, Normalised(), training, Math.Max(1, (int)Math.Round(settings.KeptFraction!.Value * training.Examples))),
        (_, 0) => new PlainRule(device),
        ("gsam", _) => new SurrogateGapRule(device, count, Normalised(), settings.GsamAlpha!.Value),
        ("cr-sam", var rho) => new CurvatureRule(
            device, count, rho, settings.CrGamma!.Value, settings.CrBeta!.Value, configuration.AscentEpsilon),
        ("cr-sam-paper", var rho) => new LogarithmicCurvatureRule(
            device, count, rho, settings.CrPaperAlpha!.Value, settings.CrPaperBeta!.Value, configuration.AscentEpsilon),
        ("m-sam", _) => new MicroBatchRule(device, count, Normalised(), (int)settings.MicroBatch!.Value),
        ("asam", var rho) => new AscentRule(
            device, count, new AdaptiveAscent(device, Weights(), rho, settings.AsamOffset!.Value, configuration.AscentEpsilon)),
        ("friendly-sam", _) => new AscentRule(
            device, count, new FriendlyAscent(device, count, Normalised(), settings.FriendlySigma!.Value, settings.FriendlyDecay!.Value)),
        ("sam-unnormalised", var rho) => new AscentRule(device, count, new UnnormalisedAscent(rho)),
        _ => new AscentRule(device, count, Normalised()),
    };

    private NormalisedAscent Normalised() => new(configuration.Rho, configuration.AscentEpsilon);

    // The parameters that PyTorch names "weight".
    private bool[] Weights()
    {
        bool[] isWeight = new bool[count];
        foreach (var parameter in network.Parameters.Where(parameter => parameter.Name.EndsWith("weight", StringComparison.Ordinal)))
        {
            isWeight.AsSpan(parameter.Offset, parameter.Length).Fill(true);
        }

        return isWeight;
    }

    private LossSupplement? Supplement()
    {
        if (settings.SupplementWeight is not { } weight)
        {
            return null;
        }

        var numbers = new SupplementSettings(
            weight, settings.SupplementTemperature!.Value, settings.SupplementStart!.Value, settings.SupplementEnd!.Value,
            data.Examples / training.Examples);
        LossSupplement supplement = settings.SafLag is { } lag
            ? new TrajectorySupplement(device, data.Examples, network.Outputs, (int)lag, numbers)
            : new TeacherSupplement(device, count, settings.TeacherDecay!.Value, numbers);
        training.Reserve(supplement);
        return supplement;
    }
}
