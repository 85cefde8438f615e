using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>Numbers of an optimizer that live from step to step, on the device or the host: a part of what a checkpoint must hold.</summary>
/// <remarks>In double whatever the device's precision, which holds every float exactly: what is read and written back is the same bits.</remarks>
public sealed class StateItem
{
    private readonly Action<Span<double>> read;
    private readonly Action<ReadOnlySpan<double>> write;

    private StateItem(string name, int length, Action<Span<double>> read, Action<ReadOnlySpan<double>> write, Precision precision = Precision.Double)
    {
        Name = name;
        Length = length;
        Precision = precision;
        this.read = read;
        this.write = write;
    }

    /// <summary>The name, unique in its optimizer.</summary>
    public string Name { get; }

    /// <summary>The number of numbers.</summary>
    public int Length { get; }

    /// <summary>The precision that holds the numbers exactly: the device's, or double on the host.</summary>
    public Precision Precision { get; }

    /// <summary>Numbers on a device.</summary>
    /// <param name="name">The name.</param>
    /// <param name="memory">Where they are.</param>
    public static StateItem Of(string name, DeviceMemory memory) =>
        new(
            name, memory.Length, numbers => memory.Device.Download(memory.Span, numbers), numbers => memory.Device.Upload(numbers, memory.Span),
            memory.Device.Precision);

    /// <summary>A number on the host.</summary>
    /// <param name="name">The name.</param>
    /// <param name="get">Reads it.</param>
    /// <param name="set">Writes it.</param>
    public static StateItem Of(string name, Func<double> get, Action<double> set) =>
        new(name, 1, numbers => numbers[0] = get(), numbers => set(numbers[0]));

    /// <summary>Numbers on the host.</summary>
    /// <param name="name">The name.</param>
    /// <param name="length">How many.</param>
    /// <param name="read">Copies them to where it is told.</param>
    /// <param name="write">Takes them from there.</param>
    public static StateItem Of(string name, int length, Action<Span<double>> read, Action<ReadOnlySpan<double>> write) =>
        new(name, length, read, write);

    /// <summary>The same numbers under another name.</summary>
    /// <param name="name">The name.</param>
    public StateItem Named(string name) => new(name, Length, read, write, Precision);

    /// <summary>Reads the numbers; waits for the device.</summary>
    /// <param name="numbers">[<see cref="Length"/>], written.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void Read(Span<double> numbers)
    {
        Check(numbers.Length);
        read(numbers);
    }

    /// <summary>Writes the numbers, as they were read.</summary>
    /// <param name="numbers">[<see cref="Length"/>].</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void Write(ReadOnlySpan<double> numbers)
    {
        Check(numbers.Length);
        write(numbers);
    }

    private void Check(int length)
    {
        if (length != Length)
        {
            throw new ArgumentException($"'{Name}' has {Length} numbers; {length} were given.", nameof(length));
        }
    }
}
