using Sam.Gpu.Edges;
using Sam.Gpu.Figures;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>At the edge a step of gradient descent makes no progress on average, and its curvature is 2/η.</summary>
/// <remarks>
/// RP and DS are those of <see cref="StepProgress"/>, on the network of the recipe chebyshev. Beside it stand the toys of the paper: what keeps
/// gradient descent from diverging above the edge is a loss that is not quadratic.
/// </remarks>
public sealed class UnstableConvergenceLab : Lab
{
    private const int Steps = 40_000;
    private const int Window = 400;
    private const double Diverged = 1e6;

    /// <inheritdoc/>
    public override string Name => "unstable-convergence";

    /// <inheritdoc/>
    public override string Claim =>
        "Gradient descent with a large step converges with mean relative progress 0 and directional smoothness 2/η.";

    /// <inheritdoc/>
    public override string Source => "K. Ahn, J. Zhang and S. Sra, Understanding the Unstable Convergence of Gradient Descent, ICML 2022";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var lines = new List<FigureSeries>();
        foreach (var (stepSize, progress, smoothness) in ((double, double, double)[])[(0.01, -1, 0), (0.2, 0, 1)])
        {
            var name = FormattableString.Invariant($"η = {stepSize}");
            session.Say($"network, {name}");
            var steps = Progress(session, stepSize);
            var last = steps[(Steps / 2)..];
            session.Expect($"network, {name}: mean of RP, last half", progress, 0.02, last.Average(step => step.RelativeProgress));
            session.Expect(
                $"network, {name}: mean of ½ η DS, last half", smoothness, 0.02,
                last.Average(step => stepSize * step.DirectionalSmoothness / 2));
            session.Report(
                $"network, {name}: mean of |RP − (−1 + ½ η DS)|, last half",
                last.Average(step => Math.Abs(step.RelativeProgress - (-1 + (stepSize * step.DirectionalSmoothness / 2)))));
            var drawn = FormattableString.Invariant($"*η* = {stepSize}");
            int colour = lines.Count == 0 ? FigurePalette.Blue : FigurePalette.Vermilion;
            lines.Add(Line($"RP, {drawn}", steps, step => step.RelativeProgress) with { ColourIndex = colour });
            lines.Add(
                Line($"½ *η* DS, {drawn}", steps, step => stepSize * step.DirectionalSmoothness / 2)
                with { ColourIndex = colour, DashIndex = 1 });
        }

        session.Draw(new Figure
        {
            Name = Name,
            Description = "Relative progress and directional smoothness of gradient descent with two step sizes, averaged over windows of steps.",
            XAxis = new FigureAxis { Label = "training step", Minimum = 0 },
            YAxis = new FigureAxis { Label = $"mean of {Window} steps", Minimum = -1.2, Maximum = 1.2 },
            Series = lines,
        });
        Neuron(session);
        Bowl(session);
    }

    private static StepProgress[] Progress(LabSession session, double stepSize)
    {
        using var device = session.CreateDevice();
        using var problem = new ChebyshevProblem(device, 0);
        int size = problem.Objective.ParameterCount;
        using var gradient = device.Allocate(size, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var numbers = new ScalarReader(device);
        using var meter = new StepProgressMeter(device, size);
        var seen = new StepProgress[Steps + 1];
        for (int step = 0; step <= Steps; step++)
        {
            session.Interrupt.ThrowIfCancellationRequested();
            problem.Objective.Gradient(problem.Parameters, gradient.Span, loss.Span);
            seen[step] = meter.Observe(problem.Parameters, gradient.Span, numbers.Read(loss.Span));
            device.AddScaled(-stepSize, gradient.Span, problem.Parameters, problem.Parameters);
        }

        // The first point has no step before it.
        return seen[1..];
    }

    private static FigureSeries Line(string label, StepProgress[] steps, Func<StepProgress, double> number)
    {
        var windows = steps.Chunk(Window).ToArray();
        return new FigureSeries
        {
            Label = label,
            X = [.. windows.Select((_, i) => (i + 0.5) * Window)],
            Y = [.. windows.Select(window => window.Average(number))],
        };
    }

    private static void Neuron(LabSession session)
    {
        const double edge = 150;
        session.Say("single neuron");
        using var device = session.CreateDevice();
        using var bounded = ToyFunctions.SingleNeuron(device);
        using var linear = ToyFunctions.SingleNeuron(device, isLinear: true);
        using var settled = new ToyRun(bounded, new GradientDescent(device, 2 / edge), 13, 0.01);
        using var diverged = new ToyRun(linear, new GradientDescent(device, 2 / edge), 13, 0.01);
        settled.Step(20_000);
        for (int step = 0; step < 200 && diverged.Loss < Diverged; step++)
        {
            diverged.Step();
        }

        session.ExpectRange("neuron with tanh, 2/η = 150: λ₁ at the end", 0.9 * edge, edge, settled.Sharpness);
        session.ExpectRange("neuron with tanh: loss at the end", double.NegativeInfinity, 1e-12, settled.Loss);
        session.ExpectRange("linear neuron, 2/η = 150: loss where it is given up", Diverged, double.PositiveInfinity, diverged.Loss);
    }

    private static void Bowl(LabSession session)
    {
        session.Say("bowl");
        using var device = session.CreateDevice();
        using var bowl = ToyFunctions.Bowl(device);
        using var bounded = ToyFunctions.Bowl(device, isBounded: true);
        foreach (var (name, toy, edge, steps, from, to) in ((string, ToyObjective, double, int, double, double)[])
            [
                ("bowl", bowl, 39, 1000, Diverged, double.PositiveInfinity),
                ("bowl", bowl, 41, 3000, double.NegativeInfinity, 1e-6),
                ("tanh of the bowl", bounded, 39, 10_000, 1e-3, 1),
            ])
        {
            using var run = new ToyRun(toy, new GradientDescent(device, 2 / edge), 0.1, 0.1);
            run.Step(steps);
            session.ExpectRange($"{name} of sharpness 40, 2/η = {edge}: ‖θ‖ after {steps} steps from (0.1, 0.1)", from, to, run.Norm);
        }
    }
}
