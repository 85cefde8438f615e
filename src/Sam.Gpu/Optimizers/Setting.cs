using System.Runtime.CompilerServices;

namespace Sam.Gpu.Optimizers;

/// <summary>Checks of the numbers that optimizers are made with. NaN is in no range.</summary>
internal static class Setting
{
    /// <summary>The number, if it is finite and above 0.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Outside(value, "finite and above 0", name);

    /// <summary>The number, if it is finite and not below 0.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Outside(value, "finite and at least 0", name);

    /// <summary>The number, if it is at least 0 and below 1.</summary>
    public static double Fraction(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw Outside(value, "at least 0 and below 1", name);

    /// <summary>The number, if it is finite.</summary>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw Outside(value, "finite", name);

    private static ArgumentOutOfRangeException Outside(double value, string range, string name) =>
        new(name, value, $"A number that is {range} is needed.");
}
