using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Cli;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>A row of the table: an optimizer's step beside the base step that was taken next to it.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Contender">The optimizer.</param>
/// <param name="Products">The ratio in the operations of the matrix products.</param>
/// <param name="Times">The times of its step, a repetition each.</param>
/// <param name="BaseTimes">Those of the base step, in the same order.</param>
internal sealed record StepRow(
    StepProblem Problem, Contender Contender, double Products, IReadOnlyList<StepTime> Times, IReadOnlyList<StepTime> BaseTimes)
{
    /// <summary>The columns of the table.</summary>
    public static IReadOnlyList<string> Header { get; } =
        ["step", "ms", "ratio [quartiles]", "processor", "in passes", "in products", "target", "met"];

    /// <summary>The median over the repetitions of the ratio to the base step.</summary>
    public double Ratio => Row.Median(Ratios(time => time.Seconds));

    private double ProcessorRatio => Row.Median(Ratios(time => time.ProcessorSeconds));

    private bool IsMet => Ratio >= Contender.Least && Ratio <= Contender.Most;

    /// <summary>The cells of the row.</summary>
    public IReadOnlyList<string> Cells()
    {
        double[] sorted = [.. Ratios(time => time.Seconds).Order()];
        string target = Contender switch
        {
            { HasTarget: false } => "–",
            { KeptFraction: null } => $"at most {Numbers.Exact(Contender.Most)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Contender.Passes:F2} ± 20 %"),
        };
        return
        [
            Contender.Name,
            Numbers.Short(1e3 * Row.Median(Seconds(Times))),
            string.Create(CultureInfo.InvariantCulture, $"{Ratio:F2} [{sorted[sorted.Length / 4]:F2}–{sorted[^(1 + (sorted.Length / 4))]:F2}]"),
            Number(ProcessorRatio), Number(Contender.Passes), Number(Products),
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
        ["medianSeconds"] = Row.Median(Seconds(Times)),
        ["medianRatio"] = Ratio,
        ["medianProcessorRatio"] = ProcessorRatio,
        ["ratioInPasses"] = Contender.Passes,
        ["ratioInProducts"] = Products,
        ["isMet"] = Contender.HasTarget ? IsMet : null,
        ["seconds"] = Array(Times, time => time.Seconds),
        ["baseSeconds"] = Array(BaseTimes, time => time.Seconds),
        ["processorSeconds"] = Array(Times, time => time.ProcessorSeconds),
        ["baseProcessorSeconds"] = Array(BaseTimes, time => time.ProcessorSeconds),
    };

    /// <summary>The seconds by the clock.</summary>
    /// <param name="times">The times.</param>
    public static IReadOnlyList<double> Seconds(IEnumerable<StepTime> times) => [.. times.Select(time => time.Seconds)];

    // Repetition by repetition, so that a machine that changes its speed changes it for both.
    private double[] Ratios(Func<StepTime, double> seconds) => [.. Times.Zip(BaseTimes, (own, other) => seconds(own) / seconds(other))];

    private static JsonArray Array(IEnumerable<StepTime> times, Func<StepTime, double> seconds) =>
        [.. times.Select(time => JsonValue.Create(seconds(time)))];

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
