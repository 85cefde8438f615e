using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Functions;

namespace Sam.Gpu.Checks;

/// <summary>The elementary functions of lanes against those of the CPU in double.</summary>
/// <remarks>
/// In float the bound is 4 ulp from the exact value: what the library promises; the reference is exact to some 10⁻⁸ ulp. In double the
/// reference is the same function, off by what docs/accuracy.md states, and the device may be off by as much on the other side.
/// </remarks>
internal static class ElementaryChecks
{
    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        // The points are where each function changes its method, or where its value over- or underflows, for either precision.
        Check<Exp>(
            bench, "exp", 1.00, 0.34657359, -0.34657359, 88.72284, 89, -87.3365, -103.97208, -105,
            709.782712893384, -708.3964185322641, -745.1332191019412);
        Check<ExpM1>(
            bench, "expm1", 1.34, 0.34657359, -0.34657359, 1.03972077, -1.03972077, 88.72284, -17.3287, -18,
            709.782712893384, -37.42994775023705);
        Check<Log>(bench, "log", 0.83, 1, 0.70710678, 1.41421356, 1.1754943508222875E-38, 2.2250738585072014E-308, 2);
        Check<Log1P>(bench, "log1p", 0.84, 0.41421356, -0.29289322, 1, -1, -0.5, -0.99999, 16777216, 9007199254740992);
        Check<Tanh>(bench, "tanh", 1.33, 0.625, -0.625, 0.17328680, 9.0109, 10, 19.0615, 20);
        Check<Sigmoid>(bench, "sigmoid", 2.22, 16.6355, 36.7368, -87.3365, -103.97208, -708.3964185322641, -745.1332191019412);
        Check<Softplus>(bench, "softplus", 1.77, 16.6355, 36.7368, -87.3365, -103.97208, -708.3964185322641, -745.1332191019412);
        Check<Erf>(bench, "erf", 1.97, 0.75, -0.75, 3.919, 4, 5.921, 6);
        Check<Erfc>(bench, "erfc", 2.46, 0.5, 1, -3.83, -5.86, 9.19455, 10.0542, 10.4, 26.54325, 27.226017, 27.5);
        Check<NormalCdf>(bench, "normal cdf", 2.67, 5.4, 8.29, -12.9, -14.17, -14.5, -37.5193793471445, -38.485, -38.8);
        Check<NormalDensity>(bench, "normal density", 0.97, 13.12, 14.31, 15, 37.6, 38.58, 39);
    }

    private static void Check<F>(CheckBench bench, string name, double statedForDouble, params double[] points)
        where F : struct, IFunction
    {
        double[] x = new CheckArguments(bench).Of(name, [0, .. points]);
        double bound = bench.Precision == Precision.Double ? 2 * statedForDouble : Roundings.Elementary;
        new FunctionCheck<F>(name, bound).Run(
            bench, [x, x, x], arguments => bench.Refer([.. arguments, new double[x.Length]], FunctionCheck<F>.Apply, 3)[0]);
    }
}
