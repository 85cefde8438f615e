using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Teams;

/// <summary>The threads that work on one row together: a thread group of a GPU, one core of a CPU.</summary>
/// <remarks>
/// Every thread of a team calls every collective (<see cref="Sum"/>, <see cref="Max"/>, <see cref="Barrier"/>), the same ones in the same
/// order: none may stand behind a branch that only some threads take. Collectives order memory: what a thread stored before one is seen
/// by the others after it.
/// </remarks>
/// <typeparam name="V">The lane.</typeparam>
public interface ITeam<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>This thread's number in its team, 0 ≤ rank &lt; <see cref="Size"/>.</summary>
    int Rank { get; }

    /// <summary>The number of threads in the team, ≥ 1.</summary>
    int Size { get; }

    /// <summary>The sum of the threads' values, position by position, to every thread; in a fixed order.</summary>
    /// <param name="value">This thread's value.</param>
    V Sum(V value);

    /// <summary>The maximum of the threads' values, position by position, to every thread.</summary>
    /// <param name="value">This thread's value.</param>
    V Max(V value);

    /// <summary>Waits for the other threads of the team.</summary>
    void Barrier();
}
