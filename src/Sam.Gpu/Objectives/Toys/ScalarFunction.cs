namespace Sam.Gpu.Objectives.Toys;

/// <summary>A function of one number with its first three derivatives in closed form: what toys are made of.</summary>
public abstract class ScalarFunction
{
    /// <summary>x.</summary>
    public static ScalarFunction Identity { get; } = new PowerFunction(1);

    /// <summary>The hyperbolic tangent.</summary>
    public static ScalarFunction Tanh { get; } = new TanhFunction();

    /// <summary>½ (1 − x)²: the squared error of an output that should be 1.</summary>
    public static ScalarFunction HalfSquaredErrorToOne { get; } = new SquaredErrorFunction();

    /// <summary>xⁿ.</summary>
    /// <param name="exponent">n ≥ 0.</param>
    public static ScalarFunction Power(int exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        return new PowerFunction(exponent);
    }

    /// <summary>The derivative of an order at x.</summary>
    /// <param name="x">x.</param>
    /// <param name="order">0, the function itself, to 3.</param>
    public abstract double Derivative(double x, int order);

    private sealed class PowerFunction(int exponent) : ScalarFunction
    {
        public override double Derivative(double x, int order)
        {
            double product = 1;
            for (int k = 0; k < exponent; k++)
            {
                product *= k < order ? exponent - k : x;
            }

            return order > exponent ? 0 : product;
        }
    }

    private sealed class TanhFunction : ScalarFunction
    {
        public override double Derivative(double x, int order)
        {
            double t = Math.Tanh(x);
            double first = 1 - (t * t);
            return order switch
            {
                0 => t,
                1 => first,
                2 => -2 * t * first,
                _ => first * ((6 * t * t) - 2),
            };
        }
    }

    private sealed class SquaredErrorFunction : ScalarFunction
    {
        public override double Derivative(double x, int order) => order switch
        {
            0 => 0.5 * (1 - x) * (1 - x),
            1 => x - 1,
            2 => 1,
            _ => 0,
        };
    }
}
