using System.CommandLine;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>--figures</c>: the file formats of figures.</summary>
internal static class FiguresOption
{
    /// <summary>All formats there are.</summary>
    public static IReadOnlyList<IFigureExporter> Exporters { get; } = [new SvgFigures(), new PdfFigures()];

    /// <summary>Creates the option.</summary>
    /// <param name="others">What else may be given, with a comma before it; empty for nothing.</param>
    public static Option<string> Create(string others = "")
    {
        string formats = string.Join(", ", Exporters.Select(known => known.Format));
        return new("--figures")
        {
            Description = $"the formats of the figures, with commas between them: {formats}{others} [{FigureFormats.Default}]",
            HelpName = "LIST",
        };
    }

    /// <summary>The exporters that the option asks for.</summary>
    /// <param name="value">Its value; null if it was not given.</param>
    /// <exception cref="UsageException">A format is unknown, or something is missing for it.</exception>
    public static IReadOnlyList<IFigureExporter> Parse(string? value)
    {
        try
        {
            return FigureFormats.Parse(value ?? FigureFormats.Default, Exporters);
        }
        catch (UsageException exception)
        {
            throw new UsageException($"--figures: {exception.Message}", exception);
        }
    }
}
