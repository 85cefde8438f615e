namespace Sam.Gpu.Checks;

/// <summary>What the check of a device found.</summary>
/// <param name="Rows">A row a function or operation.</param>
/// <param name="FirstLaunches">What the first launches took beyond later ones: the kernels' compilation.</param>
/// <param name="Elapsed">What all of it took.</param>
public sealed record CheckResult(IReadOnlyList<CheckRow> Rows, TimeSpan FirstLaunches, TimeSpan Elapsed)
{
    /// <summary>The rows that are out of bounds.</summary>
    public IReadOnlyList<CheckRow> Failures => [.. Rows.Where(row => row.Verdict == CheckVerdict.Failed)];
}
