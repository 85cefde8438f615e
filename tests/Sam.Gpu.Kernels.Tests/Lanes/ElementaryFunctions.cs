using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Kernels.Tests.Lanes;

/// <summary>A function of <see cref="Elementary"/> beside its two oracles, as a type, so that tests are generic over it.</summary>
internal interface IElementaryFunction
{
    /// <summary>The function under test.</summary>
    static abstract V Evaluate<V>(V x)
        where V : unmanaged, ILane<V>;

    /// <summary>The oracle for binary32.</summary>
    static abstract double InBinary64(double x);

    /// <summary>The oracle for binary64.</summary>
    static abstract ScaledNumber Reference(double x);

    /// <summary>The function has a finite value above this argument, and is −∞ or NaN up to it.</summary>
    static virtual double Pole => double.NegativeInfinity;

    /// <summary>
    /// Arguments around which every number is tried: where the implementation changes its method, and where results over- or underflow.
    /// </summary>
    static abstract double[] Breakpoints { get; }
}

internal readonly struct ExpFunction : IElementaryFunction
{
    public static double[] Breakpoints =>
    [
        0, 0.34657359, -0.34657359, 88.72284, 89, -87.3365, -103.97208, -105, 709.782712893384, -708.3964185322641,
        -745.1332191019412,
    ];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Exp(x);

    public static double InBinary64(double x) => Math.Exp(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Exp(x);
}

internal readonly struct ExpM1Function : IElementaryFunction
{
    public static double[] Breakpoints =>
    [
        0, 0.34657359, -0.34657359, 1.03972077, -1.03972077, 88.72284, -17.3287, -18, 709.782712893384,
        -37.42994775023705,
    ];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.ExpM1(x);

    public static double InBinary64(double x) => ElementaryInBinary64.ExpM1(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.ExpM1(x);
}

internal readonly struct LogFunction : IElementaryFunction
{
    public static double Pole => 0;

    public static double[] Breakpoints => [1, 0.70710678, 1.41421356, 1.1754943508222875E-38, 2.2250738585072014E-308, 2];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Log(x);

    public static double InBinary64(double x) => Math.Log(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Log(x);
}

internal readonly struct Log1PFunction : IElementaryFunction
{
    public static double Pole => -1;

    public static double[] Breakpoints => [0, 0.41421356, -0.29289322, 1, -0.5, -0.99999, 16777216, 9007199254740992];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Log1P(x);

    public static double InBinary64(double x) => ElementaryInBinary64.Log1P(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Log1P(x);
}

internal readonly struct TanhFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 0.625, -0.625, 0.17328680, 9.0109, 10, 19.0615, 20];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Tanh(x);

    public static double InBinary64(double x) => Math.Tanh(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Tanh(x);
}

internal readonly struct SigmoidFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 16.6355, 36.7368, -87.3365, -103.97208, -708.3964185322641, -745.1332191019412];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Sigmoid(x);

    public static double InBinary64(double x) => ElementaryInBinary64.Sigmoid(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Sigmoid(x);
}

internal readonly struct SoftplusFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 16.6355, 36.7368, -87.3365, -103.97208, -708.3964185322641, -745.1332191019412];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Softplus(x);

    public static double InBinary64(double x) => ElementaryInBinary64.Softplus(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Softplus(x);
}

internal readonly struct ErfFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 0.75, -0.75, 3.919, 4, 5.921, 6];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Erf(x);

    public static double InBinary64(double x) => ElementaryInBinary64.Erf(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Erf(x);
}

internal readonly struct ErfcFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 0.5, 1, -3.83, -5.86, 9.19455, 10.0542, 10.4, 26.54325, 27.226017, 27.5];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.Erfc(x);

    public static double InBinary64(double x) => ElementaryInBinary64.Erfc(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.Erfc(x);
}

internal readonly struct NormalCdfFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 5.4, 8.29, -12.9, -14.17, -14.5, -37.5193793471445, -38.485, -38.8];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.NormalCdf(x);

    public static double InBinary64(double x) => ElementaryInBinary64.NormalCdf(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.NormalCdf(x);
}

internal readonly struct NormalDensityFunction : IElementaryFunction
{
    public static double[] Breakpoints => [0, 13.12, 14.31, 15, 37.6, 38.58, 39];

    public static V Evaluate<V>(V x)
        where V : unmanaged, ILane<V> => Elementary.NormalDensity(x);

    public static double InBinary64(double x) => ElementaryInBinary64.NormalDensity(x);

    public static ScaledNumber Reference(double x) => ElementaryReference.NormalDensity(x);
}
