using Sam.Gpu.Checks;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Checks;

/// <summary>No kernel is left out of the check of a device.</summary>
public sealed class CheckedKernelsTests
{
    [Fact]
    public void The_check_launches_every_kernel_with_everything_that_it_can_be_generic_over()
    {
        using var device = new RecordingDevice();
        DeviceCheck.Run(device, new CheckOptions { IsThorough = false });

        var kernels = KernelInstances.Find(typeof(IElementKernel).Assembly)
            .SelectMany(kernel => KernelInstances.Close(kernel, typeof(Float1), typeof(HostBuffer<>)));
        string[] missing = [.. kernels.Except(device.Kernels).Select(kernel => $"{kernel}")];

        Assert.True(missing.Length == 0, $"DeviceCheck does not run: {string.Join(", ", missing)}");
        Assert.NotEmpty(device.Kernels);
    }
}
