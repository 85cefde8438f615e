using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Cli;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>A row of the table: an optimizer's step beside the base step that was taken next to it.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Contender">The optimizer.</param>
/// <param name="Products">The ratio in the operations of the matrix products.</param>
/// <param name="Seconds">The seconds of its step, a repetition each.</param>
/// <param name="BaseSeconds">Those of the base step, in the same order.</param>
internal sealed record StepRow(
    StepProblem Problem, Contender Contender, double Products, IReadOnlyList<double> Seconds, IReadOnlyList<double> BaseSeconds)
{
    /// <summary>The columns of the table.</summary>
    public static IReadOnlyList<string> Header { get; } =
        ["step", "ms", "ratio [quartiles]", "of the fastest", "in passes", "in products", "target", "met"];

    /// <summary>The median over the repetitions of the ratio to the base step.</summary>
    public double Ratio => Row.Median(Ratios);

    // Repetition by repetition, so that a machine that changes its speed changes it for both.
    private double[] Ratios => [.. Seconds.Zip(BaseSeconds, (own, other) => own / other)];

    private double RatioOfFastest => Seconds.Min() / BaseSeconds.Min();

    private bool IsMet => Ratio >= Contender.Least && Ratio <= Contender.Most;

    /// <summary>The cells of the row.</summary>
    public IReadOnlyList<string> Cells()
    {
        double[] sorted = [.. Ratios.Order()];
        string target = Contender switch
        {
            { HasTarget: false } => "–",
            { KeptFraction: null } => $"at most {Numbers.Exact(Contender.Most)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Contender.Passes:F2} ± 20 %"),
        };
        return
        [
            Contender.Name,
            Numbers.Short(1e3 * Row.Median(Seconds)),
            string.Create(CultureInfo.InvariantCulture, $"{Ratio:F2} [{sorted[sorted.Length / 4]:F2}–{sorted[^(1 + (sorted.Length / 4))]:F2}]"),
            Number(RatioOfFastest), Number(Contender.Passes), Number(Products),
            target, !Contender.HasTarget ? "–" : IsMet ? "yes" : "no",
        ];
    }

    /// <summary>The row with every time, for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["network"] = Problem.Network,
        ["activation"] = Problem.Activation,
        ["batchSize"] = Problem.BatchSize,
        ["step"] = Contender.Name,
        ["settings"] = Contender.Settings,
        ["medianSeconds"] = Row.Median(Seconds),
        ["medianRatio"] = Ratio,
        ["ratioOfFastest"] = RatioOfFastest,
        ["ratioInPasses"] = Contender.Passes,
        ["ratioInProducts"] = Products,
        ["isMet"] = Contender.HasTarget ? IsMet : null,
        ["seconds"] = new JsonArray([.. Seconds.Select(seconds => JsonValue.Create(seconds))]),
        ["baseSeconds"] = new JsonArray([.. BaseSeconds.Select(seconds => JsonValue.Create(seconds))]),
    };

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
