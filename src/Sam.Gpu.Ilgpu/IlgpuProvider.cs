using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.Cuda.API;
using ILGPU.Runtime.OpenCL;
using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Device = Sam.Gpu.Devices.Device;

namespace Sam.Gpu.Ilgpu;

/// <summary>The devices that ILGPU reaches: CUDA, OpenCL, and ILGPU's own CPU accelerator for checks.</summary>
/// <remarks>
/// Drivers are looked for at the first <see cref="List"/>. OpenCL devices are those with a generic address space, which ILGPU needs.
/// What it offers where it finds no GPU is a simulator: so the kind of every device is looked at, and the simulator has a name of its own.
/// </remarks>
public sealed class IlgpuProvider : IDeviceProvider
{
    // Drivers are started once a process; the context lives as long.
    private static readonly Lazy<(Context Context, IReadOnlyList<(DeviceDescription Description, ILGPU.Runtime.Device Device)> Devices)> Found = new(Find);

    /// <inheritdoc/>
    public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.Cuda, DeviceKind.OpenClGpu, DeviceKind.OpenClOther, DeviceKind.IlgpuCpu];

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> List() => [.. Found.Value.Devices.Select(device => device.Description)];

    /// <inheritdoc/>
    public Device Create(DeviceDescription description, DeviceOptions options)
    {
        var (found, device) = Found.Value.Devices.First(candidate => candidate.Description.Id == description.Id);
        if (options.Precision == Precision.Double && !found.SupportsDouble)
        {
            throw new DeviceException(
                $"--precision double: {found.Id} ({found.Name}) does not compute in double. Use --precision float, or another --device, such as cpu.");
        }

        var accelerator = Take(found, device);
        try
        {
            return options.Precision == Precision.Double
                ? new IlgpuDevice<Double1>(accelerator, found, options)
                : new IlgpuDevice<Float1>(accelerator, found, options);
        }
        catch
        {
            accelerator.Return();
            throw;
        }
    }

    private static LoadedAccelerator Take(DeviceDescription found, ILGPU.Runtime.Device device)
    {
        try
        {
            return LoadedAccelerator.Take(Found.Value.Context, device);
        }
        catch (Exception exception) when (exception is AcceleratorException or NotSupportedException)
        {
            throw new DeviceException($"--device {found.Id}: {found.Name} does not start: {exception.Message}", exception);
        }
    }

    private static (Context Context, IReadOnlyList<(DeviceDescription Description, ILGPU.Runtime.Device Device)> Devices) Find()
    {
        var context = Start();
        var devices = new List<(DeviceDescription, ILGPU.Runtime.Device)>();
        int cuda = 0;
        foreach (CudaDevice device in context.GetCudaDevices())
        {
            devices.Add((Describe(device, $"cuda:{cuda++}", DeviceKind.Cuda, Driver(device), true), device));
        }

        var openClDevices = new List<CLDevice>();
        foreach (CLDevice device in context.GetCLDevices())
        {
            openClDevices.Add(device);
        }

        int openCl = 0;
        foreach (var device in openClDevices.OrderByDescending(IsGpu))
        {
            var kind = IsGpu(device) ? DeviceKind.OpenClGpu : DeviceKind.OpenClOther;
            string driver = $"{device.PlatformName}, {device.DeviceVersion}";
            devices.Add((Describe(device, $"opencl:{openCl++}", kind, driver, device.Capabilities.Float64), device));
        }

        foreach (CPUDevice device in context.GetCPUDevices())
        {
            devices.Add((Describe(device, "ilgpu-cpu", DeviceKind.IlgpuCpu, $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}", true), device));
        }

        return (context, devices);
    }

    private static Context Start()
    {
        try
        {
            return IlgpuContext.Create();
        }
#pragma warning disable CA1031 // Whatever a broken driver does while it starts, the processor is still there.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new DeviceException(
                $"The drivers of CUDA and OpenCL on this machine do not start: {exception.Message} --device cpu does without them.", exception);
        }
    }

    private static DeviceDescription Describe(ILGPU.Runtime.Device device, string id, DeviceKind kind, string driver, bool supportsDouble) => new()
    {
        Id = id,
        Kind = kind,
        Name = device.Name,
        Memory = device.AcceleratorType == AcceleratorType.CPU ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : device.MemorySize,
        Driver = driver,
        SupportsDouble = supportsDouble,
    };

    private static bool IsGpu(CLDevice device) => device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU;

    private static string Driver(CudaDevice device)
    {
        CudaAPI.CurrentAPI.GetDriverVersion(out var cuda);
        string text = string.Create(CultureInfo.InvariantCulture, $"CUDA {cuda}, {device.Architecture}");
        return DriverVersion() is { } driver ? $"{driver}, {text}" : text;
    }

    // The management library is not everywhere where the driver is.
    private static string? DriverVersion()
    {
        try
        {
            return NvmlAPI.Create(NvmlAPIVersion.V6) is var management && management.Init() == NvmlReturn.NVML_SUCCESS
                && management.SystemGetDriverVersion(out string? version) == NvmlReturn.NVML_SUCCESS ? version : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or NotSupportedException)
        {
            return null;
        }
    }
}
