using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot;

/// <summary>Stands in for figures as PDF where the package of OxyPlot could not be restored: says why.</summary>
public sealed class PdfFigures : IFigureExporter
{
    /// <inheritdoc/>
    public string Format => "pdf";

    /// <inheritdoc/>
    public string? Missing => OxyPlotFigures.Missing;

    /// <inheritdoc/>
    public void Write(Figure figure, Stream stream) => throw new UsageException($"Figures as 'pdf' cannot be made: {Missing}.");
}
