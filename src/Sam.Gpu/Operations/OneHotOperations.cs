using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Classes as rows of zeros and a one. N rows, C classes.</summary>
public static class OneHotOperations
{
    /// <summary>result[n, c] = 1 where c is the class of n, else 0.</summary>
    /// <param name="device">The device.</param>
    /// <param name="classes">Whole numbers, [N].</param>
    /// <param name="columns">C.</param>
    /// <param name="result">[N, C].</param>
    public static void OneHot(this Device device, DeviceSpan classes, int columns, DeviceSpan result)
    {
        Require.Length(result, (long)classes.Length * columns);
        device.Execute(new Operation(classes, columns, result));
    }

    private readonly struct Operation(DeviceSpan classes, int columns, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(new OneHot<B, V>(device.Buffer(classes), device.Buffer(result), columns), classes.Length, columns);
    }
}
