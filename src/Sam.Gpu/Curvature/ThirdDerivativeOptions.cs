namespace Sam.Gpu.Curvature;

/// <summary>Settings of a <see cref="ThirdDerivative"/> that is made of differences.</summary>
public sealed record ThirdDerivativeOptions
{
    /// <summary>The relative error at which no smaller step is tried; null is 10⁻⁹ in double and 10⁻³ in single precision.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The h that the first call begins with, a distance in parameter space; above 0. Later ones begin near what served.</summary>
    public double FirstStep { get; init; } = 0.125;

    /// <summary>The most steps h, h/2, h/4, … that are tried; ≥ 2.</summary>
    public int MaximumLevels { get; init; } = 8;
}
