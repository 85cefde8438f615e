using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels;

/// <summary>An activation function φ with its first two derivatives, number by number, over any lane.</summary>
/// <remarks>
/// The derivatives are given both z and a = φ(z), for often one is cheaper. What they do not use is not loaded, and they are given 0 for it.
/// </remarks>
public interface IActivation
{
    /// <summary>Whether the derivatives use z.</summary>
    static abstract bool UsesInput { get; }

    /// <summary>Whether the derivatives use a = φ(z).</summary>
    static abstract bool UsesOutput { get; }

    /// <summary>Whether the derivatives are a few operations, no exponentials, so that they may as well be formed again for each direction.</summary>
    static abstract bool HasCheapDerivatives { get; }

    /// <summary>φ(z).</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="z">The pre-activation.</param>
    static abstract V Value<V>(V z)
        where V : unmanaged, ILane<V>;

    /// <summary>φ′(z).</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="z">The pre-activation.</param>
    /// <param name="a">φ(z).</param>
    static abstract V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>;

    /// <summary>φ″(z).</summary>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="z">The pre-activation.</param>
    /// <param name="a">φ(z).</param>
    static abstract V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>;
}
