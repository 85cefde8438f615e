using Sam.Gpu.Devices;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

public sealed class DeviceCatalogTests
{
    private static readonly DeviceDescription Cuda = Describe("cuda:0", DeviceKind.Cuda, true);
    private static readonly DeviceDescription Gpu = Describe("opencl:0", DeviceKind.OpenClGpu, false);
    private static readonly DeviceDescription Other = Describe("opencl:1", DeviceKind.OpenClOther, true);
    private static readonly DeviceDescription Simulator = Describe("ilgpu-cpu", DeviceKind.IlgpuCpu, true);

    [Fact]
    public void Auto_prefers_CUDA_then_GPUs_of_OpenCL_then_the_processor()
    {
        Assert.Equal("cuda:0", Of(Gpu, Other, Cuda, Simulator).Find("auto").Id);
        Assert.Equal("opencl:0", Of(Other, Gpu, Simulator).Find("auto").Id);
        Assert.Equal("cpu", Of(Other, Simulator).Find("auto").Id);
        Assert.Equal("cpu", new DeviceCatalog([]).Find("auto").Id);
    }

    [Fact]
    public void Auto_passes_over_devices_that_do_not_compute_in_double() =>
        Assert.Equal("cpu", Of(Gpu, Other).Find("auto", Precision.Double).Id);

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:0", "cuda:0")]
    [InlineData("opencl", "opencl:0")]
    [InlineData("opencl:1", "opencl:1")]
    [InlineData("ilgpu-cpu", "ilgpu-cpu")]
    public void A_name_is_its_device(string name, string id) => Assert.Equal(id, Of(Cuda, Gpu, Other, Simulator).Find(name).Id);

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:1")]
    [InlineData("opencl:2")]
    public void A_named_device_that_is_not_there_is_an_error_that_lists_those_that_are(string name)
    {
        var exception = Assert.Throws<DeviceException>(() => Of(Gpu, Other).Find(name));

        Assert.StartsWith($"--device {name}: this machine has no such device.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cpu, opencl:0, opencl:1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_way_to_a_device_is_missing_the_error_says_why()
    {
        var catalog = new DeviceCatalog(new Provider([], "the package is missing; run tools/packages"));

        var exception = Assert.Throws<DeviceException>(() => catalog.Find("opencl"));

        Assert.Contains("the package is missing; run tools/packages", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cudo", "Did you mean 'cuda'?")]
    [InlineData("gpu", "Allowed: auto, cpu, cuda, opencl, ilgpu-cpu.")]
    [InlineData("cuda:", "I counting from 0")]
    [InlineData("cuda:x", "I counting from 0")]
    [InlineData("cpu:0", "I counting from 0")]
    public void What_is_no_name_is_an_error_with_what_is_allowed(string name, string hint) =>
        Assert.Contains(hint, Assert.Throws<UsageException>(() => Of(Cuda).Find(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_driver_that_does_not_start_keeps_the_processor_from_nothing()
    {
        var catalog = new DeviceCatalog(new Provider(null, null));

        Assert.Equal("cpu", catalog.Find("cpu").Id);
        Assert.Throws<InvalidOperationException>(() => catalog.Find("auto"));
    }

    [Fact]
    public void A_processor_has_our_products_only()
    {
        var catalog = new DeviceCatalog([]);
        var cpu = catalog.Find("cpu");

        Assert.Contains(
            "--matmul portable",
            Assert.Throws<DeviceException>(() => catalog.Create(cpu, new DeviceOptions { Products = MatrixProducts.Vendor })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "--matmul-precision fp32",
            Assert.Throws<DeviceException>(() => catalog.Create(cpu, new DeviceOptions { AllowsTf32 = true })).Message,
            StringComparison.Ordinal);
    }

    private static DeviceCatalog Of(params DeviceDescription[] devices) => new(new Provider(devices, null));

    private static DeviceDescription Describe(string id, DeviceKind kind, bool supportsDouble) =>
        new() { Id = id, Kind = kind, Name = id, Memory = 1, Driver = "", SupportsDouble = supportsDouble };

    // Null for devices: looking for them fails.
    private sealed class Provider(DeviceDescription[]? devices, string? missing) : IDeviceProvider
    {
        public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.Cuda, DeviceKind.OpenClGpu, DeviceKind.OpenClOther, DeviceKind.IlgpuCpu];

        public string? Missing => missing;

        public IReadOnlyList<DeviceDescription> List() => devices ?? throw new InvalidOperationException("no driver");

        public Device Create(DeviceDescription description, DeviceOptions options) => throw new NotSupportedException();
    }
}
