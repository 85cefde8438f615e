using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.TestSupport;

/// <summary>The devices on which an operation must give its result, by name.</summary>
/// <example>
/// <code>
/// [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
/// public void Adds(string key)
/// {
///     using var device = TestDevices.Create(key);
/// </code>
/// </example>
public static class TestDevices
{
    private static readonly Dictionary<string, Func<Device>> Devices = new()
    {
        ["cpu float 1 thread"] = () => CpuDevice.Create(Precision.Float, 1),
        ["cpu float 2 threads"] = () => CpuDevice.Create(Precision.Float, 2),
        ["cpu double 1 thread"] = () => CpuDevice.Create(Precision.Double, 1),
        ["cpu double 2 threads"] = () => CpuDevice.Create(Precision.Double, 2),
        ["simd128 float"] = () => new CpuDevice<Simd128<float>>(1),
        ["simd128 double"] = () => new CpuDevice<Simd128<double>>(1),
        ["simd256 float"] = () => new CpuDevice<Simd256<float>>(1),
        ["simd256 double"] = () => new CpuDevice<Simd256<double>>(1),
        ["simd512 float"] = () => new CpuDevice<Simd512<float>>(1),
        ["simd512 double"] = () => new CpuDevice<Simd512<double>>(1),
        ["emulated float groups of 1"] = () => EmulatedDevice.Create(Precision.Float, 1),
        ["emulated float groups of 4"] = () => EmulatedDevice.Create(Precision.Float, 4),
        ["emulated float groups of 32"] = () => EmulatedDevice.Create(Precision.Float, 32),
        ["emulated double groups of 1"] = () => EmulatedDevice.Create(Precision.Double, 1),
        ["emulated double groups of 4"] = () => EmulatedDevice.Create(Precision.Double, 4),
        ["emulated double groups of 32"] = () => EmulatedDevice.Create(Precision.Double, 32),
    };

    /// <summary>The names of all devices.</summary>
    public static TheoryData<string> Keys() => [.. Devices.Keys];

    /// <summary>Creates a device; the caller disposes it.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    public static Device Create(string key) => Devices[key]();
}
