using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>Stands in for the buffer of a device: what a device brings itself is not looked into.</summary>
internal readonly struct DeviceBuffer<V> : IBuffer<V>
    where V : unmanaged, ILane<V>
{
    public V Load(int index, int count) => default;

    public V Load(int index, int count, V otherwise) => otherwise;

    public void Store(int index, int count, V value)
    {
    }

    public V Broadcast(int index) => default;

    public void StoreFirst(int index, V value)
    {
    }
}

/// <summary>Stands in for the team of a device: what a device brings itself is not looked into.</summary>
internal readonly struct DeviceTeam<V> : ITileTeam<V>
    where V : unmanaged, ILane<V>
{
    public int Rank => 0;

    public int Size => 1;

    public V Sum(V value) => value;

    public V Max(V value) => value;

    public void Barrier()
    {
    }

    public Quad<V> LoadShared(int quad, int offset) => default;

    public void StoreShared(int index, V value)
    {
    }
}
