namespace Sam.Gpu.Curvature;

/// <summary>An estimate of the trace of an operator from products with random vectors.</summary>
/// <param name="Value">The estimate: its expectation is the trace. NaN if a product was not finite.</param>
/// <param name="StandardError">
/// The standard deviation that the estimate would have over other random vectors, estimated from the spread of those that were used; 0
/// where nothing is left to chance.
/// </param>
/// <param name="Products">How many vectors the operator was multiplied by.</param>
public readonly record struct TraceEstimate(double Value, double StandardError, int Products)
{
    /// <summary>The mean of samples, with the standard error s/√m, s² = Σ (x − x̄)²/(m − 1).</summary>
    internal static (double Mean, double StandardError) Mean(ReadOnlySpan<double> samples)
    {
        double sum = 0;
        foreach (double sample in samples)
        {
            sum += sample;
        }

        double mean = sum / samples.Length;
        double squares = 0;
        foreach (double sample in samples)
        {
            squares += (sample - mean) * (sample - mean);
        }

        return (mean, samples.Length > 1 ? Math.Sqrt(squares / (samples.Length - 1) / samples.Length) : double.NaN);
    }
}
