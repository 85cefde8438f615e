using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>P^(−1/2) A P^(−1/2) for a symmetric operator A and a positive diagonal P: symmetric, with the eigenvalues of P⁻¹A.</summary>
/// <remarks>
/// With the Hessian for A its largest eigenvalue is the preconditioned sharpness, which an adaptive optimizer holds at its edge
/// (Cohen et al., "Adaptive Gradient Methods at the Edge of Stability", 2022). If y is an eigenvector of it, P^(−1/2) y is one of P⁻¹A.
/// A P that is not positive and finite makes products that are not finite, which an <see cref="Eigensolver"/> reports.
/// </remarks>
public sealed class PreconditionedOperator : ILinearOperator, IDisposable
{
    private readonly int largestBlock;
    private readonly DeviceMemory inverseRoots;
    private readonly DeviceMemory scaled;
    private ILinearOperator? inner;

    /// <summary>Allocates the device memory; <see cref="Set"/> gives A and P before there is a product.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dimension">P, ≥ 1.</param>
    /// <param name="largestBlock">The most vectors in a block, such as <see cref="Eigensolver.LargestBlock"/>.</param>
    public PreconditionedOperator(Device device, int dimension, int largestBlock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBlock, 1);
        Device = device;
        Dimension = dimension;
        this.largestBlock = largestBlock;
        inverseRoots = device.Allocate(dimension, "inverse roots of the preconditioner");
        scaled = device.Allocate(largestBlock * dimension, "preconditioned block");
    }

    /// <summary>Creates the operator and allocates its device memory.</summary>
    /// <param name="inner">A; it is not owned.</param>
    /// <param name="preconditioner">The diagonal of P, [P], all above 0; it is read now.</param>
    /// <param name="largestBlock">The most vectors in a block, such as <see cref="Eigensolver.LargestBlock"/>.</param>
    public PreconditionedOperator(ILinearOperator inner, DeviceSpan preconditioner, int largestBlock)
        : this(inner.Device, inner.Dimension, largestBlock) => Set(inner, preconditioner);

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>Takes an A and a P, such as those of a later step.</summary>
    /// <param name="other">A, on the same device, of the same dimension.</param>
    /// <param name="preconditioner">The diagonal of P, [P], all above 0; it is read now.</param>
    /// <exception cref="ArgumentException">The device or the dimension differs.</exception>
    public void Set(ILinearOperator other, DeviceSpan preconditioner)
    {
        if (other.Device != Device || other.Dimension != Dimension)
        {
            throw new ArgumentException(
                $"The operator has dimension {other.Dimension} on '{other.Device.Name}', not {Dimension} on '{Device.Name}'.");
        }

        inner = other;
        Device.InverseSquareRoot(preconditioner, inverseRoots.Span);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no A yet.</exception>
    public void Apply(DeviceSpan block, DeviceSpan products, int count)
    {
        var linear = inner ?? throw new InvalidOperationException($"Call {nameof(Set)} first: there is no operator to precondition yet.");
        for (int first = 0; first < count; first += largestBlock)
        {
            int part = Math.Min(largestBlock, count - first);
            var (source, middle) = (block.Slice(first * Dimension, part * Dimension), scaled.Span.Slice(0, part * Dimension));
            var target = products.Slice(first * Dimension, part * Dimension);
            Scale(source, middle, part);
            linear.Apply(middle, target, part);
            Scale(target, target, part);
        }
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        inverseRoots.Dispose();
        scaled.Dispose();
    }

    private void Scale(DeviceSpan block, DeviceSpan result, int count)
    {
        for (int k = 0; k < count; k++)
        {
            Device.Multiply(inverseRoots.Span, block.Slice(k * Dimension, Dimension), result.Slice(k * Dimension, Dimension));
        }
    }
}
