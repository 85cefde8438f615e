using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>SAM rides an edge of its own: exactly on a quadratic, closely on a network, far below 2/η on both.</summary>
/// <remarks>
/// The quadratic has the eigenvalues 50, 10 and 1 and is trained with η = 0.03, ρ = 0.1, 5000 steps: SAM ends in the two-cycle
/// |x₁| = ηλ₁ρ/(2 − ηλ₁) = 0.3, where the edge is λ₁ (docs/edges.md). The network is that of the recipe chebyshev.
/// </remarks>
public sealed class SamEdgeLab : Lab
{
    private const int Seeds = 3;

    /// <inheritdoc/>
    public override string Name => "sam-edge";

    /// <inheritdoc/>
    public override string Claim => "Under SAM the sharpness settles at (‖g‖/2ρ)(√(1 + 8ρ/(η‖g‖)) − 1), below 2/η.";

    /// <inheritdoc/>
    public override string Source => "P. M. Long and P. L. Bartlett, Sharpness-Aware Minimization and the Edge of Stability, JMLR 25 (2024)";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        RunQuadratic(session);
        for (int seed = 0; seed < Seeds; seed++)
        {
            var run = session.Train($"seed-{seed}", "chebyshev", $"optimizer=sam step-size=0.1 rho=0.03 seed={seed}");
            var statistics = RunStatistics.Of(run);
            session.ExpectRange($"network, seed {seed}: mean of λ₁/edge, last half", 0.97, 1.04, statistics.MeanRatio);
            session.ExpectRange($"network, seed {seed}: median of λ₁, last half; 2/η is 20", double.NegativeInfinity, 15, statistics.Sharpness);
            if (seed == 0)
            {
                session.Draw(RunFigures.Of(run)[0] with { Name = Name });
            }
        }
    }

    // The bounds are those of arithmetic in double over the contraction of the cycle.
    private static void RunQuadratic(LabSession session)
    {
        const double StepSize = 0.03;
        const double Rho = 0.1;
        const double Tolerance = 1e-9;
        double[] eigenvalues = [50, 10, 1];
        session.Say("quadratic with eigenvalues 50, 10, 1");
        using var device = session.CreateDevice();
        using var objective = new QuadraticObjective(device, eigenvalues);
        using var optimizer = new Optimizer(device, eigenvalues.Length, new GradientDescent(device, StepSize), new NormalisedAscent(Rho));
        using var parameters = device.Allocate(eigenvalues.Length, "parameters");
        using var record = device.Allocate(StepRecord.Length, "record");
        device.Upload([1.0, 1.0, 1.0], parameters.Span);
        for (int step = 0; step < 5000; step++)
        {
            optimizer.Step(objective, parameters.Span, new StepRecord(record.Span));
        }

        var point = new double[eigenvalues.Length];
        device.Download(parameters.Span, point);
        double gradientNorm = Math.Sqrt(eigenvalues.Zip(point, (eigenvalue, x) => eigenvalue * eigenvalue * x * x).Sum());
        session.Expect("quadratic: |x₁| of the two-cycle", 0.3, 0.3 * Tolerance, Math.Abs(point[0]));
        session.Expect("quadratic: edge, λ₁ = 50", 50, 50 * Tolerance, optimizer.Edge(gradientNorm));
    }
}
