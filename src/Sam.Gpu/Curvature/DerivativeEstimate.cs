namespace Sam.Gpu.Curvature;

/// <summary>How good a third derivative is.</summary>
/// <param name="Norm">The norm of all that was computed.</param>
/// <param name="Error">The estimate of the norm of its error; 0 for a closed form.</param>
/// <param name="Step">The smallest step h of the differences that it is made of; 0 for a closed form.</param>
/// <param name="Linearizations">The points at which the Hessian was multiplied.</param>
public readonly record struct DerivativeEstimate(double Norm, double Error, double Step, int Linearizations)
{
    /// <summary>The estimate of the relative error; 0 if it is all 0.</summary>
    public double RelativeError => Error == 0 ? 0 : Error / Norm;
}
