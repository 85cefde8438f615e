using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>The elementary functions, written once over lanes: the same polynomial on every device.</summary>
/// <remarks>
/// <para>
/// Every function is free of branches and tables: all positions compute all cases and select, so that a vector and a thread of a GPU
/// run the same IEEE operations and give the same bits. Coefficients are chosen by precision when the code is compiled.
/// </para>
/// <para>
/// One ulp is the distance between the two numbers of the lane's precision that enclose the exact result. Stated errors are the largest
/// measured; docs/accuracy.md has the table. A NaN gives a NaN. Subnormal arguments and results lose nothing, on devices that have them.
/// </para>
/// <para>Coefficients are minimax fits with rounded coefficients (Brisebarre and Chevillard 2007, <i>Efficient polynomial
/// L∞-approximations</i>); reductions follow Muller, <i>Elementary Functions</i>, 3rd edition 2016.</para>
/// </remarks>
public static partial class Elementary
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>One step of Horner's rule: p · x + c.</summary>
    [MethodImpl(Inline)]
    private static V Horner<V>(V p, V x, double c)
        where V : unmanaged, ILane<V> =>
        V.FusedMultiplyAdd(p, x, V.Constant(c));

    /// <summary>A constant that differs by precision.</summary>
    [MethodImpl(Inline)]
    private static V Choose<V>(double binary32, double binary64)
        where V : unmanaged, ILane<V> =>
        V.Constant(V.IsDouble ? binary64 : binary32);
}
