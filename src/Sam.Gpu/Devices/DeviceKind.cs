namespace Sam.Gpu.Devices;

/// <summary>Where the kernels of a device run.</summary>
public enum DeviceKind
{
    /// <summary>The processor, through our own vectorized code.</summary>
    Cpu,

    /// <summary>A GPU through CUDA.</summary>
    Cuda,

    /// <summary>A GPU through OpenCL.</summary>
    OpenClGpu,

    /// <summary>A processor or another device that is no GPU, through OpenCL.</summary>
    OpenClOther,

    /// <summary>ILGPU's CPU accelerator: a debugger, slower by orders of magnitude than <see cref="Cpu"/>. For checks only.</summary>
    IlgpuCpu,
}
