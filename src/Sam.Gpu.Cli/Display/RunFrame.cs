using System.Globalization;

namespace Sam.Gpu.Cli.Display;

/// <summary>Draws a run at a moment as lines of text. Nothing but its arguments decides what comes out.</summary>
internal static class RunFrame
{
    private const int WidestFrame = 110;
    private const int NarrowestChart = 40;
    private const int LowestScreen = 14;

    // The lines around the chart, the summary's place below it, and the shell's next line.
    private const int LinesBesideChart = 8;

    /// <summary>Draws.</summary>
    /// <param name="state">The run.</param>
    /// <param name="width">The columns of the screen; no line is longer.</param>
    /// <param name="height">The lines of the screen; the frame has fewer.</param>
    /// <returns>The lines, in pieces.</returns>
    public static IReadOnlyList<IReadOnlyList<LinePiece>> Compose(RunState state, int width, int height)
    {
        int columns = Math.Clamp(width, 10, WidestFrame);
        var lines = new List<IReadOnlyList<LinePiece>> { Title(state), Progress(state, columns) };
        lines.AddRange(Values(state, columns));
        if (height >= LowestScreen && columns >= NarrowestChart)
        {
            lines.Add([]);
            lines.AddRange(RunChart.Draw(state, columns, Math.Clamp((height - LinesBesideChart) / 2, 4, 12)));
        }

        // The last line is there from the start, so that nothing moves.
        string ending = state is { IsEnding: true, HasEnded: false } ? "finishing the step and writing the files; Ctrl+C again ends at once" : "";
        return [.. lines.Take(Math.Max(1, height - 2)).Select(line => Cut(line, columns)), Cut([new(ending, LineStyle.Warning)], columns)];
    }

    private static IReadOnlyList<LinePiece> Title(RunState state) =>
    [
        new(state.Plan.Name, LineStyle.Title),
        new($"  {RunText.Optimizer(state.Plan.Configuration)}  "),
        new(RunText.Problem(state.Plan), LineStyle.Faint),
    ];

    private static IReadOnlyList<LinePiece> Progress(RunState state, int columns)
    {
        int steps = state.Plan.Configuration.Steps;
        double part = steps == 0 ? 1 : (double)state.Step / steps;
        string counts = $" {Numbers.Whole(state.Step).PadLeft(Numbers.Whole(steps).Length)}/{Numbers.Whole(steps)} "
            + $"{((int)(100 * part)).ToString(CultureInfo.InvariantCulture),3} %";
        string left = state.HasEnded ? "" : state.Remaining is { } remaining ? $", {Numbers.Clock(remaining)} left" : "";
        string times = $"  {Numbers.Clock(state.Elapsed)}{left}";

        // A place for the times that does not change as they do, so that the bar does not move.
        int length = Math.Max(0, columns - counts.Length - Math.Max(times.Length, 20));
        double filled = part * length;
        int whole = (int)filled;
        string tip = whole < length && filled - whole >= 0.5 ? "╸" : "";
        return
        [
            new(new string('━', whole) + tip, LineStyle.Done),
            new(new string('─', length - whole - tip.Length), LineStyle.Faint),
            new(counts),
            new(times, LineStyle.Faint),
        ];
    }

    private static IEnumerable<IReadOnlyList<LinePiece>> Values(RunState state, int columns)
    {
        string edge = RunText.EdgeName(state.Plan);
        string sharpness = RunText.SharpnessName(state.Plan);
        var last = state.Measurements.Count == 0 ? null : state.Measurements[^1];
        var isConverged = last?.Leading.Converged ?? true;
        (string Name, double Value, int Width, LineStyle Style)[] values =
        [
            ("loss", state.Step == 0 ? last?.Loss ?? double.NaN : state.Loss, 8, LineStyle.Plain),
            ("‖g‖", state.Step == 0 ? last?.GradientNorm ?? double.NaN : state.GradientNorm, 8, LineStyle.Plain),
            (sharpness, last?.Leading.Value ?? double.NaN, 7, isConverged ? LineStyle.Eigenvalue : LineStyle.Warning),
            (edge, last?.Edge ?? double.NaN, 7, LineStyle.Edge),
            (RunText.RatioName(state.Plan), last?.Ratio ?? double.NaN, 5, LineStyle.Title),
        ];
        var line = new List<LinePiece>();
        int used = 0;
        foreach (var (name, value, width, style) in values)
        {
            string number = Numbers.Short(value).PadRight(width);
            int length = name.Length + 1 + number.Length;
            if (used > 0 && used + 2 + length > columns)
            {
                yield return line;
                line = [];
                used = 0;
            }

            if (used > 0)
            {
                line.Add(new("  "));
                used += 2;
            }

            line.Add(new(name + " ", LineStyle.Faint));
            line.Add(new(number, style));
            used += length;
        }

        yield return line;
        if (!isConverged)
        {
            yield return [new($"{sharpness} has not converged: only an estimate, ± {Numbers.Short(last!.Leading.Residual)}", LineStyle.Warning)];
        }
    }

    private static IReadOnlyList<LinePiece> Cut(IReadOnlyList<LinePiece> line, int columns)
    {
        if (line.Sum(piece => piece.Text.Length) <= columns)
        {
            return line;
        }

        var pieces = new List<LinePiece>();
        int left = columns - 1;
        foreach (var piece in line)
        {
            string text = piece.Text[..Math.Min(left, piece.Text.Length)];
            left -= text.Length;
            pieces.Add(piece with { Text = text });
        }

        pieces.Add(new("…", LineStyle.Faint));
        return pieces;
    }
}
