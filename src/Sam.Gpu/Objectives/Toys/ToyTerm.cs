namespace Sam.Gpu.Objectives.Toys;

/// <summary>A term of a toy: c Πᵢ fᵢ(xᵢ), a function for each coordinate.</summary>
/// <param name="Coefficient">c.</param>
/// <param name="Factors">f, [P].</param>
public sealed record ToyTerm(double Coefficient, params IReadOnlyList<ScalarFunction> Factors)
{
    /// <summary>c Πᵢ xᵢ^nᵢ.</summary>
    /// <param name="coefficient">c.</param>
    /// <param name="exponents">n, [P], each ≥ 0.</param>
    public static ToyTerm Monomial(double coefficient, params int[] exponents) =>
        new(coefficient, [.. exponents.Select(ScalarFunction.Power)]);
}
