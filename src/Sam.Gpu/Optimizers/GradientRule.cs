using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>How the gradient that the base step takes is formed: from the plain gradient, and most often from others near it.</summary>
/// <remarks>
/// A rule has two questions to answer. <see cref="Step"/> is the gradient of a step, with its record. <see cref="Ascend"/> is the gradient
/// that the rule makes of a plain one on any examples: what a measurement compares with the Hessian's eigenvectors.
/// </remarks>
/// <param name="device">The device.</param>
public abstract class GradientRule(Device device) : IDisposable
{
    /// <summary>Whether the gradient is another than the plain one.</summary>
    public virtual bool HasAscent => true;

    /// <summary>What lives from step to step: what a checkpoint must hold.</summary>
    public virtual IReadOnlyList<StateItem> State => [];

    /// <summary>The device.</summary>
    protected Device Device => device;

    /// <summary>The edge of stability over a base step; NaN where none is known.</summary>
    /// <param name="baseEdge">The edge of the base step.</param>
    /// <param name="gradientNorm">‖∇L(w)‖.</param>
    public abstract double Edge(double baseEdge, double gradientNorm);

    /// <summary>The gradient of a step.</summary>
    /// <param name="objective">The objective, on the examples of this step.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">The gradient, [P], written.</param>
    /// <param name="record">What the step sees at w and uphill of it, written.</param>
    public virtual StepGradient Step(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        Plain(objective, parameters, gradient, record);
        Ascend(objective, parameters, gradient, record.GradientNorm, gradient, record.AscentLoss, isStep: true);
        device.Norm(gradient, record.AscentGradientNorm);
        return new StepGradient(gradient, record.AscentGradientNorm, record.AscentLoss);
    }

    /// <summary>The gradient that the rule makes of a plain one.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="plainGradient">∇L(w), [P].</param>
    /// <param name="gradientNorm">‖∇L(w)‖, [1].</param>
    /// <param name="result">The gradient that the base step takes, [P]; may be the plain one.</param>
    /// <param name="loss">The loss at the point uphill, [1]; not written without an ascent.</param>
    /// <param name="isStep">Whether the state takes this in; if not it stays as it is.</param>
    public abstract void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep);

    /// <summary>Frees the rule's memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Loss, gradient, its norm and the accuracy at w.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">∇L(w), [P], written.</param>
    /// <param name="record">Written, but for what is uphill.</param>
    protected void Plain(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        objective.Gradient(parameters, gradient, record.Loss);
        device.Norm(gradient, record.GradientNorm);
        if (objective is NetworkObjective { Accuracy: { IsEmpty: false } accuracy })
        {
            device.Copy(accuracy, record.Accuracy);
        }
    }

    /// <summary>The objective as one of a network, for rules that choose among the examples of a step.</summary>
    /// <param name="objective">The objective.</param>
    /// <exception cref="ArgumentException">It is not that of a network.</exception>
    internal static NetworkObjective NetworkOf(Objective objective) =>
        objective as NetworkObjective ?? throw new ArgumentException("This needs the examples of a network's objective.", nameof(objective));

    /// <summary>Frees the rule's memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called, not the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
