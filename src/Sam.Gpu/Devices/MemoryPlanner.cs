using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>Adds up what would be allocated on a device, to know it before anything is.</summary>
/// <remarks>
/// What allocates is given <see cref="Device"/>, which has no memory and computes nothing. Operations on it are taken apart down to their
/// launches, so that it also knows what they would work in.
/// </remarks>
internal sealed class MemoryPlanner : IDisposable
{
    private readonly Device? target;
    private long used;
    private long product;
    private long scratch;

    /// <summary>Plans for a device.</summary>
    /// <param name="target">The device.</param>
    public MemoryPlanner(Device target)
        : this(target.Precision) => this.target = target;

    /// <summary>Plans for a device with any memory, whose matrix products work in nothing beside their operands.</summary>
    /// <param name="precision">The numbers that it would compute with.</param>
    public MemoryPlanner(Precision precision) =>
        Device = precision == Precision.Double ? new Planning<Simd128<double>>(this) : new Planning<Simd128<float>>(this);

    /// <summary>The device without memory. Reading from it is an error.</summary>
    public Device Device { get; }

    /// <summary>The most memory that was allocated at a time, in bytes.</summary>
    public long Peak { get; private set; }

    /// <summary>The most that the operations so far would work in beside their operands, in bytes.</summary>
    public long Working => product + scratch;

    /// <summary>What is needed of what has been allocated so far and of what the operations of a rehearsal would work in, in bytes.</summary>
    /// <param name="rehearse">Goes through the operations; what it allocates for itself does not count.</param>
    public long Needed(Action rehearse)
    {
        long allocated = Peak;
        rehearse();
        return allocated + Working;
    }

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();

    private sealed class Planning<V>(MemoryPlanner plan) : KernelDevice<V, HostBuffer<V>>("plan")
        where V : unmanaged, IHostLane<V>
    {
        public override long Memory => plan.target?.Memory ?? long.MaxValue;

        public override bool SharesHostMemory => false;

        protected override bool AddsBias => true;

        public override DeviceMemory Allocate(int length, string name)
        {
            plan.used += (long)length * ElementSize;
            plan.Peak = Math.Max(plan.Peak, plan.used);
            return new Planned(this, name, length, () => plan.used -= (long)length * ElementSize);
        }

        public override HostBuffer<V> Buffer(DeviceSpan span) => default;

        public override DeviceSpan Scratch(int length)
        {
            plan.scratch = Math.Max(plan.scratch, (long)length * ElementSize);
            return new Planned(this, "scratch", length, () => { }).Span;
        }

        public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination) => CheckLengths(source.Length, destination);

        public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination) => CheckLengths(source.Length, destination);

        public override void Download(DeviceSpan source, Span<double> destination) => throw new InvalidOperationException("A plan has no numbers.");

        public override void Copy(DeviceSpan source, DeviceSpan destination) => CheckLengths(source.Length, destination);

        public override void Synchronize()
        {
        }

        public override void LaunchElements<K>(in K kernel, int length)
        {
        }

        public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
        {
        }

        protected override void MultiplyChecked(in DeviceProduct product) =>
            plan.product = Math.Max(plan.product, plan.target?.ProductMemory(product) ?? 0);
    }

    private sealed class Planned(Device device, string name, int length, Action free) : DeviceMemory(device, name, length)
    {
        private bool isFreed;

        protected override void Dispose(bool disposing)
        {
            if (!isFreed)
            {
                isFreed = true;
                free();
            }
        }
    }
}
