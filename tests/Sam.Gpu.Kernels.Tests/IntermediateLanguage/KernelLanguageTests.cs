using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>Kernels stay inside what ILGPU compiles: no exceptions, references, statics, virtual calls; no binary64 in binary32.</summary>
public sealed class KernelLanguageTests
{
    public static TheoryData<string> Kernels => [.. KernelInstances.Find(typeof(IElementKernel).Assembly).Select(kernel => kernel.FullName!)];

    [Theory, MemberData(nameof(Kernels))]
    public void A_kernel_compiles_for_devices_of_one_number(string kernel)
    {
        var type = typeof(IElementKernel).Assembly.GetType(kernel, throwOnError: true)!;
        foreach (var lane in new[] { typeof(Float1), typeof(Double1) })
        {
            var instances = KernelInstances.Close(type, lane, typeof(DeviceBuffer<>)).ToList();
            Assert.NotEmpty(instances);
            var faults = instances.SelectMany(instance => KernelChecker.Check(instance, lane)).ToList();
            Assert.True(faults.Count == 0, string.Join('\n', faults));
        }
    }

    [Fact]
    public void Kernels_of_every_kind_are_found()
    {
        var found = KernelInstances.Find(typeof(IElementKernel).Assembly).ToList();

        Assert.Contains(typeof(AddScaled<,>), found);
        Assert.Contains(typeof(SumRow<,>), found);
        Assert.Contains(
            typeof(ActivationForward<DeviceBuffer<Float1>, Float1, Gelu>),
            KernelInstances.Close(typeof(ActivationForward<,,>), typeof(Float1), typeof(DeviceBuffer<>)));
    }
}
