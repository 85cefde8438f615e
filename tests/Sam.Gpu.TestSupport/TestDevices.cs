using Sam.Gpu.Devices;
using Sam.Gpu.Ilgpu;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.TestSupport;

/// <summary>The devices on which an operation must give its result, by name: those of every machine, and those that this one has.</summary>
/// <remarks>
/// A machine's own devices are those of ILGPU. The environment variable SAMGPU_TEST_DEVICES, such as <c>opencl,ilgpu-cpu</c>, names
/// devices that must be there: where one is not, creating it fails, and its tests with it. <c>none</c> leaves them all out. They take our
/// own matrix products: those of a vendor keep some of the properties that are tested only, and <c>samgpu check</c> tries them.
/// </remarks>
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
    private const string Variable = "SAMGPU_TEST_DEVICES";

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

    static TestDevices()
    {
        foreach (var (key, create) in OwnDevices())
        {
            Devices[key] = create;
        }
    }

    /// <summary>The devices of this machine, and those that must be there.</summary>
    public static DeviceCatalog Catalog { get; } = new(new IlgpuProvider());

    /// <summary>The names, as <c>--device</c> takes them, of the machine's own devices that tests run on.</summary>
    public static IReadOnlyList<string> Own { get; } = OwnNames();

    /// <summary>The names of all devices.</summary>
    public static TheoryData<string> Keys() => [.. Devices.Keys];

    /// <summary>Creates a device; the caller disposes it.</summary>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    public static Device Create(string key) => Devices[key]();

    private static IReadOnlyList<string> OwnNames()
    {
        string asked = Environment.GetEnvironmentVariable(Variable) ?? "";
        return asked == "none" ? []
            : [.. Catalog.List().Select(device => device.Id).Where(id => id != "cpu").Union(asked.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Full))];
    }

    private static string Full(string name) => name is "cuda" or "opencl" ? $"{name}:0" : name;

    private static IEnumerable<(string Key, Func<Device> Create)> OwnDevices()
    {
        var found = Catalog.List();
        foreach (string name in Own)
        {
            foreach (var precision in (Precision[])[Precision.Float, Precision.Double])
            {
                if (precision == Precision.Float || found.FirstOrDefault(device => device.Id == name)?.SupportsDouble != false)
                {
                    yield return (
                        $"{name} {(precision == Precision.Double ? "double" : "float")}",
                        () => Catalog.Create(Catalog.Find(name), new DeviceOptions { Precision = precision, Products = MatrixProducts.Portable }));
                }
            }
        }
    }
}
