using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>The memory that a run needs on its device, known before any of it is allocated.</summary>
/// <param name="Needed">The most that will be allocated at a time, in bytes, with what the operations work in.</param>
/// <param name="Available">What the device has, in bytes.</param>
/// <param name="Chunk">The examples taken through the network at once.</param>
public sealed record MemoryPlan(long Needed, long Available, int Chunk)
{
    private const double Mebi = 1 << 20;

    /// <summary>Plans a run, with the largest chunk that fits where none is asked for.</summary>
    /// <param name="device">The device.</param>
    /// <param name="build">Allocates what a run with a chunk needs; null is the usual chunk. Nothing that it calls may read numbers back.</param>
    /// <param name="chunk">The chunk that was asked for, or null.</param>
    /// <exception cref="DeviceException">The run does not fit: with what it needs, what there is, and the largest chunk that fits.</exception>
    internal static MemoryPlan Of(Device device, Func<Device, int?, RunMemory> build, int? chunk)
    {
        var plan = Measure(device, build, chunk);
        if (plan.Needed <= plan.Available)
        {
            return plan;
        }

        // What a run needs grows by the same for each example more in a chunk, but for the rounding of a few sizes.
        var smallest = Measure(device, build, 1);
        long slope = plan.Chunk == 1 ? 1 : (plan.Needed - smallest.Needed) / (plan.Chunk - 1);
        int fitting = (int)((plan.Available - smallest.Needed) / Math.Max(1, slope)) + 1;
        MemoryPlan? largest = null;
        for (; smallest.Needed <= plan.Available && fitting >= 1 && largest is null; fitting = fitting * 9 / 10)
        {
            var attempt = Measure(device, build, fitting);
            largest = attempt.Needed <= attempt.Available ? attempt : null;
        }

        if (largest is not null && chunk is null)
        {
            return largest;
        }

        string cure = largest is not null
            ? $"With --chunk {largest.Chunk} it needs {largest.Needed / Mebi:F0} MiB."
            : $"Even with --chunk 1 it needs {smallest.Needed / Mebi:F0} MiB: give fewer --examples, a smaller --network or fewer --eigenvalues.";
        throw new DeviceException(
            $"This run needs {plan.Needed / Mebi:F0} MiB of memory with --chunk {plan.Chunk}; {device.Name} has {plan.Available / Mebi:F0} MiB. {cure}");
    }

    private static MemoryPlan Measure(Device device, Func<Device, int?, RunMemory> build, int? chunk)
    {
        using var planner = new MemoryPlanner(device);
        using var memory = build(planner.Device, chunk);
        return new MemoryPlan(planner.Needed(memory.Rehearse), device.Memory, memory.Chunk);
    }
}
