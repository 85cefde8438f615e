using Sam.Gpu.Devices;

namespace Sam.Gpu.Checks;

/// <summary>Gathers the errors of a row.</summary>
/// <param name="name">What is compared.</param>
internal sealed class CheckTally(string name)
{
    private long compared;
    private double ratio = -1;
    private double worstError;
    private double worstAllowed;
    private bool isTolerated;
    private bool isFailed;
    private string? note;
    private Func<string> worst = () => "";

    /// <summary>The row so far.</summary>
    public CheckRow Row => new()
    {
        Name = name,
        Compared = compared,
        WorstError = worstError,
        Allowed = worstAllowed,
        Verdict = isFailed ? CheckVerdict.Failed : isTolerated ? CheckVerdict.Tolerated : CheckVerdict.Passed,
        Note = isTolerated && !isFailed ? note : null,
        Worst = worst(),
    };

    /// <summary>Takes note of an error.</summary>
    /// <param name="error">The error in ulp.</param>
    /// <param name="allowed">Its bound.</param>
    /// <param name="place">Tells where it is.</param>
    /// <param name="index">Handed to <paramref name="place"/>.</param>
    /// <param name="tolerance">What a standard allows beyond the bound; null is nothing.</param>
    public void Add(double error, double allowed, Func<int, string> place, int index, string? tolerance = null)
    {
        compared++;
        if (!(error <= allowed))
        {
            isFailed |= tolerance is null;
            isTolerated |= tolerance is not null;
            note ??= tolerance;
        }

        double next = error <= 0 ? 0 : error / allowed;
        if (!(next <= ratio))
        {
            (ratio, worstError, worstAllowed) = (next, error, allowed);
            worst = () => place(index);
        }
    }

    /// <summary>Compares numbers with the expected ones.</summary>
    /// <param name="actual">The device's numbers.</param>
    /// <param name="expected">The expected numbers, in double.</param>
    /// <param name="sizes">The sizes at which an ulp is taken; null takes the expected numbers.</param>
    /// <param name="allowed">The bound in ulp.</param>
    /// <param name="precision">The device's precision.</param>
    /// <param name="what">The case, for the place of the worst.</param>
    public void Add(double[] actual, double[] expected, double[]? sizes, double allowed, Precision precision, string what)
    {
        string Place(int i) => FormattableString.Invariant($"{what}, number {i} of {actual.Length}: {actual[i]:R}, not {expected[i]:R}");
        for (int i = 0; i < actual.Length; i++)
        {
            Add(Ulp.Distance(actual[i], expected[i], sizes is null ? expected[i] : sizes[i], precision), allowed, Place, i);
        }
    }
}
