using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>Parts of lanes on processors that cannot mask a load or a store: through memory.</summary>
internal static unsafe class HostLane
{
    /// <summary><see cref="IHostLane{V}.LoadPart"/>.</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="source">The first number.</param>
    /// <param name="count">How many.</param>
    /// <param name="otherwise">What the other positions get.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V LoadPart<V>(void* source, int count, V otherwise)
        where V : unmanaged, IHostLane<V>
    {
        V result = otherwise;
        Unsafe.CopyBlockUnaligned(&result, source, (uint)(count * V.ElementSize));
        return result;
    }

    /// <summary><see cref="IHostLane{V}.StorePart"/>.</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="destination">Where the first number goes.</param>
    /// <param name="count">How many.</param>
    /// <param name="value">The numbers.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart<V>(void* destination, int count, V value)
        where V : unmanaged, IHostLane<V> =>
        Unsafe.CopyBlockUnaligned(destination, &value, (uint)(count * V.ElementSize));
}
