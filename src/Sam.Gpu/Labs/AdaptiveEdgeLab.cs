using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>Adam and RMSProp hold the preconditioned sharpness at their edges: on the network of the recipe chebyshev.</summary>
/// <remarks>P⁻¹H has the largest eigenvalue that counts; P is the diagonal that the next step would divide by.</remarks>
public sealed class AdaptiveEdgeLab : Lab
{
    private const int Seeds = 3;
    private const int Steps = 60_000;
    private const int MeasureEvery = 500;

    /// <inheritdoc/>
    public override string Name => "adaptive-edge";

    /// <inheritdoc/>
    public override string Claim => "Under Adam the preconditioned sharpness settles at (2 + 2β₁)/((1 − β₁)η), under RMSProp at 2/η.";

    /// <inheritdoc/>
    public override string Source => "J. Cohen et al., Adaptive Gradient Methods at the Edge of Stability, arXiv:2207.14484 (2022)";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var adam = Ratios(
            session, "Adam, β₁ = 0.9, β₂ = 0.999, η = 0.001", (device, size) => new Adam(device, size, 1e-3), out double edge);
        session.Expect("Adam: edge", 38_000, 1e-9 * 38_000, edge);
        session.ExpectRange($"Adam: mean of λ₁(P⁻¹H)/edge, last half, median of {Seeds} seeds", 0.95, 1.04, LastHalf(adam));

        // How far apart other measurements at this edge lie: 4 %.
        var rmsProp = Ratios(
            session, "RMSProp, β₂ = 0.99, η = 0.0003",
            (device, size) => new RmsProp(device, size, 3e-4, 0.99, 1e-7, correctsBias: true), out _);
        session.Expect($"RMSProp: mean of λ₁(P⁻¹H)/edge, last half, median of {Seeds} seeds", 1.03, 0.04, LastHalf(rmsProp));
        session.Draw(Figure(adam, rmsProp));
    }

    // The measurements of the seed whose last half is the median.
    private static double[] Ratios(LabSession session, string name, Func<Device, int, IBaseStep> createStep, out double edge)
    {
        edge = double.NaN;
        var runs = new List<double[]>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            session.Say($"{name}, seed {seed}");
            using var device = session.CreateDevice();
            using var problem = new ChebyshevProblem(device, (ulong)seed);
            int size = problem.Objective.ParameterCount;
            using var optimizer = new Optimizer(device, size, createStep(device, size));
            edge = optimizer.BaseEdge;
            runs.Add(Train(session, problem, optimizer));
        }

        return runs.OrderBy(LastHalf).ElementAt(Seeds / 2);
    }

    private static double[] Train(LabSession session, ChebyshevProblem problem, Optimizer optimizer)
    {
        var device = problem.Objective.Device;
        int size = problem.Objective.ParameterCount;
        using var spectrum = new PreconditionedSpectrum(device, size);
        using var record = device.Allocate(StepRecord.Length, "record");
        using var gradient = device.Allocate(size, "gradient");
        using var loss = device.Allocate(1, "loss");
        var ratios = new List<double>();
        for (int step = 0; step <= Steps; step++)
        {
            if (step % MeasureEvery == 0)
            {
                session.Interrupt.ThrowIfCancellationRequested();
                var hessian = new HessianOperator(problem.Objective.Linearize(problem.Parameters, gradient.Span, loss.Span));
                ratios.Add(spectrum.Solve(optimizer, hessian, gradient.Span).Pairs[0].Value / optimizer.BaseEdge);
            }

            optimizer.Step(problem.Objective, problem.Parameters, new StepRecord(record.Span));
        }

        return [.. ratios];
    }

    private static double LastHalf(double[] ratios) => ratios[(ratios.Length / 2)..].Average();

    private Figure Figure(double[] adam, double[] rmsProp)
    {
        // Before the first step P is made of the first gradient alone.
        double[] steps = [.. Enumerable.Range(1, adam.Length - 1).Select(i => (double)i * MeasureEvery)];
        return new Figure
        {
            Name = Name,
            Description = "The largest eigenvalue of the preconditioned Hessian over the edge of stability against the training step.",
            XAxis = new FigureAxis { Label = "training step", Minimum = 0 },
            YAxis = new FigureAxis { Label = "*λ*_{1}(*P*^{−1}*H*) / edge", Minimum = 0.8, Maximum = 1.2 },
            Series =
            [
                new FigureSeries { Label = "Adam", X = steps, Y = adam[1..] },
                new FigureSeries { Label = "RMSProp", X = steps, Y = rmsProp[1..], ColourIndex = FigurePalette.Vermilion, DashIndex = 1 },
                new FigureSeries
                {
                    Label = "edge", Role = SeriesRole.Threshold, X = [], Y = [1], ColourIndex = FigurePalette.Purple, DashIndex = 2,
                },
            ],
        };
    }
}
