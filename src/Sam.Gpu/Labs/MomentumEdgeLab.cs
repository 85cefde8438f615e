using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>Momentum has edges of its own: (2 + 2β)/η for Polyak's, (2 + 2β)/((1 + 2β)η) for Nesterov's.</summary>
public sealed class MomentumEdgeLab : Lab
{
    // Where λ₁ meets the edge a run may leave for good instead of riding it: momentum does so for one seed in five or so.
    private const int Seeds = 5;

    /// <inheritdoc/>
    public override string Name => "momentum-edge";

    /// <inheritdoc/>
    public override string Claim => "With momentum β the sharpness settles at (2 + 2β)/η (Polyak) and (2 + 2β)/((1 + 2β)η) (Nesterov).";

    /// <inheritdoc/>
    public override string Source =>
        "J. Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, ICLR 2021";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var drawn = new List<RunSeries>();
        foreach (var (optimizer, edge) in ((string, double)[])[("polyak", 38), ("nesterov", 3.8 / 0.28)])
        {
            var runs = Enumerable.Range(0, Seeds)
                .Select(seed => session.Train($"{optimizer}-{seed}", "chebyshev", $"optimizer={optimizer} step-size=0.1 momentum=0.9 seed={seed}"))
                .ToArray();
            var statistics = runs.Select(run => RunStatistics.Of(run)).ToArray();
            var (medianRun, median) = runs.Zip(statistics).OrderBy(pair => pair.Second.MeanRatio).ElementAt(Seeds / 2);
            session.Expect($"{optimizer}, β = 0.9, η = 0.1: edge", edge, 1e-9 * edge, statistics[0].Edge);
            session.Expect($"{optimizer}: mean of λ₁/edge, last half, median of {Seeds} seeds", 1, 0.04, median.MeanRatio);
            session.Report($"{optimizer}: seeds that diverged where λ₁ met the edge", statistics.Count(one => !(one.MeanRatio < 2)));
            drawn.Add(medianRun);
        }

        session.Draw(RunFigures.Overlay(drawn)[0] with { Name = Name });
    }
}
