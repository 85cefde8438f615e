namespace Sam.Gpu.Experiments;

/// <summary>How a vector lies to the subspace of the top eigenvectors.</summary>
/// <param name="Norm">‖g‖.</param>
/// <param name="Cosines">|cos(g, vᵢ)|, [K]; NaN where g is zero.</param>
public sealed record Alignment(double Norm, IReadOnlyList<double> Cosines)
{
    /// <summary>The share of ‖g‖² in the span of the first k eigenvectors, for k = 1 … K: Σᵢ cos²(g, vᵢ).</summary>
    /// <remarks>G. Gur-Ari, D. A. Roberts, E. Dyer, Gradient Descent Happens in a Tiny Subspace (2018), call it the overlap.</remarks>
    public IReadOnlyList<double> Shares
    {
        get
        {
            double sum = 0;
            return [.. Cosines.Select(cosine => sum += cosine * cosine)];
        }
    }
}
