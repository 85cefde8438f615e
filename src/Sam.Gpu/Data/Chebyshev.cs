namespace Sam.Gpu.Data;

/// <summary>A small regression set: a Chebyshev polynomial at even points of [-1, 1].</summary>
/// <remarks>
/// Cohen, Kaur, Li, Kolter, Talwalkar, "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability",
/// ICLR 2021, has degrees 3, 4 and 5 at 20 points.
/// </remarks>
public static class Chebyshev
{
    private const int HighestDegree = 20;
    private const int FewestPoints = 2;
    private const int MostPoints = 100_000;

    /// <summary>Creates the set <c>chebyshev-DEGREE-POINTS</c>.</summary>
    /// <param name="degree">The degree k, from 1 to 20.</param>
    /// <param name="points">The number of points n, from 2 to 100000.</param>
    /// <returns>Inputs [n, 1]: xᵢ = (2i - n + 1)/(n - 1), both ends included; targets [n, 1]: Tₖ(xᵢ).</returns>
    /// <exception cref="UsageException">The degree or the number of points is out of range.</exception>
    public static DataSet Create(int degree, int points)
    {
        if (degree is < 1 or > HighestDegree || points is < FewestPoints or > MostPoints)
        {
            throw new UsageException(
                $"chebyshev-{degree}-{points} was given; allowed are a degree from 1 to {HighestDegree} and {FewestPoints} to "
                + $"{MostPoints} points, such as chebyshev-5-20.");
        }

        var inputs = new double[points];
        var targets = new double[points];
        for (var i = 0; i < points; i++)
        {
            // One rounding, and exactly odd about the middle.
            inputs[i] = ((2.0 * i) - (points - 1)) / (points - 1);
            targets[i] = Evaluate(degree, inputs[i]);
        }

        return DataSet.ForRegression(
            $"chebyshev-{degree}-{points}", ExampleMatrix.Dense(inputs, points, 1), ExampleMatrix.Dense(targets, points, 1));
    }

    /// <summary>Tₖ(x) by its recurrence Tₖ₊₁ = 2xTₖ - Tₖ₋₁: basic operations alone, the same bits everywhere.</summary>
    private static double Evaluate(int degree, double x)
    {
        var (previous, current) = (1.0, x);
        for (var k = 1; k < degree; k++)
        {
            (previous, current) = (current, (2 * x * current) - previous);
        }

        return current;
    }
}
