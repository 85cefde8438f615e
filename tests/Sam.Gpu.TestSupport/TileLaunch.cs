using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>A launch over tiles: a thread group with shared memory each, one host thread a rank.</summary>
/// <typeparam name="K">The kernel's type.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
internal sealed class TileLaunch<K, V>(int operation, in K kernel, int tiles) : Launch(operation)
    where K : struct, ITileKernel<V>
    where V : unmanaged, ILane<V>
{
    // The shared memory that every GPU has.
    private const int SharedBytes = 32 * 1024;

    private readonly K kernel = kernel;

    // Of the tiles that some threads have begun and others not.
    private readonly Dictionary<int, EmulatedSharedMemory<V>> memories = [];

    public override object Kernel => kernel;

    private static int LargestSharedLength => SharedBytes / (V.IsDouble ? sizeof(double) : sizeof(float));

    public override string Work => "tile";

    public override int Threads => tiles == 0 ? 0 : K.TeamSize;

    /// <summary>Throws where a kernel asks for what not every GPU has.</summary>
    /// <exception cref="KernelFaultException">It does.</exception>
    public static void CheckTeam()
    {
        if (K.TeamSize is < 32 or > 256 || K.TeamSize % 32 != 0)
        {
            throw new KernelFaultException(
                $"{KernelDescription.Name(typeof(K))}: a team of {K.TeamSize} threads; allowed are multiples of 32 up to 256.");
        }

        if (K.SharedLength < 0 || K.SharedLength % 4 != 0 || K.SharedLength > LargestSharedLength)
        {
            throw new KernelFaultException(
                $"{KernelDescription.Name(typeof(K))}: shared memory of {K.SharedLength} numbers; allowed are multiples of 4 up to "
                + $"{LargestSharedLength}.");
        }
    }

    public override void Run(EmulatedThread thread)
    {
        // As with rows, a rank goes on to its next tile without waiting for the others.
        var local = kernel;
        for (int tile = 0; tile < tiles; tile++)
        {
            thread.Now = new MemoryAccess(Operation, tile, thread.Rank, 0);
            local.Run(new EmulatedTeam<V>(thread, Memory(tile)), tile);
        }
    }

    public override string Describe(in MemoryAccess access) => $"rank {access.Rank} of tile {access.Group}";

    private EmulatedSharedMemory<V> Memory(int tile)
    {
        if (!memories.TryGetValue(tile, out var memory))
        {
            memory = new EmulatedSharedMemory<V>(K.SharedLength);
            memories.Add(tile, memory);
        }

        if (++memory.Users == K.TeamSize)
        {
            memories.Remove(tile);
        }

        return memory;
    }
}
