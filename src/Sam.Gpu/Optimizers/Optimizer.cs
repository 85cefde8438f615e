using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Optimizers;

/// <summary>An optimizer: a rule that forms a gradient, and the base step that takes it.</summary>
/// <remarks>
/// <see cref="Step"/> is all of a step: all gradients are taken on the same examples, and norms stay on the device. Without an ascent the
/// second gradient is not taken, so that ρ = 0 is the base step bit for bit. docs/optimizers.md has the formulas.
/// </remarks>
public sealed class Optimizer : IDisposable
{
    private readonly IBaseStep baseStep;
    private readonly GradientRule rule;
    private readonly LossSupplement? supplement;
    private readonly DeviceMemory gradient;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="baseStep">The base step; the optimizer frees it.</param>
    /// <param name="rule">The rule; the optimizer frees it.</param>
    /// <param name="supplement">
    /// What is added to the loss of a network while a step is taken, or nothing; the optimizer frees it. The objective must have reserved for it.
    /// </param>
    public Optimizer(Device device, int parameterCount, IBaseStep baseStep, GradientRule rule, LossSupplement? supplement = null)
    {
        this.supplement = supplement;
        this.baseStep = baseStep;
        this.rule = rule;
        gradient = device.Allocate(parameterCount, "gradient of the step");
    }

    /// <summary>Creates the optimizer of a base step, and before it the ascent of SAM if there is one.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="baseStep">The base step; the optimizer frees it.</param>
    /// <param name="ascent">The ascent, or none; the optimizer frees it.</param>
    public Optimizer(Device device, int parameterCount, IBaseStep baseStep, IAscent? ascent = null)
        : this(device, parameterCount, baseStep, ascent is null ? new PlainRule(device) : new AscentRule(device, parameterCount, ascent))
    {
    }

    /// <summary>The edge of the base step alone: 2/η for gradient descent; NaN where none is known.</summary>
    /// <remarks>Of a base step with a preconditioner P it is that of P⁻¹H.</remarks>
    public double BaseEdge => baseStep.Edge;

    /// <summary>Whether there is an ascent.</summary>
    public bool HasAscent => rule.HasAscent;

    /// <summary>Whether the base step divides by a diagonal preconditioner.</summary>
    public bool HasPreconditioner => baseStep.HasPreconditioner;

    /// <summary>What lives from step to step: what a checkpoint must hold besides the parameters.</summary>
    public IReadOnlyList<StateItem> State => [.. baseStep.State, .. rule.State, .. supplement?.State ?? []];

    /// <summary>The edge of stability where the gradient has a given norm; NaN where none is known.</summary>
    /// <remarks>An ascent over a preconditioner has none: it looks along the plain gradient, which the step then bends.</remarks>
    /// <param name="gradientNorm">‖∇L(w)‖.</param>
    public double Edge(double gradientNorm) =>
        double.IsNaN(baseStep.Edge) || (HasAscent && HasPreconditioner) ? double.NaN : rule.Edge(baseStep.Edge, gradientNorm);

    /// <summary>One step of training.</summary>
    /// <param name="objective">The objective, on the examples of this step.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="record">What the step saw at the w it began with, written.</param>
    public void Step(Objective objective, DeviceSpan parameters, in StepRecord record)
    {
        if (supplement is null)
        {
            baseStep.Apply(objective, parameters, rule.Step(objective, parameters, gradient.Span, record));
            return;
        }

        var network = GradientRule.NetworkOf(objective);
        supplement.Begin(parameters);
        network.Supplement = supplement;
        var step = rule.Step(objective, parameters, gradient.Span, record);
        network.Supplement = null;
        supplement.End();
        baseStep.Apply(objective, parameters, step);
    }

    /// <summary>The gradient that the rule makes of a plain one, or without an ascent the plain gradient itself. The state stays as it is.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="plainGradient">∇L(w), [P].</param>
    /// <param name="gradientNorm">‖∇L(w)‖, [1].</param>
    /// <param name="result">The gradient that the base step would take, [P]; may be the plain one.</param>
    /// <param name="loss">The loss at the point uphill, [1]; not written without an ascent.</param>
    public void AscentGradient(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss) =>
        rule.Ascend(objective, parameters, plainGradient, gradientNorm, result, loss, isStep: false);

    /// <inheritdoc cref="IBaseStep.Preconditioner"/>
    public void Preconditioner(DeviceSpan gradient, DeviceSpan result) => baseStep.Preconditioner(gradient, result);

    /// <inheritdoc cref="IBaseStep.Observe"/>
    public void Observe(double sharpness) => baseStep.Observe(sharpness);

    /// <summary>Frees the optimizer's memory.</summary>
    public void Dispose()
    {
        gradient.Dispose();
        rule.Dispose();
        supplement?.Dispose();
        baseStep.Dispose();
    }
}
