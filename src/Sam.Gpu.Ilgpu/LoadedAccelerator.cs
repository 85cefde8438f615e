using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace Sam.Gpu.Ilgpu;

/// <summary>An accelerator of ILGPU with the kernels that it has compiled.</summary>
/// <remarks>
/// Starting a driver and compiling kernels takes seconds, so accelerators outlive the devices that use them: one that a device has let
/// go of serves the next. One device at a time has it, for its stream and the arguments of its kernels are not safe to share.
/// </remarks>
internal sealed class LoadedAccelerator
{
    private static readonly ConcurrentDictionary<ILGPU.Runtime.Device, ConcurrentBag<LoadedAccelerator>> Idle = new();

    private readonly ILGPU.Runtime.Device device;
    private readonly Dictionary<Type, Delegate> kernels = [];

    private LoadedAccelerator(ILGPU.Runtime.Device device, Accelerator accelerator)
    {
        this.device = device;
        Accelerator = accelerator;
    }

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>An accelerator of a device that nobody uses; made where there is none.</summary>
    /// <param name="context">The context.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="AcceleratorException">It does not start.</exception>
    public static LoadedAccelerator Take(Context context, ILGPU.Runtime.Device device) =>
        Idle.GetOrAdd(device, _ => []).TryTake(out var idle) ? idle : new LoadedAccelerator(device, device.CreateAccelerator(context));

    /// <summary>Lets go of the accelerator, for others to take.</summary>
    public void Return()
    {
        Accelerator.Synchronize();
        Idle[device].Add(this);
    }

    /// <summary>The launcher of a kernel, compiled at the first call.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <typeparam name="L">The launcher.</typeparam>
    /// <param name="load">Compiles it.</param>
    public L Launcher<K, L>(Func<Accelerator, L> load)
        where L : Delegate
    {
        if (!kernels.TryGetValue(typeof(K), out var launcher))
        {
            kernels[typeof(K)] = launcher = load(Accelerator);
        }

        return (L)launcher;
    }
}
