using Sam.Gpu.Figures;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>Along the minima of (1 + x²) y², where λ₁ = 2 (1 + x²), steps of fixed length and descent on √L follow flows.</summary>
/// <remarks>In the time τ = η² t: dx/dτ = −¼ (log λ₁)′ for normalized gradient descent, −⅛ λ₁′ for gradient descent on √L.</remarks>
public sealed class NormalizedGradientDescentLab : Lab
{
    private const double StepSize = 0.01;
    private const int Steps = 100_000;
    private const int Drawn = 100;
    private const double Start = 2;

    /// <inheritdoc/>
    public override string Name => "normalized-gd";

    /// <inheritdoc/>
    public override string Claim =>
        "At the edge, normalized gradient descent and gradient descent on √L move along the minima to lower sharpness.";

    /// <inheritdoc/>
    public override string Source =>
        "S. Arora, Z. Li and A. Panigrahi, Understanding Gradient Descent on the Edge of Stability in Deep Learning, ICML 2022";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        using var device = session.CreateDevice();
        using var toy = ToyFunctions.Valley(device);
        FirstSteps(
            session, "√L, η = 0.5, 12 steps from (14.7, 3)", new ToyRun(toy, new RootLossDescent(device, 0.5), 14.7, 3), 12, (2.62685, 0.56691), 1e-5);
        FirstSteps(
            session, "normalized, η = 5, 10 steps from (14.7, −3)", new ToyRun(toy, new NormalisedGradientDescent(device, 5), 14.7, -3), 10,
            (2.8158, -3.8908), 1e-4);

        using var root = new ToyRun(toy, new RootLossDescent(device, StepSize), Start, 0.013);
        var rootLine = Follow(session, "√L", root, RootFlow);
        using var normalised = new ToyRun(toy, new NormalisedGradientDescent(device, StepSize), Start, 0.013);
        var line = Follow(session, "normalized", normalised, NormalisedFlow);
        double last = Stableness(normalised);
        normalised.Step();
        session.Expect("normalized: 1/S + 1/S′ of the last two steps, S = η λ₁/‖g‖", 1, 1e-3, (1 / last) + (1 / Stableness(normalised)));
        session.Draw(Figure(
            line with { Label = "normalized" },
            rootLine with { Label = "on √*L*", ColourIndex = FigurePalette.Vermilion, Marker = FigureMarker.Square }));
    }

    private static double Stableness(ToyRun run) => StepSize * run.Sharpness / run.GradientNorm;

    private static void FirstSteps(LabSession session, string name, ToyRun run, int steps, (double X, double Y) end, double tolerance)
    {
        using (run)
        {
            run.Step(steps);
            session.Expect($"{name}: x", end.X, tolerance, run.Point[0]);
            session.Expect($"{name}: y", end.Y, tolerance, run.Point[1]);
        }
    }

    private static FigureSeries Follow(LabSession session, string name, ToyRun run, Func<double, double> flow)
    {
        session.Say(name);
        var (times, sharpness) = (new List<double>(), new List<double>());
        for (int step = 0; step < Steps; step += Steps / Drawn)
        {
            session.Interrupt.ThrowIfCancellationRequested();
            if (step % (5 * Steps / Drawn) == 0)
            {
                times.Add(Time(step));
                sharpness.Add(2 * (1 + (run.Point[0] * run.Point[0])));
            }

            run.Step(Steps / Drawn);
        }

        double expected = flow(Time(Steps));
        session.Expect($"{name}: x after {Steps} steps with η = 0.01 over that of the flow", 1, 1e-3, run.Point[0] / expected);
        return new FigureSeries { Role = SeriesRole.Points, X = times, Y = sharpness };
    }

    private static double Time(double steps) => StepSize * StepSize * steps;

    private static double RootFlow(double time) => Start * Math.Exp(-time / 2);

    // ½ x² + ln x falls at the rate ½; Newton's method from the left, where its slope is steep.
    private static double NormalisedFlow(double time)
    {
        double level = (Start * Start / 2) + Math.Log(Start) - (time / 2);
        double x = 0.1;
        for (int i = 0; i < 50; i++)
        {
            x -= ((x * x / 2) + Math.Log(x) - level) / (x + (1 / x));
        }

        return x;
    }

    private static FigureSeries Flow(FigureSeries points, Func<double, double> flow)
    {
        double[] times = [.. Enumerable.Range(0, Drawn + 1).Select(i => Time(Steps) * i / Drawn)];
        return points with
        {
            Label = null, Role = SeriesRole.Line, Marker = null, X = times,
            Y = [.. times.Select(time => 2 * (1 + Math.Pow(flow(time), 2)))],
        };
    }

    private Figure Figure(FigureSeries normalised, FigureSeries root) => new()
    {
        Name = Name,
        Description = "The sharpness along the minima of a valley against η² t, for two algorithms and the flows that they follow.",
        XAxis = new FigureAxis { Label = "time *η*² *t*" },
        YAxis = new FigureAxis { Label = "sharpness *λ*_{1}", Minimum = 0 },
        Series = [normalised, root, Flow(normalised, NormalisedFlow), Flow(root, RootFlow)],
        Labels = FigureLabels.Legend,
        Notes = ["Points: the algorithms. Lines: their flows."],
    };
}
