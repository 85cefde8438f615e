using ILGPU;
using ILGPU.Runtime;
using Sam.Gpu.Ilgpu.Teams;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Ilgpu;

/// <summary>What ILGPU compiles: a kernel struct's own code, called by each thread of a launch with its place.</summary>
/// <remarks>
/// All are explicitly grouped. ILGPU makes <see cref="SharedMemory.Allocate{T}(int)"/> one allocation for every inlined call, so it is
/// called here, once a launch, and teams carry the memory.
/// </remarks>
internal static class KernelEntry
{
    /// <summary>The most threads in a group of a row kernel.</summary>
    public const int LargestGroup = 256;

    /// <summary>A thread an element.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="length">The number of elements.</param>
    public static void Elements<K>(K kernel, int length)
        where K : struct, IElementKernel
    {
        int index = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (index < length)
        {
            kernel.Run(index, length - index);
        }
    }

    /// <summary>A group a row, with collectives through shared memory.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    public static void SharedRows<K, V>(K kernel)
        where K : struct, IRowKernel<V>
        where V : unmanaged, ILane<V> =>
        kernel.Run(new SharedTeam<V>(SharedMemory.Allocate<V>(LargestGroup)), Grid.IdxX);

    /// <summary>A group a row, with collectives through warp shuffles.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    public static void ShuffleRows<K, V>(K kernel)
        where K : struct, IRowKernel<V>
        where V : unmanaged, ILane<V> =>
        kernel.Run(new ShuffleTeam<V>(SharedMemory.Allocate<V>(LargestGroup / ShuffleTeam<V>.WarpSize)), Grid.IdxX);

    /// <summary>What to tell the compiler of a tile kernel: its group, and to spare registers so that 512 threads fit a multiprocessor.</summary>
    /// <remarks>
    /// Left alone, the assembler gives the largest tile of a product a few registers too many for a second group, which would hide the
    /// latency of the first.
    /// </remarks>
    /// <param name="teamSize">The threads of a group.</param>
    public static KernelSpecialization TileSpecialization(int teamSize) => new(teamSize, 512 / teamSize);

    /// <summary>A group a tile.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    public static void Tiles<K, V>(K kernel)
        where K : struct, ITileKernel<V>
        where V : unmanaged, ILane<V>
    {
        var quads = SharedMemory.Allocate<Quad<V>>(K.SharedLength / 4);
        kernel.Run(new TileTeam<V>(quads, quads.Cast<V>(), SharedMemory.Allocate<V>(K.TeamSize)), Grid.IdxX);
    }
}
