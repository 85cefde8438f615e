using Sam.Gpu.Curvature;
using Sam.Gpu.Figures;
using Sam.Gpu.Flows;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Labs;

/// <summary>A smooth flow runs through the middle of gradient descent's oscillations and knows their size: on a cubic and a network.</summary>
/// <remarks>
/// The cubic has η = 0.1, α = 0.01, β = 1: from x = y = 0 the flow stays, with the variance 2α/β = 0.02. The network is that of
/// <see cref="ImageProblem.FourClasses"/>; without CIFAR-10 that part is left out.
/// </remarks>
public sealed class CentralFlowLab : Lab
{
    private const int ToySteps = 200;

    // Those to the edge among them.
    private const int NetworkSteps = 1000;

    // Gradient descent sets out from the edge with oscillations that are not yet those of a cycle.
    private const int Skipped = 20;

    // The steps over which its loss is smoothed: a cycle or two.
    private const int Window = 50;

    /// <inheritdoc/>
    public override string Name => "central-flow";

    /// <inheritdoc/>
    public override string Claim =>
        "At the edge gradient descent follows a central flow, which predicts its mean loss; gradient flow leaves it.";

    /// <inheritdoc/>
    public override string Source =>
        "J. Cohen, A. Damian, A. Talwalkar, J. Z. Kolter and J. Lee, Understanding Optimization in Deep Learning with Central Flows, ICLR 2025";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        RunToy(session);
        ImagesAtEdge.Run(session, ImageProblem.FourClasses, problem => RunNetwork(session, problem));
    }

    private static void RunToy(LabSession session)
    {
        const double stepSize = 0.1;
        session.Say("cubic");
        using var device = session.CreateDevice();
        using var toy = ToyFunctions.SelfStabilization(device, stepSize, 0.01, 1);
        using var flow = new CentralFlow(
            toy, stepSize, new CentralFlowOptions { Eigensolver = new EigensolverOptions { Tolerance = 1e-14 } });
        using var origin = device.Allocate(toy.ParameterCount, "origin");
        device.Fill(origin.Span, 0);
        flow.Start(origin.Span);
        CentralFlowStep[] steps = [.. Enumerable.Range(0, ToySteps).Select(_ => flow.Step())];
        session.Expect(
            $"cubic: S farthest from 2/η = 20 in {ToySteps} steps", 20, 1e-10, Farthest(20, steps.Select(step => step.Eigenvalues[0])));
        session.Expect("cubic: variance farthest from 2α/β", 0.02, 1e-10, Farthest(0.02, steps.Select(step => step.Variance)));
    }

    private static double Farthest(double centre, IEnumerable<double> numbers) => numbers.MaxBy(number => Math.Abs(number - centre));

    private void RunNetwork(LabSession session, ImagesAtEdge problem)
    {
        var device = problem.Device;
        using var central = new CentralFlow(
            problem.Objective, problem.StepSize,
            new CentralFlowOptions
            {
                // Two suffice where λ₁ ≤ 2/η: half a step takes the fastest direction just to its end.
                Substeps = 2,
                Eigensolver = new EigensolverOptions { Tolerance = 1e-5 },
                Derivative = new ThirdDerivativeOptions { Tolerance = 1e-4 },
            });
        using var point = new SharpnessPoint(problem.Objective);
        using var numbers = new ScalarReader(device);
        using var flow = device.Allocate(problem.Objective.ParameterCount, "gradient flow");
        using var slope = device.Allocate(problem.Objective.ParameterCount, "slope");
        using var loss = device.Allocate(1, "loss");
        central.Start(problem.Middle);
        device.Copy(problem.Middle, flow.Span);
        point.Measure(problem.Middle);
        problem.Kick(point);
        var (real, predicted, followed) = (new List<double>(), new List<double>(), new List<double>());
        int critical = 0;
        int steps = NetworkSteps - problem.Steps;
        for (int step = 0; step < steps; step++)
        {
            session.Interrupt.ThrowIfCancellationRequested();
            var seen = central.Step();
            critical = Math.Max(critical, seen.Variances.Count);
            predicted.Add(seen.PredictedLoss);
            real.Add(problem.Step());
            followed.Add(GradientFlow());
        }

        session.Report($"network: steps to the edge, of {NetworkSteps}", problem.Steps);
        session.Report("network: most directions at the edge at a time", critical);
        session.Expect(
            $"network: predicted over real loss, means of all steps at the edge but {Skipped}", 1, 0.05,
            predicted.Skip(Skipped).Average() / real.Skip(Skipped).Average());
        double[] ratios = [.. Smoothed(predicted.Skip(Skipped)).Zip(Smoothed(real.Skip(Skipped)), (flow, descent) => flow / descent)];
        session.Expect($"network: the same farthest from 1, means of {Window} steps in a row", 1, 0.05, Farthest(1, ratios));
        double near = central.DistanceTo(problem.Parameters);
        double far = numbers.Distance(flow.Span, problem.Parameters);
        session.Report("network: distance of gradient descent from the central flow at the end", near);
        session.Report("network: its distance from gradient flow", far);
        session.ExpectRange("network: the one over the other", 0, 0.3, near / far);
        session.Draw(Figure(real, predicted, followed));

        // As long as a step of gradient descent, in Euler steps; returns the loss at its beginning.
        double GradientFlow()
        {
            const int parts = 4;
            double first = double.NaN;
            for (int part = 0; part < parts; part++)
            {
                problem.Objective.Gradient(flow.Span, slope.Span, loss.Span);
                first = part == 0 ? numbers.Read(loss.Span) : first;
                device.AddScaled(-problem.StepSize / parts, slope.Span, flow.Span, flow.Span);
            }

            return first;
        }
    }

    private static IEnumerable<double> Smoothed(IEnumerable<double> numbers)
    {
        double[] all = [.. numbers];
        return Enumerable.Range(0, Math.Max(0, all.Length - Window + 1)).Select(first => all.Skip(first).Take(Window).Average());
    }

    private Figure Figure(IReadOnlyList<double> real, IReadOnlyList<double> predicted, IReadOnlyList<double> followed)
    {
        double[] steps = [.. real.Select((_, step) => (double)step)];
        return new Figure
        {
            Name = Name,
            Description = "The loss of gradient descent, its mean by the central flow, and the loss of gradient flow against the step.",
            XAxis = new FigureAxis { Label = "steps at the edge" },
            YAxis = new FigureAxis { Label = "training loss" },
            Series =
            [
                new FigureSeries { Label = "central flow", X = steps, Y = predicted, ColourIndex = FigurePalette.Black, LineWidth = 1.2 },
                new FigureSeries { Label = "gradient descent", X = steps, Y = real, LineWidth = 0.8 },
                new FigureSeries { Label = "gradient flow", X = steps, Y = followed, ColourIndex = FigurePalette.Vermilion, DashIndex = 1 },
            ],
            Labels = FigureLabels.Legend,
        };
    }
}
