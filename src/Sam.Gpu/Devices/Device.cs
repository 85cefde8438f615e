using Sam.Gpu.Operations;

namespace Sam.Gpu.Devices;

/// <summary>A machine that runs kernels, with memory of its own, in one precision.</summary>
/// <remarks>
/// <para>
/// Operations are queued in order on one stream; only <see cref="Download(DeviceSpan, Span{double})"/> and <see cref="Synchronize"/>
/// wait. Sums have a fixed order: the same input gives the same bits on the same device, whatever the number of threads.
/// </para>
/// <para>
/// The operations themselves are extension methods in <c>Sam.Gpu.Operations</c>, one file each; they reach the kernels through
/// <see cref="Execute{O}"/>. A device is used from one thread at a time.
/// </para>
/// </remarks>
public abstract class Device : IDisposable
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">The name shown to the user.</param>
    /// <param name="precision">The numbers it computes with.</param>
    protected Device(string name, Precision precision)
    {
        Name = name;
        Precision = precision;
    }

    /// <summary>The name shown to the user.</summary>
    public string Name { get; }

    /// <summary>The name without what no result depends on, such as threads: devices of the same one give the same bits.</summary>
    public virtual string Model => Name;

    /// <summary>The numbers the device computes with.</summary>
    public Precision Precision { get; }

    /// <summary>The unit roundoff of the device's numbers: 2⁻²⁴ or 2⁻⁵³.</summary>
    public double UnitRoundoff => Precision == Precision.Double ? 1.0 / (1L << 53) : 1.0 / (1 << 24);

    /// <summary>The size of a number in bytes.</summary>
    public int ElementSize => Precision == Precision.Double ? 8 : 4;

    /// <summary>The memory that can be allocated, in bytes: that of the device, less what others are known to use.</summary>
    public abstract long Memory { get; }

    /// <summary>What some matrix products would work in beside their operands, in bytes.</summary>
    /// <remarks>A device keeps the most that it has needed.</remarks>
    /// <param name="product">The products; their spans may lie on any device.</param>
    public virtual long ProductMemory(in DeviceProduct product) => 0;

    /// <summary>Whose matrix products these are, with version and precision, for the record.</summary>
    public virtual string MatrixProductName => "portable";

    /// <summary>Whether the device's memory is the host's, so that reading a number back waits for nothing.</summary>
    public abstract bool SharesHostMemory { get; }

    /// <summary>Allocates memory. Its contents are undefined until they are written.</summary>
    /// <param name="length">The number of numbers, ≥ 0.</param>
    /// <param name="name">What it will hold, for messages.</param>
    /// <exception cref="DeviceException">The device has not that much memory.</exception>
    public abstract DeviceMemory Allocate(int length, string name);

    /// <summary>Copies numbers to the device, rounded to its precision.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">Where they go; as many.</param>
    public abstract void Upload(ReadOnlySpan<double> source, DeviceSpan destination);

    /// <inheritdoc cref="Upload(ReadOnlySpan{double}, DeviceSpan)"/>
    public abstract void Upload(ReadOnlySpan<float> source, DeviceSpan destination);

    /// <summary>Waits for the operations queued before and copies numbers from the device.</summary>
    /// <param name="source">Where the numbers are.</param>
    /// <param name="destination">Where they go; as many.</param>
    public abstract void Download(DeviceSpan source, Span<double> destination);

    /// <summary>Copies numbers within the device.</summary>
    /// <param name="source">Where the numbers are.</param>
    /// <param name="destination">Where they go; as many. The two do not overlap.</param>
    public abstract void Copy(DeviceSpan source, DeviceSpan destination);

    /// <summary>Waits until every queued operation is done.</summary>
    public abstract void Synchronize();

    /// <summary>Computes matrix products: C = A B, or C += A B, for each matrix of a batch.</summary>
    /// <inheritdoc cref="DeviceProduct(DeviceMatrix, DeviceMatrix, DeviceMatrix, int, bool)"/>
    public void Multiply(DeviceMatrix a, DeviceMatrix b, DeviceMatrix c, int batch = 1, bool accumulate = false) =>
        Multiply(new DeviceProduct(a, b, c, batch, accumulate));

    /// <summary>Computes matrix products.</summary>
    /// <param name="product">The products.</param>
    public void Multiply(in DeviceProduct product)
    {
        if (product.IsEmpty)
        {
            return;
        }

        if (product.Bias.IsEmpty || AddsBias)
        {
            MultiplyChecked(product);
            return;
        }

        MultiplyChecked(product.WithoutBias);
        var c = product.C;
        this.AddBias(c.Span.Slice(0, product.Batch * c.Rows * c.Columns), product.Bias, c.Columns, product.Batch, product.BiasStride);
    }

    /// <summary>Runs an operation: its kernels with the lane and the buffer of this device.</summary>
    /// <typeparam name="O">The operation.</typeparam>
    /// <param name="operation">The operation with its operands.</param>
    public abstract void Execute<O>(in O operation)
        where O : struct, IOperation;

    /// <summary>Frees what the device holds; the memory allocated on it as well.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws where numbers on the host and a span do not have the same length: for the copies to and from the device.</summary>
    /// <param name="length">The numbers on the host.</param>
    /// <param name="span">The span.</param>
    /// <exception cref="ArgumentException">They differ.</exception>
    protected static void CheckLengths(int length, DeviceSpan span)
    {
        if (length != span.Length)
        {
            throw new ArgumentException($"{length} numbers do not fit the span of {span.Length} numbers of '{span.Memory?.Name}'.");
        }
    }

    /// <summary>Whether <see cref="MultiplyChecked"/> adds the bias; else it is not given one.</summary>
    protected virtual bool AddsBias => false;

    /// <summary>Computes matrix products, at least one number.</summary>
    /// <param name="product">The products.</param>
    protected abstract void MultiplyChecked(in DeviceProduct product);

    /// <summary>Frees what the device holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called, not the finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
