using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>
/// The diagonal block of an operator that belongs to some of the parameters: Mᵀ H M, M [P, d] of the unit vectors of a mask.
/// </summary>
/// <remarks>
/// A product is one with the whole operator, of vectors that are zero outside the mask. So a block costs as much as the whole: what
/// is saved is in what is done with vectors of length d.
/// </remarks>
public sealed class MaskedOperator : ILinearOperator, IDisposable
{
    private readonly ILinearOperator whole;
    private readonly ParameterMask mask;
    private readonly int block;
    private readonly DeviceMemory vectors;
    private readonly DeviceMemory products;

    /// <summary>Creates the block and allocates its device memory.</summary>
    /// <param name="whole">H, symmetric, [P, P].</param>
    /// <param name="mask">Which parameters.</param>
    /// <exception cref="ArgumentException">The mask is that of another number of parameters.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public MaskedOperator(ILinearOperator whole, ParameterMask mask)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.ParameterCount != whole.Dimension)
        {
            throw new ArgumentException(
                $"The mask is one of {mask.ParameterCount} parameters, the operator has {whole.Dimension}.", nameof(mask));
        }

        this.whole = whole;
        this.mask = mask;
        block = Probes.Block(whole.Dimension);
        vectors = Device.Allocate(block * whole.Dimension, "vectors outside the mask");
        try
        {
            products = Device.Allocate(block * whole.Dimension, "products outside the mask");
        }
        catch
        {
            vectors.Dispose();
            throw;
        }

        // What is outside the mask stays zero.
        Device.Fill(vectors.Span, 0);
    }

    /// <inheritdoc/>
    public Device Device => whole.Device;

    /// <summary>d, the length of a vector of the block.</summary>
    public int Dimension => mask.Dimension;

    /// <inheritdoc/>
    public void Apply(DeviceSpan block, DeviceSpan products, int count)
    {
        for (int first = 0; first < count; first += this.block)
        {
            int part = Math.Min(this.block, count - first);
            for (int k = 0; k < part; k++)
            {
                mask.Scatter(Device, block.Slice((first + k) * Dimension, Dimension), Row(vectors, k, 1));
            }

            whole.Apply(Row(vectors, 0, part), Row(this.products, 0, part), part);
            for (int k = 0; k < part; k++)
            {
                mask.Gather(Device, Row(this.products, k, 1), products.Slice((first + k) * Dimension, Dimension));
            }
        }
    }

    /// <summary>Frees the device memory; the whole operator is the caller's.</summary>
    public void Dispose()
    {
        vectors.Dispose();
        products.Dispose();
    }

    private DeviceSpan Row(DeviceMemory memory, int first, int count) =>
        memory.Span.Slice(first * whole.Dimension, count * whole.Dimension);
}
