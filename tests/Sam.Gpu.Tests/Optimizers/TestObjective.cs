using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Optimizers;

/// <summary>An objective of a few numbers whose loss and gradient are computed on the host.</summary>
/// <param name="device">The device.</param>
/// <param name="dimension">P.</param>
/// <param name="evaluate">Loss and gradient.</param>
internal sealed class TestObjective(Device device, int dimension, Func<double[], (double Loss, double[] Gradient)> evaluate)
    : Objective(device, dimension)
{
    protected override void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        var (value, slope) = evaluate(Device.Read(parameters));
        Device.Upload([value], loss);
        Device.Upload(slope.AsSpan(), gradient);
    }

    protected internal override void HessianProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count) =>
        throw new NotSupportedException();

    protected internal override void GaussNewtonProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count) =>
        throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
    }
}
