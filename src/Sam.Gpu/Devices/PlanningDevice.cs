namespace Sam.Gpu.Devices;

/// <summary>A device without memory that computes nothing: it adds up what would be allocated, to know it before anything is.</summary>
/// <param name="precision">The numbers that it would compute with.</param>
/// <param name="memory">The memory that it would have, in bytes.</param>
internal sealed class PlanningDevice(Precision precision, long memory = long.MaxValue) : Device("plan", precision)
{
    private long used;

    /// <summary>The most memory that was allocated at a time, in bytes.</summary>
    public long Peak { get; private set; }

    /// <inheritdoc/>
    public override long Memory => memory;

    /// <inheritdoc/>
    public override bool SharesHostMemory => false;

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name)
    {
        used += (long)length * ElementSize;
        Peak = Math.Max(Peak, used);
        return new Planned(this, name, length);
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination) => CheckLengths(source.Length, destination);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination) => CheckLengths(source.Length, destination);

    /// <inheritdoc/>
    public override void Download(DeviceSpan source, Span<double> destination) => throw new InvalidOperationException("A plan has no numbers.");

    /// <inheritdoc/>
    public override void Copy(DeviceSpan source, DeviceSpan destination) => CheckLengths(source.Length, destination);

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override void Execute<O>(in O operation)
    {
    }

    /// <inheritdoc/>
    protected override void MultiplyChecked(in DeviceProduct product)
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Planned(PlanningDevice device, string name, int length) : DeviceMemory(device, name, length)
    {
        private bool isFreed;

        protected override void Dispose(bool disposing)
        {
            if (!isFreed)
            {
                isFreed = true;
                device.used -= (long)Length * device.ElementSize;
            }
        }
    }
}
