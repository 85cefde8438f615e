namespace Sam.Gpu.TestSupport;

/// <summary>Derivatives by central differences with one Richardson extrapolation: the error falls with the fourth power of the step.</summary>
public static class FiniteDifference
{
    /// <summary>f′(x).</summary>
    /// <param name="function">f.</param>
    /// <param name="x">x.</param>
    /// <param name="step">h.</param>
    public static double Derivative(Func<double, double> function, double x, double step) =>
        Directional(point => [function(point[0])], [x], [1], step)[0];

    /// <summary>The derivative of a vector-valued f at x in a direction.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">x.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="step">h, in multiples of the direction.</param>
    public static double[] Directional(Func<double[], double[]> function, double[] x, double[] direction, double step)
    {
        double[] wide = Central(function, x, direction, step);
        double[] narrow = Central(function, x, direction, step / 2);
        return [.. narrow.Zip(wide, (near, far) => near + ((near - far) / 3))];
    }

    private static double[] Central(Func<double[], double[]> function, double[] x, double[] direction, double step)
    {
        double[] ahead = function([.. x.Zip(direction, (number, slope) => number + (step * slope))]);
        double[] behind = function([.. x.Zip(direction, (number, slope) => number - (step * slope))]);
        return [.. ahead.Zip(behind, (plus, minus) => (plus - minus) / (2 * step))];
    }
}
