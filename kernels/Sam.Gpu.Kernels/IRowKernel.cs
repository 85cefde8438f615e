using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A kernel that treats each row of a matrix with a team of threads.</summary>
/// <remarks>Launched over rows 0 … rows − 1. No row may depend on what another row of the same launch writes.</remarks>
/// <typeparam name="V">The lane.</typeparam>
public interface IRowKernel<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>Treats one row, as one of the team's threads.</summary>
    /// <typeparam name="T">The team.</typeparam>
    /// <param name="team">This thread's team.</param>
    /// <param name="row">The row.</param>
    void Run<T>(T team, int row)
        where T : struct, ITeam<V>;
}
