using Sam.Gpu.Edges;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>Un-normalised SAM, w ← w − η ∇L(w + ρ g), has an edge that no gradient moves: on the recipe chebyshev.</summary>
public sealed class SamFarFromHomeLab : Lab
{
    private const int Seeds = 3;

    /// <inheritdoc/>
    public override string Name => "sam-far-from-home";

    /// <inheritdoc/>
    public override string Claim => "Under un-normalised SAM the sharpness settles at (√(1 + 8ρ/η) − 1)/2ρ, whatever the gradient.";

    /// <inheritdoc/>
    public override string Source =>
        "A. Agarwala and Y. Dauphin, SAM Operates Far from Home: Eigenvalue Regularization as a Dynamical Phenomenon, ICML 2023";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        // Half a unit of the last digit that is known.
        foreach (var (stepSize, rho, edge, tolerance) in
            ((double, double, double, double)[])[(0.01, 0.01, 100, 1e-9), (0.01, 0.001, 170.82, 5e-3), (0.1, 0.1, 10, 1e-9)])
        {
            session.Expect(
                FormattableString.Invariant($"edge for η = {stepSize}, ρ = {rho}"), edge, tolerance,
                Edge.UnnormalisedSam(Edge.GradientDescent(stepSize), rho));
        }

        var runs = new List<RunSeries>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            runs.Add(session.Train($"seed-{seed}", "chebyshev", $"optimizer=sam-unnormalised step-size=0.1 rho=0.02 seed={seed}"));
            var statistics = RunStatistics.Of(runs[^1]);

            // The edge is one number throughout the run.
            session.Expect(
                $"network, seed {seed}: mean of λ₁, last half; the edge is 15.31", 15.27, 0.04 * 15.27, statistics.MeanRatio * statistics.Edge);
        }

        session.Draw(RunFigures.Of(runs[0])[0] with { Name = Name });
    }
}
