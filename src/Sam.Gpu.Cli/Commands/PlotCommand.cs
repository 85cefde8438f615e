using System.CommandLine;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu plot</c>: draws runs from their files.</summary>
internal static class PlotCommand
{
    private static readonly CommandHelp Help = new()
    {
        Examples =
        [
            ("samgpu plot runs/demo", "draws the figures of a run anew, from its files alone"),
            ("samgpu plot runs/sam runs/gd --output figures --size icml", "draws two runs over each other, as wide as a column of ICML"),
            ("samgpu plot runs/demo --figures pdf", "draws the figures of a run as PDF, for LaTeX"),
        ],
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN") { Arity = ArgumentArity.OneOrMore, Description = "the folder of a run" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "the folder for the figures [one run: its own figures/; several: the first free one of runs/overlay, runs/overlay-2, …]",
            HelpName = "DIR",
        };
        var size = SizeOption.Create();
        var figures = FiguresOption.Create();
        var command = new DocumentedCommand("plot", "Draws the figures of a run, or of several runs over each other, from their files.", Help)
        {
            runs, output, size, figures,
        };
        command.SetAction(result => Run(
            result.GetValue(runs)!, result.GetValue(output), result.GetValue(size), result.GetValue(figures), terminal));
        return command;
    }

    private static int Run(string[] runs, string? output, string? size, string? formats, Terminal terminal)
    {
        var exporters = FiguresOption.Parse(formats);
        if (exporters.Count == 0)
        {
            throw new UsageException("--figures none leaves nothing to draw: give at least one format.");
        }

        var figureSize = SizeOption.Parse(size);
        var files = runs.Length == 1
            ? FigureFolder.Write(runs[0], output, figureSize, exporters)
            : FigureFolder.WriteOverlay(runs, output, figureSize, exporters);
        foreach (string file in files)
        {
            terminal.Out.WriteLine(file);
        }

        return ExitCode.Done;
    }
}
