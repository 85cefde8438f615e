using System.Globalization;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>Draws λ₁ against the edge over the steps of a run: λ₁ in fine dots, the edge in dashes, so that they differ without colour.</summary>
internal static class RunChart
{
    // Braille characters: 2 × 4 dots each.
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const char Dash = '╌';
    private const char Doubtful = '×';

    private static readonly byte[,] DotBits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Draws.</summary>
    /// <param name="state">The run.</param>
    /// <param name="columns">The columns to take, ≥ 20.</param>
    /// <param name="rows">The rows of the plot itself; two more follow, the axis and its legend.</param>
    public static IEnumerable<IReadOnlyList<LinePiece>> Draw(RunState state, int columns, int rows)
    {
        double top = Top(state.Measurements);
        string[] labels = [.. Enumerable.Range(0, rows).Select(row => row == 0 ? Label(top) : row == rows / 2 && rows % 2 == 0 ? Label(top / 2) : "")];
        int margin = Math.Max(4, labels.Max(label => label.Length));
        int width = columns - margin - 2;
        var cells = Cells(state, width, rows, top);
        for (int row = 0; row < rows; row++)
        {
            // The label of a height stands beside the row that the height is the upper border of.
            var line = new List<LinePiece> { new($"{labels[row].PadLeft(margin)} {(labels[row].Length > 0 ? '┤' : '│')}", LineStyle.Faint) };
            int begin = 0;
            for (int column = 1; column <= width; column++)
            {
                if (column == width || cells[row, column].Style != cells[row, begin].Style)
                {
                    line.Add(new(string.Concat(Enumerable.Range(begin, column - begin).Select(i => cells[row, i].Symbol)), cells[row, begin].Style));
                    begin = column;
                }
            }

            yield return line;
        }

        yield return [new($"{"0".PadLeft(margin)} └{new string('─', width)}", LineStyle.Faint)];
        yield return Legend(state, margin + 2, width);
    }

    private static IReadOnlyList<LinePiece> Legend(RunState state, int indent, int width)
    {
        string edge = RunText.EdgeName(state.Plan);
        string begin = "step 0";
        string end = Numbers.Whole(state.Plan.Configuration.Steps);
        LinePiece[] keys =
        [
            new($"⠒⠒ {RunText.SharpnessName(state.Plan)}", LineStyle.Eigenvalue), new("   "), new($"{Dash}{Dash} {edge}", LineStyle.Edge),
            .. state.Measurements.Any(measurement => !measurement.Leading.Converged) ? (LinePiece[])[new($"   {Doubtful} not converged", LineStyle.Warning)] : [],
        ];
        int gap = Math.Max(2, width - begin.Length - end.Length - keys.Sum(key => key.Text.Length));
        return
        [
            new(new string(' ', indent) + begin + new string(' ', gap / 2), LineStyle.Faint),
            .. keys,
            new(new string(' ', gap - (gap / 2)) + end, LineStyle.Faint),
        ];
    }

    private static (char Symbol, LineStyle Style)[,] Cells(RunState state, int width, int rows, double top)
    {
        var cells = new (char Symbol, LineStyle Style)[rows, width];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < width; column++)
            {
                cells[row, column] = (' ', LineStyle.Plain);
            }
        }

        var measurements = state.Measurements;
        double steps = Math.Max(1, state.Plan.Configuration.Steps);
        DrawLine(measurements, m => m.Edge, steps, width, rows, top, (column, row) => cells[row, column] = (Dash, LineStyle.Edge));
        DrawLine(
            measurements, m => m.Leading.Value, steps, width * DotsAcross, rows * DotsDown, top,
            (x, y) =>
            {
                ref var cell = ref cells[y / DotsDown, x / DotsAcross];
                int dots = cell.Style == LineStyle.Eigenvalue ? cell.Symbol : '\u2800';
                cell = ((char)(dots | DotBits[y % DotsDown, x % DotsAcross]), LineStyle.Eigenvalue);
            });
        foreach (var measurement in measurements.Where(measurement => !measurement.Leading.Converged))
        {
            if (Height(measurement.Leading.Value, rows, top) is { } row)
            {
                cells[row, Column(measurement, steps, width)] = (Doubtful, LineStyle.Warning);
            }
        }

        return cells;
    }

    // A line through the measurements, a mark a column and, where it is steep, all marks between those of neighbours.
    private static void DrawLine(
        IReadOnlyList<Measurement> measurements, Func<Measurement, double> value, double steps, int width, int height, double top,
        Action<int, int> mark)
    {
        int? previous = null;
        for (int i = 0; i < measurements.Count; i++)
        {
            int first = Column(measurements[i], steps, width);
            int end = i + 1 < measurements.Count ? Column(measurements[i + 1], steps, width) : first + 1;
            double from = value(measurements[i]);
            double to = i + 1 < measurements.Count ? value(measurements[i + 1]) : from;

            // Of measurements in the same column each is marked; the last but none covers the way to the next column.
            for (int column = first; column < Math.Max(end, first + 1); column++)
            {
                double share = end > first ? (double)(column - first) / (end - first) : 0;
                int? row = Height(from + (share * (to - from)), height, top);
                if (row is { } here)
                {
                    int low = Math.Min(here, previous is { } before ? (here > before ? before + 1 : here) : here);
                    int high = Math.Max(here, previous is { } after ? (here < after ? after - 1 : here) : here);
                    for (int y = low; y <= high; y++)
                    {
                        mark(column, y);
                    }
                }

                previous = row;
            }
        }
    }

    private static int Column(Measurement measurement, double steps, int width) =>
        Math.Min(width - 1, (int)(measurement.Step / steps * width));

    // The row of a value, from the top; null outside of the plot.
    private static int? Height(double value, int rows, double top) =>
        value >= 0 && value <= top ? Math.Min(rows - 1, (int)((1 - (value / top)) * rows)) : null;

    // A round number that λ₁ stays below, and the edge too unless that would leave half of the chart to it alone.
    private static double Top(IReadOnlyList<Measurement> measurements)
    {
        double largest = measurements.Select(measurement => measurement.Leading.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double edge = measurements.Select(measurement => measurement.Edge).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double needed = Math.Max(largest, edge <= 2 * largest ? edge : 0) * 1.05;
        if (!(needed > 0))
        {
            return 1;
        }

        double unit = Math.Pow(10, Math.Floor(Math.Log10(needed)));
        return new[] { 1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10 }.First(factor => factor * unit >= needed * (1 - 1e-9)) * unit;
    }

    private static string Label(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
