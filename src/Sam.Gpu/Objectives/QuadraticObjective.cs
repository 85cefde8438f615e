using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary>L(x) = ½ Σ λᵢ xᵢ²: the model on which every edge of stability is derived, with the spectrum given.</summary>
/// <remarks>
/// With η λ₁ &lt; 2, SAM ends in the two-cycle |x₁| = η λ₁ ρ / (2 − η λ₁), where the SAM edge is λ₁ exactly (docs/edges.md).
/// The Gauss-Newton matrix is the Hessian.
/// </remarks>
public sealed class QuadraticObjective : Objective, IThirdDerivative
{
    private readonly DeviceMemory eigenvalues;

    /// <summary>Creates the objective.</summary>
    /// <param name="device">The device.</param>
    /// <param name="eigenvalues">λ, [P].</param>
    public QuadraticObjective(Device device, ReadOnlySpan<double> eigenvalues)
        : base(device, eigenvalues.Length)
    {
        this.eigenvalues = device.Allocate(eigenvalues.Length, "eigenvalues");
        device.Upload(eigenvalues, this.eigenvalues.Span);
    }

    /// <inheritdoc/>
    public void ThirdDerivatives(DeviceSpan parameters, DeviceSpan direction, DeviceSpan block, DeviceSpan result, int count) =>
        Device.Fill(result, 0);

    /// <inheritdoc/>
    protected override void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        Device.Multiply(eigenvalues.Span, parameters, gradient);
        Device.Dot(parameters, gradient, loss);
        Device.Scale(loss, 0.5, loss);
    }

    /// <inheritdoc/>
    protected internal override void HessianProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count)
    {
        for (int k = 0; k < count; k++)
        {
            Device.Multiply(
                eigenvalues.Span, directions.Slice(k * ParameterCount, ParameterCount), products.Slice(k * ParameterCount, ParameterCount));
        }
    }

    /// <inheritdoc/>
    protected internal override void GaussNewtonProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count) =>
        HessianProducts(parameters, directions, products, count);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            eigenvalues.Dispose();
        }
    }
}
