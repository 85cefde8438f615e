using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>Makes devices that run kernels as the thread groups of a GPU would, and check what they do.</summary>
public static class EmulatedDevice
{
    /// <summary>An emulated device.</summary>
    /// <param name="precision">The numbers it computes with.</param>
    /// <param name="groupSize">The threads of a group, ≥ 1; a tile kernel brings its own number.</param>
    public static Device Create(Precision precision, int groupSize) =>
        precision == Precision.Double ? new EmulatedDevice<Double1>(groupSize) : new EmulatedDevice<Float1>(groupSize);
}

/// <summary>A device that runs every kernel as the thread groups of a GPU would, and checks what it does.</summary>
/// <remarks>
/// <para>These mistakes end a launch with a <see cref="KernelFaultException"/>, after which the device can be used again:</para>
/// <list type="bullet">
/// <item>an access outside the span of a buffer, or with a count that a wider lane would follow out of it;</item>
/// <item>a read of a number that was never written since it was allocated, or, in shared memory, in the same tile; of freed memory;</item>
/// <item>a data race: two threads touch a number, at least one writes it, and nothing orders the two;</item>
/// <item>divergence: not all threads of a group reach the same collectives;</item>
/// <item>a tile kernel that asks for a team or for shared memory which not every GPU has;</item>
/// <item>an exception that the kernel lets escape.</item>
/// </list>
/// <para>Downloads and copies are checked for unwritten numbers as well.</para>
/// <para>
/// Scratch memory is new and unwritten at each call, and the one before it is freed: an operation that counts on what an earlier one left
/// there, or keeps it for a later one, is found.
/// </para>
/// <para>
/// A group is host threads with real barriers, one a rank; they take the groups of a launch one after the other. Faults do not depend on
/// chance: the same program gives the same message.
/// </para>
/// </remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
public sealed class EmulatedDevice<V> : GroupDevice<V, CheckedBuffer<V>>
    where V : unmanaged, ILane<V>
{
    private readonly ThreadGroup group;

    // For tile kernels, by size, and started when the first such kernel is.
    private readonly Dictionary<int, ThreadGroup> tileGroups = [];
    private DeviceMemory? scratch;
    private int operations;
    private bool isDisposed;

    /// <summary>Creates the device.</summary>
    /// <param name="groupSize">The threads of a group, ≥ 1; a tile kernel brings its own number.</param>
    public EmulatedDevice(int groupSize)
        : base($"emulated, groups of {groupSize}")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        group = new ThreadGroup(groupSize);
    }

    /// <inheritdoc/>
    public override long Memory => long.MaxValue;

    /// <inheritdoc/>
    public override bool SharesHostMemory => false;

    /// <summary>The host threads that the device has started and that still live.</summary>
    public int LiveThreads => group.LiveThreads + tileGroups.Values.Sum(tileGroup => tileGroup.LiveThreads);

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return new EmulatedMemory<V>(this, name, length);
    }

    /// <inheritdoc/>
    /// <exception cref="KernelFaultException">The memory is freed.</exception>
    public override CheckedBuffer<V> Buffer(DeviceSpan span) =>
        span.Memory is null ? default : new CheckedBuffer<V>(MemoryOf(span, nameof(Buffer)), span.Offset, span.Length);

    /// <inheritdoc/>
    public override DeviceSpan Scratch(int length)
    {
        scratch?.Dispose();
        scratch = Allocate(length, "scratch");
        return scratch.Span;
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        var target = Elements(destination, nameof(Upload));
        var write = new MemoryAccess(++operations, 0, 0, 0);
        for (int i = 0; i < target.Length; i++)
        {
            target[i].Number = source[i];
            target[i].Shadow.TryWrite(write, out _, out _);
        }
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination)
    {
        double[] numbers = new double[source.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = source[i];
        }

        Upload(numbers, destination);
    }

    /// <inheritdoc/>
    public override void Download(DeviceSpan source, Span<double> destination)
    {
        CheckLengths(destination.Length, source);
        var numbers = WrittenElements(source, nameof(Download));
        for (int i = 0; i < numbers.Length; i++)
        {
            destination[i] = numbers[i].Number;
        }
    }

    /// <inheritdoc/>
    public override void Copy(DeviceSpan source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (source.Length > 0 && source.Memory == destination.Memory && Math.Abs(source.Offset - destination.Offset) < source.Length)
        {
            throw new KernelFaultException(
                $"{nameof(Copy)}: the source at {source.Offset} and the destination at {destination.Offset} of '{source.Memory?.Name}', "
                + $"{source.Length} numbers each, overlap.");
        }

        var numbers = WrittenElements(source, nameof(Copy));
        var target = Elements(destination, nameof(Copy));
        var write = new MemoryAccess(++operations, 0, 0, 0);
        for (int i = 0; i < numbers.Length; i++)
        {
            target[i].Value = numbers[i].Value;
            target[i].Shadow.TryWrite(write, out _, out _);
        }
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override void LaunchElements<K>(in K kernel, int length)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        group.Run(new ElementLaunch<K>(++operations, kernel, length, group.Size));
    }

    /// <inheritdoc/>
    public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        group.Run(new RowLaunch<K, V>(++operations, kernel, rows, group.Size));
    }

    /// <inheritdoc/>
    public override void LaunchTiles<K>(in K kernel, int tiles)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(tiles);
        TileLaunch<K, V>.CheckTeam();
        if (!tileGroups.TryGetValue(K.TeamSize, out var tileGroup))
        {
            tileGroup = new ThreadGroup(K.TeamSize);
            tileGroups.Add(K.TeamSize, tileGroup);
        }

        tileGroup.Run(new TileLaunch<K, V>(++operations, kernel, tiles));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !isDisposed)
        {
            isDisposed = true;
            scratch?.Dispose();
            group.Dispose();
            foreach (var tileGroup in tileGroups.Values)
            {
                tileGroup.Dispose();
            }
        }
    }

    private EmulatedMemory<V> MemoryOf(DeviceSpan span, string operation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (span.Memory is not EmulatedMemory<V> memory || memory.Device != this)
        {
            throw new ArgumentException($"'{span.Memory?.Name}' is memory of another device.");
        }

        return memory.Elements is not null
            ? memory
            : throw new KernelFaultException($"{operation}: the memory of buffer '{memory.Name}' is freed.");
    }

    private Span<EmulatedMemory<V>.Element> Elements(DeviceSpan span, string operation) =>
        span.Memory is null ? [] : MemoryOf(span, operation).Elements.AsSpan(span.Offset, span.Length);

    private ReadOnlySpan<EmulatedMemory<V>.Element> WrittenElements(DeviceSpan span, string operation)
    {
        var elements = Elements(span, operation);
        for (int i = 0; i < elements.Length; i++)
        {
            if (!elements[i].Shadow.IsWritten)
            {
                throw new KernelFaultException(
                    $"{operation}: a load on buffer '{span.Memory!.Name}' at index {i} ({span.Offset + i} in its memory), "
                    + "which was never written since it was allocated.");
            }
        }

        return elements;
    }
}
