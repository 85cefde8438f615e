using ILGPU;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Sam.Gpu.Ilgpu.Teams;

namespace Sam.Gpu.Ilgpu;

/// <summary>How we set ILGPU up.</summary>
internal static class IlgpuContext
{
    // Two, so that what passes between warps is run as well. The simulator has a host thread for each thread and wakes all of them at every
    // launch: more would make it slower still.
    private const int SimulatedWarps = 2;

    /// <summary>A context with every device that ILGPU finds, and its CPU accelerator as a GPU with warps of 32.</summary>
    /// <remarks>
    /// Never fast mathematics: it would flush subnormal numbers and take approximate division. Everything is inlined, so that no call is
    /// left in a kernel. OpenCL devices without a generic address space are not among those it finds.
    /// </remarks>
    public static Context Create() => Context.Create(
        builder => builder
            .Cuda()
            .OpenCL()
            .CPU(new CPUDevice(ShuffleTeam<Kernels.Lanes.Float1>.WarpSize, SimulatedWarps, 1))
            .Optimize(OptimizationLevel.O2)
            .Inlining(InliningMode.Aggressive)
            .Math(MathMode.Default)
            .DeviceFunctions());
}
