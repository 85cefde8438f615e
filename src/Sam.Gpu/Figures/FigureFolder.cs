using Sam.Gpu.Data;

namespace Sam.Gpu.Figures;

/// <summary>Draws the figures of runs from the files that the runs left.</summary>
public static class FigureFolder
{
    /// <summary>Draws the five figures of a run, in place of those that are there.</summary>
    /// <param name="runFolder">The folder of the run, with <c>run.json</c>, <c>metrics.csv</c> and <c>spectrum.csv</c>.</param>
    /// <param name="output">The folder to write to, made if it is not there; default <c>figures</c> in that of the run.</param>
    /// <param name="size">The size; default a single column.</param>
    /// <param name="exporters">Writes the files, one a figure and exporter; default SVG.</param>
    /// <returns>The files.</returns>
    /// <exception cref="DataException">A file is missing, is not as a run writes it, or cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        string runFolder, string? output = null, FigureSize? size = null, IReadOnlyList<IFigureExporter>? exporters = null) =>
        Write(RunFigures.Of(RunSeries.Read(runFolder), size), output ?? Path.Combine(runFolder, "figures"), exporters ?? Default);

    /// <summary>Draws the figures of several runs over each other.</summary>
    /// <param name="runFolders">The folders of the runs.</param>
    /// <param name="output">The folder to write to, made if it is not there; default the first free one of <c>runs/overlay</c>,
    /// <c>runs/overlay-2</c>, ….</param>
    /// <param name="size">The size; default a single column.</param>
    /// <param name="exporters">Writes the files, one a figure and exporter; default SVG.</param>
    /// <returns>The files.</returns>
    /// <exception cref="DataException">A file is missing, is not as a run writes it, or cannot be written.</exception>
    public static IReadOnlyList<string> WriteOverlay(
        IReadOnlyList<string> runFolders,
        string? output = null,
        FigureSize? size = null,
        IReadOnlyList<IFigureExporter>? exporters = null) =>
        Write(
            RunFigures.Overlay([.. runFolders.Select(RunSeries.Read)], size),
            output ?? FreeFolder.InRuns("overlay"),
            exporters ?? Default);

    /// <summary>SVG.</summary>
    internal static IReadOnlyList<IFigureExporter> Default { get; } = [new SvgFigures()];

    /// <summary>Writes figures into a folder, made if it is not there.</summary>
    /// <exception cref="DataException">A file cannot be written.</exception>
    internal static IReadOnlyList<string> Write(IReadOnlyList<Figure> figures, string folder, IReadOnlyList<IFigureExporter> exporters)
    {
        if (exporters.Count == 0)
        {
            return [];
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The folder '{folder}' cannot be made: {exception.Message}", exception);
        }

        var files = new List<string>();
        foreach (var figure in figures)
        {
            foreach (var exporter in exporters)
            {
                string file = Path.Combine(folder, $"{figure.Name}.{exporter.Format}");
                AtomicFile.Write(file, stream => exporter.Write(figure, stream));
                files.Add(file);
            }
        }

        return files;
    }
}
