using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>A function of lanes over whole vectors.</summary>
/// <typeparam name="F">The function.</typeparam>
internal static class FunctionOperations<F>
    where F : struct, IFunction
{
    /// <summary>resultᵢ = f(xᵢ, yᵢ, zᵢ).</summary>
    public static void Apply(Device device, DeviceSpan x, DeviceSpan y, DeviceSpan z, DeviceSpan result)
    {
        Require.Length(y, x.Length);
        Require.Length(z, x.Length);
        Require.Length(result, x.Length);
        device.Execute(new ApplyOperation(x, y, z, result));
    }

    private readonly struct ApplyOperation(DeviceSpan x, DeviceSpan y, DeviceSpan z, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new ApplyFunction<B, V, F>(device.Buffer(x), device.Buffer(y), device.Buffer(z), device.Buffer(result)), x.Length);
    }
}
