using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>A function of up to three numbers over any lane, number by number: what the check of a device applies.</summary>
public interface IFunction
{
    /// <summary>f(x, y, z). A function of fewer numbers takes no notice of the rest.</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">The first argument.</param>
    /// <param name="y">The second argument.</param>
    /// <param name="z">The third argument.</param>
    static abstract V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V>;
}
