using PdfSharp.Drawing;

namespace Sam.Gpu.OxyPlot.Pdf;

/// <summary>Measures texts in the fonts of PDF figures, without a page.</summary>
internal sealed class TextMeasurer : IDisposable
{
    private readonly XGraphics graphics = XGraphics.CreateMeasureContext(new XSize(1, 1), XGraphicsUnit.Point, XPageDirection.Downwards);

    /// <summary>Creates a measurer.</summary>
    public TextMeasurer() => Context = new PdfPageContext(graphics, new PdfFonts(), 1);

    /// <summary>A render context to measure with.</summary>
    public PdfPageContext Context { get; }

    /// <inheritdoc/>
    public void Dispose() => graphics.Dispose();
}
