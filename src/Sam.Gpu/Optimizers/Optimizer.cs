using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>An optimizer: a base step, and before it the ascent of SAM if there is one.</summary>
/// <remarks>
/// <see cref="Step"/> is all of a step: both gradients are taken on the same examples, and norms stay on the device. Without an ascent the
/// second gradient is not taken, so that ρ = 0 is the base step bit for bit.
/// </remarks>
public sealed class Optimizer : IDisposable
{
    private readonly Device device;
    private readonly IBaseStep baseStep;
    private readonly IAscent? ascent;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory? perturbed;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="baseStep">The base step; the optimizer frees it.</param>
    /// <param name="ascent">The ascent, or none.</param>
    public Optimizer(Device device, int parameterCount, IBaseStep baseStep, IAscent? ascent = null)
    {
        this.device = device;
        this.baseStep = baseStep;
        this.ascent = ascent;
        gradient = device.Allocate(parameterCount, "gradient of the step");
        perturbed = ascent is null ? null : device.Allocate(parameterCount, "perturbed parameters");
    }

    /// <summary>The edge of the base step alone: 2/η for gradient descent.</summary>
    public double BaseEdge => baseStep.Edge;

    /// <summary>Whether there is an ascent.</summary>
    public bool HasAscent => ascent is not null;

    /// <summary>The memory that lives from step to step, by name: what a checkpoint must hold besides the parameters.</summary>
    public IReadOnlyList<(string Name, DeviceSpan Span)> State => baseStep.State;

    /// <summary>The edge of stability where the gradient has a given norm.</summary>
    /// <param name="gradientNorm">‖∇L(w)‖.</param>
    public double Edge(double gradientNorm) => ascent?.Edge(baseStep.Edge, gradientNorm) ?? baseStep.Edge;

    /// <summary>One step of training.</summary>
    /// <param name="objective">The objective, on the examples of this step.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="record">What the step saw at the w it began with, written.</param>
    public void Step(Objective objective, DeviceSpan parameters, in StepRecord record)
    {
        objective.Gradient(parameters, gradient.Span, record.Loss);
        device.Norm(gradient.Span, record.GradientNorm);
        if (objective is NetworkObjective { Accuracy: { IsEmpty: false } accuracy })
        {
            device.Copy(accuracy, record.Accuracy);
        }

        if (ascent is not null)
        {
            AscentGradient(objective, parameters, gradient.Span, record.GradientNorm, gradient.Span, record.AscentLoss);
            device.Norm(gradient.Span, record.AscentGradientNorm);
        }

        baseStep.Apply(parameters, gradient.Span);
    }

    /// <summary>The gradient at the point uphill, or without an ascent the plain gradient itself.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="plainGradient">∇L(w), [P].</param>
    /// <param name="gradientNorm">‖∇L(w)‖, [1].</param>
    /// <param name="result">The gradient that the base step takes, [P]; may be the plain one.</param>
    /// <param name="loss">The loss at the point uphill, [1]; not written without an ascent.</param>
    public void AscentGradient(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss)
    {
        if (ascent is null || perturbed is null)
        {
            device.Copy(plainGradient, result);
            return;
        }

        ascent.Perturb(device, parameters, plainGradient, gradientNorm, perturbed.Span);
        objective.Gradient(perturbed.Span, result, loss);
    }

    /// <summary>Frees the optimizer's memory.</summary>
    public void Dispose()
    {
        gradient.Dispose();
        perturbed?.Dispose();
        baseStep.Dispose();
    }
}
