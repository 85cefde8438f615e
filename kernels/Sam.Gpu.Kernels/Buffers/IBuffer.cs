using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Buffers;

/// <summary>Where the numbers of a kernel live: a struct around device memory, a pointer, or a checked array.</summary>
/// <remarks>
/// <c>count</c> in the members below is how many numbers are left from the index on, the one at the index included; it may
/// be larger than a lane. Only <c>min(count, V.Width)</c> numbers are touched. A lane of one number ignores it.
/// </remarks>
/// <typeparam name="V">The lane.</typeparam>
public interface IBuffer<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>Loads the numbers from an index on; positions at or past the count are 0.</summary>
    /// <param name="index">The index of the first number, ≥ 0.</param>
    /// <param name="count">The numbers left, ≥ 1.</param>
    V Load(int index, int count);

    /// <summary>Loads the numbers from an index on; positions at or past the count come from <paramref name="otherwise"/>.</summary>
    /// <param name="index">The index of the first number, ≥ 0.</param>
    /// <param name="count">The numbers left, ≥ 1.</param>
    /// <param name="otherwise">The numbers for positions at or past the count.</param>
    V Load(int index, int count, V otherwise);

    /// <summary>Stores the numbers from an index on; positions at or past the count are not stored.</summary>
    /// <param name="index">The index of the first number, ≥ 0.</param>
    /// <param name="count">The numbers left, ≥ 1.</param>
    /// <param name="value">The numbers.</param>
    void Store(int index, int count, V value);

    /// <summary>Loads one number to every position.</summary>
    /// <param name="index">The index of the number, ≥ 0.</param>
    V Broadcast(int index);

    /// <summary>Stores the number at position 0.</summary>
    /// <param name="index">The index to store to, ≥ 0.</param>
    /// <param name="value">The lane whose first number is stored.</param>
    void StoreFirst(int index, V value);
}
