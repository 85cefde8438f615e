namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane that lives in the memory of the host: what <see cref="Buffers.HostBuffer{V}"/> loads and stores.</summary>
/// <typeparam name="V">The lane itself.</typeparam>
public unsafe interface IHostLane<V> : ILane<V>
    where V : unmanaged, IHostLane<V>
{
    /// <summary>The size of one number in bytes: 4 or 8.</summary>
    static abstract int ElementSize { get; }

    /// <summary>Loads <see cref="ILane{V}.Width"/> consecutive numbers; no alignment is needed.</summary>
    static abstract V Load(void* source);

    /// <summary>Stores <see cref="ILane{V}.Width"/> consecutive numbers; no alignment is needed.</summary>
    static abstract void Store(void* destination, V value);

    /// <summary>Loads the first numbers of a lane and touches none beyond them.</summary>
    /// <param name="source">The first number.</param>
    /// <param name="count">How many, below <see cref="ILane{V}.Width"/>.</param>
    /// <param name="otherwise">What the other positions get.</param>
    static abstract V LoadPart(void* source, int count, V otherwise);

    /// <summary>Stores the first numbers of a lane and touches none beyond them.</summary>
    /// <param name="destination">Where the first number goes.</param>
    /// <param name="count">How many, below <see cref="ILane{V}.Width"/>.</param>
    /// <param name="value">The numbers.</param>
    static abstract void StorePart(void* destination, int count, V value);

    /// <summary>Loads one number to every position.</summary>
    static abstract V Broadcast(void* source);

    /// <summary>Stores the number at position 0.</summary>
    static abstract void StoreFirst(void* destination, V value);
}
