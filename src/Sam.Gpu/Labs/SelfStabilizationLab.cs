using Sam.Gpu.Curvature;
using Sam.Gpu.Edges;
using Sam.Gpu.Figures;
using Sam.Gpu.Flows;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>Gradient descent at the edge swings about the constrained trajectory as predicted: exactly on a cubic, closely on a network.</summary>
/// <remarks>
/// The cubic has η = 0.1, α = 0.01, β = 1 and starts at x = 0.1 δ, y = 0. The network is that of
/// <see cref="ImageProblem.CatsAndDogs"/>; without CIFAR-10 that part is left out.
/// </remarks>
public sealed class SelfStabilizationLab : Lab
{
    private const int ToySteps = 2000;
    private const int NetworkSteps = 200;

    /// <inheritdoc/>
    public override string Name => "self-stabilization";

    /// <inheritdoc/>
    public override string Claim =>
        "At the edge the cubic term of the loss drives the sharpness back: gradient descent swings as the theory predicts.";

    /// <inheritdoc/>
    public override string Source =>
        "A. Damian, E. Nichani and J. Lee, Self-Stabilization: The Implicit Bias of Gradient Descent at the Edge of Stability, ICLR 2023";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        RunToy(session);
        ImagesAtEdge.Run(session, ImageProblem.CatsAndDogs, problem => RunNetwork(session, problem));
    }

    private static void RunToy(LabSession session)
    {
        const double stepSize = 0.1;
        const double deltaSquared = 0.02;
        session.Say("cubic");
        using var device = session.CreateDevice();
        using var toy = ToyFunctions.SelfStabilization(device, stepSize, 0.01, 1);
        using var real = new ToyRun(toy, new GradientDescent(device, stepSize), 0.1 * Math.Sqrt(deltaSquared), 0);
        using var origin = device.Allocate(toy.ParameterCount, "origin");
        device.Fill(origin.Span, 0);
        using var trajectory = new ConstrainedTrajectory(toy, stepSize, eigensolver: new EigensolverOptions { Tolerance = 1e-14 });
        using var dynamics = new PredictedDynamics(trajectory);
        trajectory.Start(origin.Span);
        dynamics.Start(real.Parameters);
        double distance = 0;
        var (sizes, sharpness, predicted) = (new List<double>(), new List<double>(), new List<double>());
        for (int step = 0; step <= ToySteps; step++)
        {
            session.Interrupt.ThrowIfCancellationRequested();
            var seen = dynamics.Predict(real.Parameters);
            distance = Math.Max(distance, seen.Distance);
            sizes.Add(Math.Abs(real.Point[0]));
            sharpness.Add((2 / stepSize) + real.Point[1]);
            predicted.Add(seen.MeanSharpness);
            dynamics.Step();
            trajectory.Step();
            real.Step();
        }

        session.ExpectRange($"cubic: largest distance from the prediction in {ToySteps} steps", double.NegativeInfinity, 1e-10, distance);
        int[] peaks =
        [
            .. Enumerable.Range(1, ToySteps - 1)
                .Where(i => sizes[i] > sizes[i - 1] && sizes[i] >= sizes[i + 1] && sizes[i] > Math.Sqrt(deltaSquared)).Take(3),
        ];
        foreach (var (i, at, height) in ((int, int, double)[])[(0, 290, 0.366296), (1, 884, 0.379374), (2, 1493, 0.393397)])
        {
            // The known numbers are those of the steps that lead to the peaks, counted from 0.
            session.Expect($"cubic: step of peak {i + 1} of |x|", at, 0, i < peaks.Length ? peaks[i] - 1 : double.NaN);
            session.Expect("cubic: its height", height, 1e-5, i < peaks.Length ? sizes[peaks[i]] : double.NaN);
        }

        session.Draw(SharpnessFigure("self-stabilization-cubic", sharpness, predicted, Edge.GradientDescent(stepSize)));
    }

    private void RunNetwork(LabSession session, ImagesAtEdge problem)
    {
        using var trajectory = new ConstrainedTrajectory(
            problem.Objective, problem.StepSize, derivative: new ThirdDerivativeOptions { Tolerance = 1e-6 });
        using var dynamics = new PredictedDynamics(trajectory, isGeneralised: true);
        using var probe = new SharpnessProbe(problem.Objective);
        trajectory.Start(problem.Middle);
        problem.Kick(trajectory.Point);
        dynamics.Start(problem.Parameters);
        var (sharpness, loss, steps) = (new List<double>(), new List<double>(), new List<PredictedStep>());
        for (int step = 0; step <= NetworkSteps; step++)
        {
            session.Interrupt.ThrowIfCancellationRequested();
            steps.Add(dynamics.Predict(problem.Parameters));
            sharpness.Add(probe.At(problem.Parameters).Value);
            dynamics.Step();
            trajectory.Step();
            loss.Add(problem.Step());
        }

        session.Report($"network: mean distance from the prediction, {NetworkSteps} steps", steps.Average(step => step.Distance));
        session.Report("network: largest distance from the prediction", steps.Max(step => step.Distance));
        session.Report("network: mean distance from the constrained trajectory", steps.Average(step => step.RealDisplacementNorm));
        session.Report(
            "network: mean of |predicted − real sharpness|; 2/η is 40",
            steps.Zip(sharpness, (predicted, real) => Math.Abs(predicted.Sharpness - real)).Average());
        session.Report(
            "network: mean of |predicted − real loss|/real loss",
            steps.Zip(loss, (predicted, real) => Math.Abs(predicted.Loss - real) / real).Average());
        var swinging = SharpnessFigure(Name, InPairs(sharpness), InPairs([.. steps.Select(step => step.Sharpness)]), trajectory.Edge);
        session.Draw(swinging with { Notes = ["Means of two steps in a row: from step to step the sharpness alternates."] });
        var figure = SharpnessFigure($"{Name}-loss", loss, [.. steps.Select(step => step.Loss)], double.NaN);
        session.Draw(figure with
        {
            Description = "The loss of gradient descent and its prediction against the training step.",
            YAxis = new FigureAxis { Label = "training loss" },
            Series = [.. figure.Series.Where(series => series.Role == SeriesRole.Line)],
        });
    }

    private static double[] InPairs(IReadOnlyList<double> numbers) => [.. numbers.Zip(numbers.Skip(1), (one, next) => 0.5 * (one + next))];

    private static Figure SharpnessFigure(string name, IReadOnlyList<double> real, IReadOnlyList<double> predicted, double edge)
    {
        double[] steps = [.. real.Select((_, step) => (double)step)];
        return new Figure
        {
            Name = name,
            Description = "The sharpness of gradient descent and its prediction against the training step, beside 2/η.",
            XAxis = new FigureAxis { Label = "steps at the edge" },
            YAxis = new FigureAxis { Label = "sharpness *λ*_{1}" },
            Series =
            [
                new FigureSeries
                {
                    Label = "predicted", X = steps, Y = predicted, ColourIndex = FigurePalette.Vermilion, DashIndex = 1, LineWidth = 0.8,
                },
                new FigureSeries { Label = "gradient descent", X = steps, Y = real, LineWidth = 1.2 },
                new FigureSeries
                {
                    Label = "2/*η*", Role = SeriesRole.Threshold, X = [], Y = [edge], ColourIndex = FigurePalette.Purple, DashIndex = 2,
                },
            ],
            Labels = FigureLabels.Legend,
        };
    }
}
