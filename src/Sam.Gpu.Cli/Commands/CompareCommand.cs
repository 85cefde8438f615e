using System.CommandLine;
using System.Globalization;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu compare</c>: runs beside each other in a table, from their files.</summary>
internal static class CompareCommand
{
    private static readonly string[] Header =
        ["run", "optimizer", "η", "ρ", "loss", "λ₁", "edge", "λ₁/edge", "10–90 %", "cos(g, u₁)", "cos(g_SAM, u₁)", "g_SAM better"];

    private static readonly CommandHelp Help = new()
    {
        Examples =
        [
            ("samgpu compare runs/demo runs/demo-2", "two runs, the last half of their measurements"),
            ("samgpu compare runs/* --last 0.25 --markdown", "all runs, the last quarter, as a table for a page"),
        ],
        Notes =
        [
            "λ₁, edge, their ratio and the |cos| of the angles between gradients and first eigenvector are medians over the last part of the "
            + "measurements, 10–90 % the quantiles of the ratio; the edge is that which applies to the run's optimizer. 'g_SAM better' is the part "
            + "of these measurements in which SAM's gradient is the better aligned. Of adam and rmsprop λ₁ is that of P⁻¹H, P what they divide "
            + "by. The loss is the mean over the last tenth of the steps.",
        ],
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Arity = ArgumentArity.OneOrMore, Description = "the folder of a run" };
        var last = new Option<string>("--last") { Description = "the part of the measurements that counts, above 0 and at most 1 [0.5]", HelpName = "X" };
        var markdown = new Option<bool>("--markdown") { Description = "write the table as Markdown" };
        var command = new DocumentedCommand("compare", "Shows how runs stand to their edges, in a table.", Help) { runs, last, markdown };
        command.SetAction(result => Run(result.GetValue(runs)!, result.GetValue(last), result.GetValue(markdown), terminal));
        return command;
    }

    private static int Run(string[] runs, string? last, bool isMarkdown, Terminal terminal)
    {
        double part = RunStatistics.LastHalf;
        if (last is not null && !(double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out part) && part is > 0 and <= 1))
        {
            throw new UsageException($"--last '{last}' is not allowed: give a number above 0 and at most 1, such as 0.5.");
        }

        string[][] rows = [Header, .. runs.Select(run => Row(run, part))];
        if (isMarkdown)
        {
            WriteMarkdown(terminal.Out, rows);
        }
        else
        {
            TextTable.Write(terminal.Out, rows);
        }

        return ExitCode.Done;
    }

    private static string[] Row(string folder, double part)
    {
        var run = RunSeries.Read(folder);
        var statistics = RunStatistics.Of(run, part);
        string doubt = statistics.Unconverged == 0 ? "" : $" ({Numbers.Whole(statistics.Unconverged)} of {Numbers.Whole(statistics.Measurements)} unconverged)";
        return
        [
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), run.Optimizer,
            Number(run.StepSize), Number(run.Rho), Numbers.Short(statistics.Loss), Numbers.Short(statistics.Sharpness) + doubt,
            Numbers.Short(statistics.Edge), Ratio(statistics.Ratio), $"{Ratio(statistics.LowRatio)}–{Ratio(statistics.HighRatio)}",
            Ratio(statistics.GradientAlignment), Ratio(statistics.SamGradientAlignment),
            double.IsNaN(statistics.BetterAligned) ? "–" : $"{(100 * statistics.BetterAligned).ToString("F0", CultureInfo.InvariantCulture)} %",
        ];
    }

    private static void WriteMarkdown(TextWriter writer, string[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            writer.WriteLine($"| {string.Join(" | ", rows[i])} |");
            if (i == 0)
            {
                writer.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", rows[i].Length))}");
            }
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : Numbers.Exact(value);

    private static string Ratio(double value) => double.IsNaN(value) ? "–" : value.ToString("F3", CultureInfo.InvariantCulture);
}
