using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Operations on whole vectors, element by element. All may work in place.</summary>
public static class VectorOperations
{
    /// <summary>xᵢ = value.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The vector.</param>
    /// <param name="value">The number.</param>
    public static void Fill(this Device device, DeviceSpan x, double value) => device.Execute(new FillOperation(x, value));

    /// <summary>resultᵢ = factor · xᵢ.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The vector.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="result">The multiple; as long.</param>
    public static void Scale(this Device device, DeviceSpan x, double factor, DeviceSpan result)
    {
        Require.Length(result, x.Length);
        device.Execute(new ScaleOperation(x, factor, result));
    }

    /// <summary>resultᵢ = yᵢ + factor · xᵢ, rounded once.</summary>
    /// <param name="device">The device.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="x">The vector that is scaled.</param>
    /// <param name="y">The vector that is added to; as long.</param>
    /// <param name="result">The sum; as long.</param>
    public static void AddScaled(this Device device, double factor, DeviceSpan x, DeviceSpan y, DeviceSpan result)
    {
        Require.Length(y, x.Length);
        Require.Length(result, x.Length);
        device.Execute(new AddScaledOperation(factor, x, y, result));
    }

    /// <summary>resultᵢ = xᵢ · yᵢ.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector; as long.</param>
    /// <param name="result">The products; as long.</param>
    public static void Multiply(this Device device, DeviceSpan x, DeviceSpan y, DeviceSpan result)
    {
        Require.Length(y, x.Length);
        Require.Length(result, x.Length);
        device.Execute(new MultiplyOperation(x, y, result));
    }

    private readonly struct FillOperation(DeviceSpan x, double value) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new Fill<B, V>(device.Buffer(x), V.Constant(value)), x.Length);
    }

    private readonly struct ScaleOperation(DeviceSpan x, double factor, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new Scale<B, V>(device.Buffer(x), V.Constant(factor), device.Buffer(result)), x.Length);
    }

    private readonly struct AddScaledOperation(double factor, DeviceSpan x, DeviceSpan y, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new AddScaled<B, V>(device.Buffer(x), V.Constant(factor), device.Buffer(y), device.Buffer(result)), x.Length);
    }

    private readonly struct MultiplyOperation(DeviceSpan x, DeviceSpan y, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new Multiply<B, V>(device.Buffer(x), device.Buffer(y), device.Buffer(result)), x.Length);
    }
}
