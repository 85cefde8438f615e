using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Tests.Curvature;

/// <summary>A diagonal matrix of any size, multiplied on the host; what it returns can be spoilt.</summary>
internal sealed class DiagonalOperator(Device device, double[] diagonal) : ILinearOperator
{
    private double[] numbers = [];

    public Device Device => device;

    public int Dimension => diagonal.Length;

    /// <summary>Changes the products of a block, if set.</summary>
    public Action<double[]>? Spoil { get; init; }

    public void Apply(DeviceSpan block, DeviceSpan products, int count)
    {
        if (numbers.Length != block.Length)
        {
            numbers = new double[block.Length];
        }

        device.Download(block, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] *= diagonal[i % diagonal.Length];
        }

        Spoil?.Invoke(numbers);
        device.Upload(numbers, products);
    }
}
