using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Models;

namespace Sam.Gpu.OxyPlot;

/// <summary>Figures as PDF, through their models of OxyPlot.</summary>
/// <remarks>The same figure gives the same bytes. Every font is embedded, and texts can be searched and copied.</remarks>
public sealed class PdfFigures : IFigureExporter
{
    // OxyPlot rounds and spaces texts by whole units, so units must be small.
    private const double UnitsPerPoint = 20;

    /// <inheritdoc/>
    public string Format => "pdf";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public void Write(Figure figure, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(stream);
        var exporter = new PdfExporter
        {
            Width = OxyPlotFigures.Width(figure, UnitsPerPoint),
            Height = OxyPlotFigures.Height(figure, UnitsPerPoint),
            UnitsPerPoint = UnitsPerPoint,
            Title = FigureText.Plain(figure.Title ?? figure.Name),
            Description = figure.Description,
            Provenance = figure.Provenance,
            Creator = $"samgpu {Experiments.Version.Number}",
        };
        exporter.Export(FigureModel.Of(figure, UnitsPerPoint, forPrint: true), stream);
    }
}
