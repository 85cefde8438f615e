using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>Gradient descent drives the sharpness up to 2/η and holds it there: on the network of the recipe chebyshev, and on CIFAR-10.</summary>
/// <remarks>
/// The run on CIFAR-10 is that of the authors' README on the first 1000 images instead of 5000, for the time it takes; without the data it is
/// left out.
/// </remarks>
public sealed class GradientDescentEdgeLab : Lab
{
    private const string ImageStepSize = "0.01";
    private const double ImageEdge = 200;
    private const int ImageSteps = 4200;
    private const int StepsAtEdge = 2000;

    /// <inheritdoc/>
    public override string Name => "gd-edge";

    /// <inheritdoc/>
    public override string Claim => "Under gradient descent the sharpness rises to 2/η and hovers there.";

    /// <inheritdoc/>
    public override string Source =>
        "J. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, ICLR 2021";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var runs = new List<RunSeries>();
        foreach (var (stepSize, steps) in ((string, int)[])[("0.1", 40_000), ("0.2", 40_000)])
        {
            var run = session.Train($"step-size-{stepSize}", "chebyshev", $"optimizer=gd step-size={stepSize} steps={steps}");
            double ratio = RunStatistics.Of(run).MeanRatio;

            // methods of measurement and seeds together spread by less than 4 %.
            session.Expect($"η = {stepSize}: mean of λ₁/(2/η), last half", 1, 0.04, ratio);
            runs.Add(run);
        }

        session.Draw(RunFigures.Overlay(runs)[0] with { Name = Name });
        if (session.HasCifar10("CIFAR-10"))
        {
            RunImages(session);
        }
    }

    private void RunImages(LabSession session)
    {
        var run = session.Train(
            "cifar10", "demo",
            "data=cifar10-standardized examples=1000 network=mlp:200-200 activation=tanh loss=half-squared-error initialization=pytorch "
            + $"optimizer=gd step-size={ImageStepSize} steps={ImageSteps} measure-every=100 eigenvalues=1");
        int crossing = Enumerable.Range(0, run.Steps.Count).FirstOrDefault(i => run.Eigenvalues[0][i] >= ImageEdge, -1);
        int[] after = crossing < 0
            ? []
            : [.. Enumerable.Range(crossing + 1, run.Steps.Count - crossing - 1).Where(i => run.Steps[i] <= run.Steps[crossing] + StepsAtEdge)];
        session.ExpectRange(
            $"CIFAR-10: step at which λ₁ is measured above 2/η = {ImageEdge} first", 0, ImageSteps - StepsAtEdge,
            crossing < 0 ? double.NaN : run.Steps[crossing]);
        session.ExpectRange(
            $"CIFAR-10: mean of λ₁ in the {StepsAtEdge} steps after it", 190, 220,
            after.Length == 0 ? double.NaN : after.Average(i => run.Eigenvalues[0][i]));
        double[] losses = after.Length == 0 ? [] : [.. run.Losses.Skip((int)run.Steps[crossing]).Take(StepsAtEdge + 1)];
        session.ExpectRange("CIFAR-10: loss at their end over that at the crossing", 0, 1, losses.Length == 0 ? double.NaN : losses[^1] / losses[0]);
        session.Report("CIFAR-10: steps among them in which the loss rises", losses.Zip(losses.Skip(1), (one, next) => next > one).Count(rises => rises));
        var figures = RunFigures.Of(run, showTitle: false);
        session.Draw(figures[0] with { Name = $"{Name}-cifar10" });
        session.Draw(figures[3] with { Name = $"{Name}-cifar10-loss" });
    }
}
