using Sam.Gpu.Edges;
using Sam.Gpu.Figures;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>Gradient descent on ½ (1 − xyzw)² from beyond the edge ends just below it; on ½ (1 − xy)² it ends far below.</summary>
/// <remarks>
/// x = z and y = w stay equal, so two numbers say it all: c = √(x² − y²) and d = xy, which is 1 at the minima. Those at the edge are at
/// c = (η⁻² − 4)^¼. The start has c 10 % beyond it, and y 1 % off the minimum.
/// </remarks>
public sealed class MinimalistLab : Lab
{
    private const double Excess = 1.1;
    private const int MostSteps = 100_000;

    /// <inheritdoc/>
    public override string Name => "minimalist";

    /// <inheritdoc/>
    public override string Claim => "A scalar network of four layers trains from beyond the edge to a minimum just below 2/η.";

    /// <inheritdoc/>
    public override string Source =>
        "X. Zhu et al., Understanding Edge-of-Stability Training Dynamics with a Minimalist Example, ICLR 2023";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        using var device = session.CreateDevice();
        using var four = ToyFunctions.ScalarNetwork(device, 4);
        using var two = ToyFunctions.ScalarNetwork(device, 2);
        var lines = new List<FigureSeries>();
        double smallest = 0;
        foreach (var (stepSize, x, y, share) in
            ((double, double, double, double)[])[(0.2, 2.18021, 0.45867, 0.363), (0.1, 3.14256, 0.31821, 0.461)])
        {
            var name = FormattableString.Invariant($"four layers, η = {stepSize}");
            session.Say(name);
            (double a, double b) = Pair(Excess * Math.Pow((1 / (stepSize * stepSize)) - 4, 0.25));
            using var run = new ToyRun(four, new GradientDescent(device, stepSize), a, 1.01 * b, a, 1.01 * b);
            var line = Descend(run, session.Interrupt);
            double gap = Edge.GradientDescent(stepSize) - run.Sharpness;
            session.Expect($"{name}: x at the end", x, 1e-4, run.Point[0]);
            session.Expect($"{name}: y at the end", y, 1e-4, run.Point[1]);
            session.Expect($"{name}: (2/η − λ₁)/η at the end", share, 0.02 * share, gap / stepSize);
            if (lines.Count == 0)
            {
                smallest = gap;
                lines.Add(EverySecond(line, 0) with { Label = "four layers" });
                lines.Add(EverySecond(line, 1));
            }
        }

        const double twoSize = 0.2;
        foreach (var (excess, known) in ((double, double)[])[(1.05, 0.53), (1.1, 1.13), (1.2, 2.57)])
        {
            // Its sharpness at a minimum is x² + y² = √(c⁴ + 4).
            var name = FormattableString.Invariant($"two layers, η = {twoSize}, start {excess} × 2/η");
            session.Say(name);
            (double a, double b) = Pair(Math.Pow(Math.Pow(excess * Edge.GradientDescent(twoSize), 2) - 4, 0.25));
            using var run = new ToyRun(two, new GradientDescent(device, twoSize), a, 1.01 * b);
            var line = Descend(run, session.Interrupt);
            double gap = Edge.GradientDescent(twoSize) - run.Sharpness;
            session.Expect($"{name}: 2/η − λ₁ at the end", known, 0.02 * known, gap);
            session.ExpectRange($"{name}: the same over that of four layers", 7, double.PositiveInfinity, gap / smallest);
            if (excess == Excess)
            {
                lines.Add(line with { Label = "two layers", ColourIndex = FigurePalette.Vermilion, DashIndex = 1, LineWidth = 1 });
            }
        }

        session.Draw(Figure(lines, Edge.GradientDescent(twoSize)));
    }

    // x and y of c = √(x² − y²) and xy = 1.
    private static (double X, double Y) Pair(double c)
    {
        double square = ((c * c) + Math.Sqrt(Math.Pow(c, 4) + 4)) / 2;
        return (Math.Sqrt(square), 1 / Math.Sqrt(square));
    }

    // To the minimum, with the sharpness before each step: ½ r² falls below that of r = 10⁻¹³.
    private static FigureSeries Descend(ToyRun run, CancellationToken interrupt)
    {
        var sharpness = new List<double>();
        while (sharpness.Count < MostSteps && run.Loss >= 0.5e-26)
        {
            interrupt.ThrowIfCancellationRequested();
            sharpness.Add(run.Sharpness);
            run.Step();
        }

        // The logarithmic axis begins at 1.
        return new FigureSeries { X = [.. Enumerable.Range(1, sharpness.Count).Select(step => (double)step)], Y = sharpness };
    }

    // An orbit near a cycle of two points is smooth in every second step.
    private static FigureSeries EverySecond(FigureSeries line, int first) => line with
    {
        X = [.. line.X.Where((_, step) => step % 2 == first)],
        Y = [.. line.Y.Where((_, step) => step % 2 == first)],
    };

    private Figure Figure(IReadOnlyList<FigureSeries> lines, double edge) => new()
    {
        Name = Name,
        Description = "The sharpness of scalar networks of four and of two layers against the training step, beside 2/η.",
        XAxis = new FigureAxis { Label = "training step", Scale = AxisScale.Logarithmic, Minimum = 1 },
        YAxis = new FigureAxis { Label = "sharpness *λ*_{1}" },
        Series =
        [
            .. lines,
            new FigureSeries
            {
                Label = "2/*η*", Role = SeriesRole.Threshold, X = [], Y = [edge], ColourIndex = FigurePalette.Purple, DashIndex = 2,
            },
        ],
        Notes = ["Of four layers even and odd steps have a line each."],
    };
}
