using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Flows;

/// <summary>Gradient descent that is kept stable: projected to the set {S ≤ 2/η, u·g = 0} after each step.</summary>
/// <remarks>
/// θ† ← project(θ† − η g). To project is to repeat θ† ← θ† − max(0, S − 2/η) ∇S⊥/‖∇S⊥‖² − u (u·g)/S, all measured anew each time. By the
/// theory of self-stabilization it is what gradient descent does on average; <see cref="PredictedDynamics"/> predicts how it swings around
/// it. Damian, Nichani and Lee, "Self-Stabilization: The Implicit Bias of Gradient Descent at the Edge of Stability" (2023).
/// </remarks>
public sealed class ConstrainedTrajectory : IDisposable
{
    private readonly Device device;
    private readonly int rounds;
    private readonly DeviceMemory parameters;

    /// <summary>Creates the trajectory and allocates its device memory; <see cref="Start"/> gives it a point.</summary>
    /// <param name="objective">The objective; it is not owned.</param>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <param name="rounds">How often a projection is repeated, ≥ 1; the authors take 3.</param>
    /// <param name="eigensolver">The settings of the eigensolver; null for the defaults.</param>
    /// <param name="derivative">The settings of the third derivative; null for the defaults.</param>
    public ConstrainedTrajectory(
        Objective objective, double stepSize, int rounds = 3, EigensolverOptions? eigensolver = null,
        ThirdDerivativeOptions? derivative = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        Edge = Edges.Edge.GradientDescent(stepSize);
        Objective = objective;
        StepSize = stepSize;
        this.rounds = rounds;
        device = objective.Device;
        Point = new SharpnessPoint(objective, eigensolver, derivative);
        parameters = device.Allocate(objective.ParameterCount, "constrained parameters");
    }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>η.</summary>
    public double StepSize { get; }

    /// <summary>2/η.</summary>
    public double Edge { get; }

    /// <summary>θ†, [P].</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>What is known of θ†.</summary>
    public SharpnessPoint Point { get; }

    /// <summary>Whether the next step would leave {S ≤ 2/η} but for the projection: S − η g·∇S⊥ &gt; 2/η.</summary>
    public bool IsAtEdge => Point.Sharpness + (StepSize * Point.Alpha) > Edge;

    /// <summary>Begins at the projection of a point, such as the middle of the step in which the sharpness has reached 2/η.</summary>
    /// <param name="start">The point, [P].</param>
    /// <param name="startRounds">How often the projection is repeated, ≥ 0; more than in a step, for the point may lie farther off.</param>
    public void Start(DeviceSpan start, int startRounds = 10)
    {
        device.Copy(start, parameters.Span);
        Project(startRounds);
    }

    /// <summary>One step: gradient descent and the projection.</summary>
    public void Step()
    {
        device.AddScaled(-StepSize, Point.Gradient, parameters.Span, parameters.Span);
        Project(rounds);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        Point.Dispose();
        parameters.Dispose();
    }

    private void Project(int repetitions)
    {
        Point.Measure(parameters.Span);
        for (int i = 0; i < repetitions; i++)
        {
            double excess = Math.Max(0, Point.Sharpness - Edge);
            if (excess > 0)
            {
                device.AddScaled(-excess / Point.Beta, Point.Perpendicular, parameters.Span, parameters.Span);
            }

            device.AddScaled(-Point.GradientAlongVector / Point.Sharpness, Point.Vector, parameters.Span, parameters.Span);
            Point.Measure(parameters.Span);
        }
    }
}
