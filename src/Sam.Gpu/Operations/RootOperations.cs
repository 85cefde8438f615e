using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Roots of vectors, element by element.</summary>
public static class RootOperations
{
    /// <summary>resultᵢ = 1/√xᵢ; infinite at 0, NaN below. May work in place.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The vector.</param>
    /// <param name="result">The inverse roots; as long.</param>
    public static void InverseSquareRoot(this Device device, DeviceSpan x, DeviceSpan result)
    {
        Require.Length(result, x.Length);
        device.Execute(new InverseSquareRootOperation(x, result));
    }

    private readonly struct InverseSquareRootOperation(DeviceSpan x, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new InverseSquareRoot<B, V>(device.Buffer(x), device.Buffer(result)), x.Length);
    }
}
