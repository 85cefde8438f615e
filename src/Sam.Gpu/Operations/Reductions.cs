using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Reductions of whole vectors to numbers that stay on the device.</summary>
/// <remarks>
/// Each is two launches: the sums of fixed chunks, then the sum of those. Adding in two levels keeps the rounding error near the unit
/// roundoff times the square root of the length, and the order never depends on the number of threads.
/// </remarks>
public static class Reductions
{
    // Long enough to keep a core busy, short enough that the partial sums of a million numbers are few hundred.
    private const int Chunk = 4096;

    /// <summary>result₀ = Σ xᵢ yᵢ.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector; as long.</param>
    /// <param name="result">The dot product, [1].</param>
    public static void Dot(this Device device, DeviceSpan x, DeviceSpan y, DeviceSpan result)
    {
        Require.Length(y, x.Length);
        Require.Length(result, 1);
        device.Execute(new DotOperation(x, y, result, false));
    }

    /// <summary>result₀ = √(Σ xᵢ²).</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The vector.</param>
    /// <param name="result">The Euclidean norm, [1].</param>
    public static void Norm(this Device device, DeviceSpan x, DeviceSpan result)
    {
        Require.Length(result, 1);
        device.Execute(new DotOperation(x, x, result, true));
    }

    /// <summary>result₀ = Σ xᵢ, or result₀ += Σ xᵢ.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The vector.</param>
    /// <param name="result">The sum, [1].</param>
    /// <param name="accumulate">Whether to add to what <paramref name="result"/> holds.</param>
    public static void Sum(this Device device, DeviceSpan x, DeviceSpan result, bool accumulate = false)
    {
        Require.Length(result, 1);
        device.Execute(new SumOperation(x, result, accumulate));
    }

    private static int Chunks(int length) => Math.Max(1, (length + Chunk - 1) / Chunk);

    private readonly struct DotOperation(DeviceSpan x, DeviceSpan y, DeviceSpan result, bool squareRoot) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            int chunks = Chunks(x.Length);
            B partials = device.Buffer(device.Scratch(chunks));
            device.LaunchRows(new PartialDot<B, V>(device.Buffer(x), device.Buffer(y), partials, x.Length, Chunk), chunks, Chunk);
            device.LaunchRows(new SumRow<B, V>(partials, device.Buffer(result), chunks, squareRoot ? 1 : 0, 0), 1, chunks);
        }
    }

    private readonly struct SumOperation(DeviceSpan x, DeviceSpan result, bool accumulate) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            // Whole chunks are rows of a matrix; what is left is a shorter row of its own.
            int whole = x.Length / Chunk;
            int rest = x.Length - (whole * Chunk);
            DeviceSpan scratch = device.Scratch(whole + 1);
            device.LaunchRows(new SumRow<B, V>(device.Buffer(x), device.Buffer(scratch), Chunk, 0, 0), whole, Chunk);
            device.LaunchRows(
                new SumRow<B, V>(device.Buffer(x.Slice(whole * Chunk)), device.Buffer(scratch.Slice(whole)), rest, 0, 0), 1, rest);
            device.LaunchRows(
                new SumRow<B, V>(device.Buffer(scratch), device.Buffer(result), whole + 1, 0, accumulate ? 1 : 0), 1, whole + 1);
        }
    }
}
