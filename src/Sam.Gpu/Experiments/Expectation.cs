using System.Globalization;

namespace Sam.Gpu.Experiments;

/// <summary>What a recipe claims of its run: one of its <see cref="RunStatistics"/> lies in a range.</summary>
/// <param name="Quantity">The name of the number, one of <see cref="Quantities"/>.</param>
/// <param name="From">The least value that is expected; −∞ for none.</param>
/// <param name="To">The largest value that is expected; ∞ for none.</param>
public sealed record Expectation(string Quantity, double From, double To)
{
    private static readonly (string Name, string Description, Func<RunStatistics, double> Of)[] Known =
    [
        ("ratio", "median of λ₁/edge, last half", statistics => statistics.Ratio),
        ("low-ratio", "10 % quantile of λ₁/edge, last half", statistics => statistics.LowRatio),
        ("high-ratio", "90 % quantile of λ₁/edge, last half", statistics => statistics.HighRatio),
        ("sharpness", "median of λ₁, last half", statistics => statistics.Sharpness),
        ("better-aligned", "measurements in which SAM's gradient is the better aligned with u₁, last half", statistics => statistics.BetterAligned),
        ("unconverged", "measurements whose λ₁ has not converged, last half", statistics => statistics.Unconverged),
        ("loss", "mean training loss, last tenth of the steps", statistics => statistics.Loss),
    ];

    /// <summary>Names and meanings of the numbers that can be expected.</summary>
    public static IReadOnlyList<(string Name, string Description)> Quantities { get; } = [.. Known.Select(row => (row.Name, row.Description))];

    /// <summary>What the number is.</summary>
    public string Description => Row.Description;

    /// <summary>The range in words.</summary>
    public string Range => (double.IsFinite(From), double.IsFinite(To)) switch
    {
        (true, true) => From == To ? Text(From) : $"{Text(From)} to {Text(To)}",
        (true, false) => $"at least {Text(From)}",
        _ => $"at most {Text(To)}",
    };

    /// <summary>Creates an expectation.</summary>
    /// <param name="quantity">The name of the number.</param>
    /// <param name="from">The least value; null for none.</param>
    /// <param name="to">The largest; null for none.</param>
    /// <exception cref="UsageException">There is no such number, or the range is empty.</exception>
    public static Expectation Create(string quantity, double? from, double? to)
    {
        if (!Known.Any(row => row.Name == quantity))
        {
            throw Suggestions.Unknown("quantity", quantity, Known.Select(row => row.Name));
        }

        return (from ?? to) is not null && !(from > to)
            ? new Expectation(quantity, from ?? double.NegativeInfinity, to ?? double.PositiveInfinity)
            : throw new UsageException($"The expectation '{quantity}' has no range: give \"from\", \"to\" or both, from at most to.");
    }

    /// <summary>The number of a run.</summary>
    /// <param name="statistics">The run.</param>
    public double Measured(RunStatistics statistics) => Row.Of(statistics);

    /// <summary>Whether the number of a run is in the range. NaN never is.</summary>
    /// <param name="statistics">The run.</param>
    public bool IsMet(RunStatistics statistics) => Measured(statistics) is var value && value >= From && value <= To;

    private (string Name, string Description, Func<RunStatistics, double> Of) Row => Array.Find(Known, row => row.Name == Quantity);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
