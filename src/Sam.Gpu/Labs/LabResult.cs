namespace Sam.Gpu.Labs;

/// <summary>What came out of a lab.</summary>
/// <param name="Lab">The lab.</param>
/// <param name="Rows">Its findings, in order.</param>
/// <param name="Folder">Where its figures, its runs and <c>lab.json</c> are.</param>
/// <param name="Figures">The files of the figures.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record LabResult(Lab Lab, IReadOnlyList<LabRow> Rows, string Folder, IReadOnlyList<string> Figures, double Seconds)
{
    /// <summary>Whether every finding is as expected.</summary>
    public bool IsMet => Rows.All(row => row.IsMet);
}
