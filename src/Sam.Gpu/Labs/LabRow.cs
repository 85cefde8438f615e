namespace Sam.Gpu.Labs;

/// <summary>One finding of a lab: a number beside what is expected of it.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Expected">What is expected: the centre of the range; NaN where it is a range or a bound alone, or nothing.</param>
/// <param name="From">The least value that is as expected; −∞ for none.</param>
/// <param name="To">The largest value that is as expected; ∞ for none.</param>
/// <param name="Measured">What was measured.</param>
public sealed record LabRow(string Quantity, double Expected, double From, double To, double Measured)
{
    /// <summary>Whether anything is expected; if not, the number is reported as it came out.</summary>
    public bool IsClaim => double.IsFinite(From) || double.IsFinite(To);

    /// <summary>Whether the number is as expected. NaN never is, unless nothing is expected.</summary>
    public bool IsMet => !IsClaim || (Measured >= From && Measured <= To);
}
