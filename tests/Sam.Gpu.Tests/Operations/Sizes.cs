using Sam.Gpu.Devices;

namespace Sam.Gpu.Tests.Operations;

/// <summary>The lengths at which vector operations are tested.</summary>
internal static class Sizes
{
    private static readonly int[] AroundLanes = [1, 3, 4, 7, 8, 9, 16, 17, 31, 33, 100];

    // Around the chunk of a reduction, and one that is shared out to several threads.
    private static readonly int[] AroundChunks = [4095, 4096, 4097, 10000, 70001];

    /// <summary>Those for a device: an emulated thread is too slow for many numbers.</summary>
    public static IEnumerable<int> Of(Device device) =>
        device.SharesHostMemory ? [.. AroundLanes, .. AroundChunks] : [.. AroundLanes, 4096, 4097];
}
