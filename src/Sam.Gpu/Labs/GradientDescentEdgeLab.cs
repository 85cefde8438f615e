using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>Gradient descent drives the sharpness up to 2/η and holds it there: on the network of the recipe chebyshev.</summary>
public sealed class GradientDescentEdgeLab : Lab
{
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
    }
}
