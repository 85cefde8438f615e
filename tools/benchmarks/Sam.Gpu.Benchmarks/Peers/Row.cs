using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Cli;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>A row of the table: a work on a problem, compared and then timed on both sides.</summary>
internal sealed record Row
{
    /// <summary>The columns of the table.</summary>
    public static IReadOnlyList<string> Header { get; } =
        ["work", "ours ms", "PyTorch ms", "ratio [min–max]", "ours GFLOP/s", "difference"];

    /// <summary>The problem.</summary>
    public required Problem Problem { get; init; }

    /// <summary>The work.</summary>
    public required Work Work { get; init; }

    /// <summary>The specification of the data.</summary>
    public required string Data { get; init; }

    /// <summary>The threads of either side.</summary>
    public required int Threads { get; init; }

    /// <summary>The counted operations; null where they are not known beforehand.</summary>
    public required double? Floor { get; init; }

    /// <summary>The relative difference of the results.</summary>
    public required double Difference { get; init; }

    /// <summary>What differs too much, or null.</summary>
    public required string? Failure { get; init; }

    /// <summary>The seconds of this library, a repetition each; empty if the results differ.</summary>
    public required IReadOnlyList<double> Ours { get; init; }

    /// <summary>The seconds of PyTorch, in the same order.</summary>
    public required IReadOnlyList<double> Theirs { get; init; }

    /// <summary>PyTorch's seconds over ours, repetition by repetition: above 1 we are faster.</summary>
    private double[] Ratios => [.. Ours.Zip(Theirs, (ours, theirs) => theirs / ours)];

    /// <summary>The cells of the row.</summary>
    public IReadOnlyList<string> Cells()
    {
        string difference = Difference.ToString("0.0e+0", CultureInfo.InvariantCulture);
        if (Failure is not null)
        {
            return [Work.Name, "–", "–", "–", "–", $"FAILED, {Failure}"];
        }

        double[] ratios = Ratios;
        return
        [
            Work.Name,
            Numbers.Short(1e3 * Median(Ours)),
            Numbers.Short(1e3 * Median(Theirs)),
            string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):F2} [{ratios.Min():F2}–{ratios.Max():F2}]"),
            string.Create(CultureInfo.InvariantCulture, $"{Floor / Median(Ours) / 1e9:F1}") is { Length: > 0 } rate ? rate : "–",
            difference,
        ];
    }

    /// <summary>The row with every time, for programs.</summary>
    public JsonObject ToJson()
    {
        var row = new JsonObject
        {
            ["problem"] = Problem.Name,
            ["network"] = Problem.Network,
            ["activation"] = Problem.Activation,
            ["loss"] = Problem.Loss,
            ["precision"] = Problem.Precision.ToString().ToLowerInvariant(),
            ["data"] = Data,
            ["threads"] = Threads,
            ["work"] = Work.Name,
            ["floorOperations"] = Floor,
            ["relativeDifference"] = double.IsFinite(Difference) ? Difference : null,
            ["failure"] = Failure,
        };
        if (Failure is null)
        {
            row["medianSeconds"] = Median(Ours);
            row["pytorchMedianSeconds"] = Median(Theirs);
            row["medianRatio"] = Median(Ratios);
            row["seconds"] = new JsonArray([.. Ours.Select(seconds => JsonValue.Create(seconds))]);
            row["pytorchSeconds"] = new JsonArray([.. Theirs.Select(seconds => JsonValue.Create(seconds))]);
        }

        return row;
    }

    /// <summary>The middle of numbers; of an even count, the mean of the two in the middle.</summary>
    /// <param name="numbers">At least one.</param>
    internal static double Median(IReadOnlyList<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
