namespace Sam.Gpu.Checks;

/// <summary>What the check of a device found about one function or operation.</summary>
public sealed record CheckRow
{
    /// <summary>What was compared.</summary>
    public required string Name { get; init; }

    /// <summary>How many numbers were compared.</summary>
    public required long Compared { get; init; }

    /// <summary>The error that comes nearest to its bound, or goes furthest beyond it.</summary>
    /// <remarks>
    /// In ulp of the device's precision: the distance between neighbouring numbers at the exact result; where terms may cancel, at the sum
    /// of their sizes. ∞ where one of the two is NaN and the other is not.
    /// </remarks>
    public required double WorstError { get; init; }

    /// <summary>The bound of that error, in ulp.</summary>
    public required double Allowed { get; init; }

    /// <summary>Whether all are within their bounds.</summary>
    public required CheckVerdict Verdict { get; init; }

    /// <summary>What a standard allows, where the verdict stands on it; else null.</summary>
    public string? Note { get; init; }

    /// <summary>Where the worst error is, with what the device gives and what is right.</summary>
    public required string Worst { get; init; }
}
