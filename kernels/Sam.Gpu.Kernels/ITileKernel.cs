using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A kernel that computes a matrix tile by tile, a team of fixed size with shared memory each. For lanes of one number.</summary>
/// <remarks>
/// Launched over tiles 0 … tiles − 1. No tile may depend on what another tile of the same launch writes. Size and memory of the team
/// are constants of the kernel: a device compiles them in.
/// </remarks>
/// <typeparam name="V">The lane.</typeparam>
public interface ITileKernel<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>The threads of a team: a multiple of 32, at most 256, which every GPU allows.</summary>
    static abstract int TeamSize { get; }

    /// <summary>The numbers of shared memory that a team has: a multiple of 4, and 32 KiB at most, which every GPU allows.</summary>
    static abstract int SharedLength { get; }

    /// <summary>Computes one tile, as one of the team's threads.</summary>
    /// <typeparam name="T">The team.</typeparam>
    /// <param name="team">This thread's team.</param>
    /// <param name="tile">The tile.</param>
    void Run<T>(T team, int tile)
        where T : struct, ITileTeam<V>;
}
