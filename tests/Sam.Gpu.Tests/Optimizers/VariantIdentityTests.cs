using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Sam.Gpu.Tests.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Optimizers;

/// <summary>A variant whose numbers leave nothing of it is what it varies, bit for bit: after 20 steps, parameters and record.</summary>
public sealed class VariantIdentityTests
{
    private const double Rho = 0.1;
    private const string Net = "mlp:4-3 tanh cross-entropy 3 3 20";

    private static readonly Dictionary<string, Func<Device, NetworkProblem, GradientRule>> SameAsSam = new()
    {
        ["friendly sigma 0"] = (device, problem) => Over(device, problem, new FriendlyAscent(device, Count(problem), Sam(), sigma: 0)),
        ["asam T 1"] = (device, problem) => Over(device, problem, new AdaptiveAscent(device, new bool[Count(problem)], Rho)),
        ["gsam alpha 0"] = (device, problem) => new SurrogateGapRule(device, Count(problem), Sam(), alpha: 0),
        ["cr-sam gamma 0 beta 0"] = (device, problem) => new CurvatureRule(device, Count(problem), Rho, gamma: 0, beta: 0),
        ["cr-sam-paper alpha 0 beta 0"] = (device, problem) => new LogarithmicCurvatureRule(device, Count(problem), Rho, alpha: 0, beta: 0),
        ["m-sam m B"] = (device, problem) => new MicroBatchRule(device, Count(problem), Sam(), problem.Examples),
        ["m-sam m above B"] = (device, problem) => new MicroBatchRule(device, Count(problem), Sam(), problem.Examples + 1),
        ["k-sam k B"] = (device, problem) => new LargestLossRule(device, Count(problem), Sam(), problem.Objective, problem.Examples),
    };

    public static MatrixTheoryData<string, Precision, int> Cases() =>
        new(SameAsSam.Keys, [Precision.Float, Precision.Double], [7, 20]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_sam(string variant, Precision precision, int chunk)
    {
        double[] expected = Run(precision, chunk, (device, problem) => new AscentRule(device, Count(problem), Sam()));
        Near.Bits(expected, Run(precision, chunk, SameAsSam[variant]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_supplement_without_weight_is_the_base_step(bool isTrajectory)
    {
        double[] expected = Run(Precision.Float, 7, (device, _) => new PlainRule(device));
        var settings = new SupplementSettings(0, 5, -1, 1000, 1);
        Near.Bits(expected, Run(Precision.Float, 7, (device, _) => new PlainRule(device), (device, problem) => isTrajectory
            ? new TrajectorySupplement(device, problem.Examples, problem.Network.Outputs, 2, settings)
            : new TeacherSupplement(device, Count(problem), 0.9, settings)));
    }

    [Fact]
    public void Adam_without_momentum_is_rmsprop_with_its_bias_corrected()
    {
        double[] Steps(Func<Device, int, IBaseStep> create) => Run(Precision.Float, 20, (device, _) => new PlainRule(device), step: create);
        Near.Bits(
            Steps((device, count) => new Adam(device, count, 0.01, 0, 0.99, 1e-7)),
            Steps((device, count) => new RmsProp(device, count, 0.01, 0.99, 1e-7, correctsBias: true)));
    }

    private static NormalisedAscent Sam() => new(Rho);

    private static AscentRule Over(Device device, NetworkProblem problem, IAscent ascent) => new(device, Count(problem), ascent);

    private static int Count(NetworkProblem problem) => problem.Theta.Length;

    private static double[] Run(
        Precision precision, int chunk, Func<Device, NetworkProblem, GradientRule> rule,
        Func<Device, NetworkProblem, LossSupplement>? supplement = null, Func<Device, int, IBaseStep>? step = null)
    {
        using var device = CpuDevice.Create(precision, 1);
        using var problem = new Problem(device, Net, chunk);
        int count = problem.Theta.Length;
        var term = supplement?.Invoke(device, problem);
        if (term is not null)
        {
            problem.Objective.Reserve(term);
        }

        using var optimizer = new Optimizer(
            device, count, step?.Invoke(device, count) ?? new Momentum(device, count, 0.1, 0.9, isNesterov: true), rule(device, problem), term);
        using var parameters = device.Place(problem.Theta);
        using var record = device.Place([double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]);
        for (int i = 0; i < 20; i++)
        {
            optimizer.Step(problem.Objective, parameters.Span, new StepRecord(record.Span));
        }

        return [.. device.Read(parameters.Span), .. device.Read(record.Span)];
    }
}
