namespace Sam.Gpu.Figures;

/// <summary>Chooses the file formats of figures by name.</summary>
public static class FigureFormats
{
    /// <summary>The format of figures where none is asked for.</summary>
    public const string Default = "svg";

    /// <summary>Stands for no figures at all.</summary>
    public const string None = "none";

    /// <summary>The exporters that a list of formats asks for.</summary>
    /// <param name="text">Formats with commas between them, such as <c>svg,pdf</c>, in any case and order; or <see cref="None"/>.</param>
    /// <param name="exporters">All there are.</param>
    /// <returns>Each once, in the order that was asked for.</returns>
    /// <exception cref="UsageException">A format is unknown, or something is missing for it.</exception>
    public static IReadOnlyList<IFigureExporter> Parse(string text, IReadOnlyList<IFigureExporter> exporters)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(exporters);
        string[] names = [.. text.Split(',').Select(name => name.Trim().ToLowerInvariant()).Distinct()];
        if (names is [None])
        {
            return [];
        }

        var chosen = new List<IFigureExporter>();
        foreach (string name in names)
        {
            if (name == None)
            {
                throw new UsageException(
                    $"'{text}' is not allowed: '{None}' goes with no other format. Give {None} alone, or leave it out.");
            }

            var exporter = exporters.FirstOrDefault(known => known.Format == name)
                ?? throw Suggestions.Unknown("figure format", name, exporters.Select(known => known.Format).Append(None));
            if (exporter.Missing is { } missing)
            {
                string[] others = [.. exporters.Where(known => known.Missing is null).Select(known => known.Format)];
                throw new UsageException(
                    $"Figures as '{name}' cannot be made: {missing}. Without it there are: {string.Join(", ", others)}.");
            }

            chosen.Add(exporter);
        }

        return chosen;
    }
}
