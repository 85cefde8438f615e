using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives;

/// <summary>An objective at one θ, ready for products with its second derivatives.</summary>
public sealed class Linearization
{
    private readonly DeviceSpan parameters;
    private readonly int evaluation;

    internal Linearization(Objective objective, DeviceSpan parameters, int evaluation)
    {
        Objective = objective;
        this.parameters = parameters;
        this.evaluation = evaluation;
    }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>Products of the Hessian with a block of vectors.</summary>
    /// <param name="directions">[K, P].</param>
    /// <param name="products">[K, P], written; does not overlap the directions.</param>
    /// <param name="count">K ≥ 1.</param>
    /// <exception cref="InvalidOperationException">The objective was evaluated since.</exception>
    public void HessianProducts(DeviceSpan directions, DeviceSpan products, int count)
    {
        Objective.RequireCurrent(evaluation);
        Objective.HessianProducts(parameters, directions, products, count);
    }

    /// <summary>Products of the Gauss-Newton matrix Jᵀ (∇²loss) J with a block of vectors, J the Jacobian of the outputs.</summary>
    /// <param name="directions">[K, P].</param>
    /// <param name="products">[K, P], written; does not overlap the directions.</param>
    /// <param name="count">K ≥ 1.</param>
    /// <exception cref="InvalidOperationException">The objective was evaluated since.</exception>
    public void GaussNewtonProducts(DeviceSpan directions, DeviceSpan products, int count)
    {
        Objective.RequireCurrent(evaluation);
        Objective.GaussNewtonProducts(parameters, directions, products, count);
    }
}
