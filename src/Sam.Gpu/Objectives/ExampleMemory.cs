using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary>Inputs and targets of N examples in a device's memory.</summary>
internal sealed class ExampleMemory : IDisposable
{
    // Rows converted at a time: bounds the host memory of the copy.
    private const int Piece = 1024;

    private readonly DataSet data;
    private readonly Device device;
    private readonly DeviceMemory inputs;
    private readonly DeviceMemory targets;
    private readonly float[] floats;
    private readonly double[] doubles;
    private DeviceMemory? numbers;
    private readonly float[] numberStaging;
    private bool isLoaded;

    /// <summary>Allocates memory for examples of a data set; nothing is loaded yet.</summary>
    public ExampleMemory(Device device, DataSet data, int count)
    {
        this.device = device;
        this.data = data;
        Count = count;
        inputs = Allocate(device, data.Features, "inputs");
        targets = Allocate(device, data.Targets.Columns, "targets");
        int staging = Math.Min(Piece, count) * Math.Max(data.Features, data.Targets.Columns);
        floats = new float[device.Precision == Precision.Float ? staging : 0];
        doubles = new double[device.Precision == Precision.Double ? staging : 0];
        numberStaging = new float[count];
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>Keeps the numbers of the examples in the data set on the device from now on.</summary>
    /// <exception cref="UsageException">There are more examples than a float counts.</exception>
    public void KeepNumbers()
    {
        RequireCountable(data);
        numbers ??= device.Allocate(Count, "numbers of the examples");
        device.Upload(numberStaging, numbers.Span);
    }

    /// <summary>Throws where the numbers of the examples are no whole numbers of a float.</summary>
    public static void RequireCountable(DataSet data)
    {
        if (data.Examples > 1 << 24)
        {
            throw new UsageException(
                $"{data.Name} has {data.Examples} examples; this optimizer tells {1 << 24} apart. Give fewer --examples.");
        }
    }

    /// <summary>Takes examples of another memory by their places in it.</summary>
    public void Gather(ExampleMemory from, DeviceSpan places)
    {
        isLoaded = true;
        device.GatherRows(from.inputs.Span, places, data.Features, inputs.Span);
        device.GatherRows(from.targets.Span, places, data.Targets.Columns, targets.Span);
    }

    /// <summary>The numbers in the data set of some consecutive examples, [count]; after <see cref="KeepNumbers"/>.</summary>
    public DeviceSpan Numbers(int first, int count) => numbers!.Span.Slice(first, count);

    /// <summary>Loads the first N examples if none are loaded yet.</summary>
    public void EnsureLoaded()
    {
        if (!isLoaded)
        {
            Load([]);
        }
    }

    /// <summary>Loads N examples by their numbers.</summary>
    public void Load(ReadOnlySpan<int> rows)
    {
        isLoaded = true;
        for (int i = 0; i < Count; i++)
        {
            numberStaging[i] = rows.IsEmpty ? i : rows[i];
        }

        if (numbers is not null)
        {
            device.Upload(numberStaging, numbers.Span);
        }

        for (int first = 0; first < Count; first += Piece)
        {
            int count = Math.Min(Piece, Count - first);
            var part = rows.IsEmpty ? rows : rows.Slice(first, count);
            Load(data.Inputs, part, first, Inputs(first, count));
            Load(data.Targets, part, first, Targets(first, count));
        }
    }

    /// <summary>The inputs of some consecutive examples, [count, features].</summary>
    public DeviceSpan Inputs(int first, int count) => inputs.Span.Slice(first * data.Features, count * data.Features);

    /// <summary>The targets of some consecutive examples, [count, outputs], or [count, positions] of sequences.</summary>
    public DeviceSpan Targets(int first, int count) => targets.Span.Slice(first * data.Targets.Columns, count * data.Targets.Columns);

    public void Dispose()
    {
        inputs.Dispose();
        targets.Dispose();
        numbers?.Dispose();
    }

    private DeviceMemory Allocate(Device device, int columns, string name)
    {
        long length = (long)Count * columns;
        return length <= int.MaxValue
            ? device.Allocate((int)length, name)
            : throw new UsageException($"{Count} examples of {columns} {name} are {length} numbers; at most {int.MaxValue} fit. Give fewer --examples.");
    }

    private void Load(ExampleMatrix matrix, ReadOnlySpan<int> rows, int first, DeviceSpan destination)
    {
        if (floats.Length > 0)
        {
            var numbers = floats.AsSpan(0, destination.Length);
            Copy(matrix, rows, first, numbers);
            destination.Memory!.Device.Upload(numbers, destination);
        }
        else
        {
            var numbers = doubles.AsSpan(0, destination.Length);
            Copy(matrix, rows, first, numbers);
            destination.Memory!.Device.Upload(numbers, destination);
        }
    }

    private static void Copy<T>(ExampleMatrix matrix, ReadOnlySpan<int> rows, int first, Span<T> destination)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (rows.IsEmpty)
        {
            matrix.CopyRows(first, destination.Length / matrix.Columns, destination);
        }
        else
        {
            matrix.CopyRows(rows, destination);
        }
    }
}
