using System.Diagnostics;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Checks;

/// <summary>Runs operations on a device and, in double, on the reference device, and gathers what differs.</summary>
/// <remarks>
/// The reference is the CPU with lanes of 128 bits, so that even the check of the CPU in double compares two programs. Inputs are rounded
/// to the device's precision first, so that both begin with the same numbers. Every operation runs twice on the device: what the first
/// launch took longer is its compilation, and both must give the same bits.
/// </remarks>
/// <param name="device">The device that is checked.</param>
/// <param name="options">How much.</param>
internal sealed class CheckBench(Device device, CheckOptions options) : IDisposable
{
    private readonly Device reference = new CpuDevice<Simd128<double>>(Environment.ProcessorCount);
    private readonly Dictionary<string, CheckTally> tallies = [];
    private readonly List<CheckTally> order = [];

    /// <summary>An operation on spans that hold the operands.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operands">The operands.</param>
    public delegate void Operation(Device device, DeviceSpan[] operands);

    /// <summary>The precision of the device.</summary>
    public Precision Precision => device.Precision;

    /// <summary>Whether to take many numbers.</summary>
    public bool IsThorough => options.IsThorough;

    /// <summary>What the first launches took beyond the second ones.</summary>
    public TimeSpan FirstLaunches { get; private set; }

    /// <summary>The rows, in the order in which they came.</summary>
    public IReadOnlyList<CheckRow> Rows => [.. order.Select(tally => tally.Row)];

    /// <summary>The bound of an error that a device's roundings make; the reference's own are as large in the same precision.</summary>
    /// <param name="bound">The bound in ulp for exact references.</param>
    public double Allow(double bound) => Precision == Precision.Double ? 2 * bound : bound;

    /// <summary>The row of a name; made where there is none.</summary>
    /// <param name="name">What is compared.</param>
    public CheckTally Row(string name)
    {
        if (!tallies.TryGetValue(name, out var tally))
        {
            tallies[name] = tally = new CheckTally(name);
            order.Add(tally);
        }

        return tally;
    }

    /// <summary>A number rounded to the device's precision.</summary>
    /// <param name="number">The number.</param>
    public double Round(double number) => Precision == Precision.Double ? number : (float)number;

    /// <summary>A stream of random numbers.</summary>
    /// <param name="name">What for.</param>
    public RandomStream Random(string name) => new(options.Seed, $"check {name}");

    /// <summary>Normal numbers, rounded to the device's precision.</summary>
    /// <param name="name">What for.</param>
    /// <param name="count">How many.</param>
    /// <param name="scale">Their standard deviation.</param>
    public double[] Normal(string name, int count, double scale = 1)
    {
        var random = Random(name);
        double[] numbers = new double[count];
        foreach (ref double number in numbers.AsSpan())
        {
            number = Round(scale * random.NextGaussian());
        }

        return numbers;
    }

    /// <summary>The outputs of an operation on the device.</summary>
    /// <param name="what">The operation, for messages.</param>
    /// <param name="operands">The operands, outputs included; they are not changed.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="outputs">Which operands to return.</param>
    public double[][] Run(string what, double[][] operands, Operation operation, params int[] outputs)
    {
        var (first, firstTime) = Execute(device, operands, operation, outputs);
        var (second, secondTime) = Execute(device, operands, operation, outputs);
        FirstLaunches += firstTime > secondTime ? firstTime - secondTime : TimeSpan.Zero;
        var repeated = Row(DeviceCheck.Repetition);
        string Place(int i) => FormattableString.Invariant($"{what}, number {i}: another at the second run");
        for (int o = 0; o < outputs.Length; o++)
        {
            for (int i = 0; i < first[o].Length; i++)
            {
                bool same = BitConverter.DoubleToInt64Bits(first[o][i]) == BitConverter.DoubleToInt64Bits(second[o][i]);
                repeated.Add(same ? 0 : double.PositiveInfinity, 0, Place, i);
            }
        }

        return second;
    }

    /// <summary>The outputs of an operation on the reference device.</summary>
    /// <param name="operands">The operands, outputs included; they are not changed.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="outputs">Which operands to return.</param>
    public double[][] Refer(double[][] operands, Operation operation, params int[] outputs) =>
        Execute(reference, operands, operation, outputs).Outputs;

    /// <summary>Adds an operation with one output whose terms do not cancel, or may by as much as its operands' sizes say.</summary>
    /// <param name="name">The row.</param>
    /// <param name="what">The case.</param>
    /// <param name="bound">The bound in ulp, for <see cref="Allow"/>.</param>
    /// <param name="cancels">Whether an ulp is that of the same operation on the operands' magnitudes: the sum of all terms' sizes.</param>
    /// <param name="operands">The operands, outputs included.</param>
    /// <param name="output">Which operand is the output.</param>
    /// <param name="operation">The operation.</param>
    public void Check(string name, string what, double bound, bool cancels, double[][] operands, int output, Operation operation)
    {
        double[] actual = Run($"{name}, {what}", operands, operation, output)[0];
        double[] expected = Refer(operands, operation, output)[0];
        double[]? sizes = cancels ? Refer([.. operands.Select(Magnitudes)], operation, output)[0] : null;
        Row(name).Add(actual, expected, sizes, Allow(bound), Precision, what);
    }

    /// <inheritdoc/>
    public void Dispose() => reference.Dispose();

    private static double[] Magnitudes(double[] numbers) => [.. numbers.Select(Math.Abs)];

    private static (double[][] Outputs, TimeSpan Time) Execute(Device device, double[][] operands, Operation operation, int[] outputs)
    {
        var memories = new List<DeviceMemory>();
        try
        {
            foreach (double[] numbers in operands)
            {
                var memory = device.Allocate(numbers.Length, "numbers of a check");
                memories.Add(memory);
                device.Upload(numbers.AsSpan(), memory.Span);
            }

            device.Synchronize();
            var watch = Stopwatch.StartNew();
            operation(device, [.. memories.Select(memory => memory.Span)]);
            device.Synchronize();
            var time = watch.Elapsed;
            double[][] results = [.. outputs.Select(output => new double[operands[output].Length])];
            for (int i = 0; i < outputs.Length; i++)
            {
                device.Download(memories[outputs[i]].Span, results[i]);
            }

            return (results, time);
        }
        finally
        {
            memories.ForEach(memory => memory.Dispose());
        }
    }
}
