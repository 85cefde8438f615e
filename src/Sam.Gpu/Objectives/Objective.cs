using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives;

/// <summary>A function L of a parameter vector θ [P]: value, gradient, and products of its Hessian with blocks of vectors.</summary>
/// <remarks>
/// Products belong to a linearization: a θ with what the passes stored there. There is one at a time; a later evaluation ends it, and
/// using it then is an error, so that no product is ever taken at the wrong place.
/// </remarks>
public abstract class Objective : IDisposable
{
    private int evaluations;

    /// <summary>Creates the objective.</summary>
    /// <param name="device">The device it is evaluated on.</param>
    /// <param name="parameterCount">P.</param>
    protected Objective(Device device, int parameterCount)
    {
        Device = device;
        ParameterCount = parameterCount;
    }

    /// <summary>The device the objective is evaluated on.</summary>
    public Device Device { get; }

    /// <summary>P, the length of θ.</summary>
    public int ParameterCount { get; }

    /// <summary>Evaluates loss and gradient.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="gradient">∇L(θ), [P], written.</param>
    /// <param name="loss">L(θ), [1], written.</param>
    public void Gradient(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        evaluations++;
        Evaluate(parameters, gradient, loss);
    }

    /// <summary>Evaluates loss and gradient, and keeps what products at this θ need.</summary>
    /// <param name="parameters">θ, [P]; must not change while the linearization is used.</param>
    /// <param name="gradient">∇L(θ), [P], written.</param>
    /// <param name="loss">L(θ), [1], written.</param>
    public Linearization Linearize(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        Gradient(parameters, gradient, loss);
        return new Linearization(this, parameters, evaluations);
    }

    /// <summary>Frees the objective's memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws if an evaluation has taken the place of a linearization.</summary>
    /// <param name="evaluation">The evaluation that made it.</param>
    internal void RequireCurrent(int evaluation)
    {
        if (evaluation != evaluations)
        {
            throw new InvalidOperationException("The objective was evaluated again after this linearization was made. Linearize anew.");
        }
    }

    /// <summary>Ends the linearization that there may be: the function has changed.</summary>
    protected void Invalidate() => evaluations++;

    /// <summary>Evaluates loss and gradient.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="gradient">∇L(θ), [P], written.</param>
    /// <param name="loss">L(θ), [1], written.</param>
    protected abstract void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss);

    /// <summary>Products of the Hessian at the θ of the last evaluation.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="directions">[K, P].</param>
    /// <param name="products">[K, P], written.</param>
    /// <param name="count">K.</param>
    protected internal abstract void HessianProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count);

    /// <summary>Products of the Gauss-Newton matrix at the θ of the last evaluation.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="directions">[K, P].</param>
    /// <param name="products">[K, P], written.</param>
    /// <param name="count">K.</param>
    protected internal abstract void GaussNewtonProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count);

    /// <summary>Frees the objective's memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called, not the finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
