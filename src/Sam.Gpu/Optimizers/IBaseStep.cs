using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Optimizers;

/// <summary>How a gradient becomes a step of the parameters: gradient descent, momentum with its velocity, or an adaptive step.</summary>
public interface IBaseStep : IDisposable
{
    /// <summary>The curvature at which this step turns unstable on a quadratic; NaN where none is known.</summary>
    /// <remarks>Of a step with a preconditioner P it is that of P⁻¹H.</remarks>
    double Edge { get; }

    /// <summary>Whether the step divides by a diagonal preconditioner P of its own.</summary>
    bool HasPreconditioner => false;

    /// <summary>What lives from step to step: what a checkpoint must hold.</summary>
    IReadOnlyList<StateItem> State { get; }

    /// <summary>Moves the parameters.</summary>
    /// <param name="objective">The objective of the step, for steps that take more gradients.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="gradient">The gradient, with its norm and the loss.</param>
    void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient);

    /// <summary>The diagonal of the preconditioner of a step with a gradient; the state stays as it is.</summary>
    /// <param name="gradient">The gradient that the step would take, [P].</param>
    /// <param name="result">The diagonal of P, [P], written; positive. The step is −η P⁻¹ m, m the gradient or its average.</param>
    /// <exception cref="InvalidOperationException">The step has no preconditioner.</exception>
    void Preconditioner(DeviceSpan gradient, DeviceSpan result) =>
        throw new InvalidOperationException("This step has no preconditioner.");

    /// <summary>Learns the largest eigenvalue of the Hessian, for steps whose length depends on it.</summary>
    /// <param name="sharpness">λ₁, as it was last measured.</param>
    void Observe(double sharpness)
    {
    }
}
