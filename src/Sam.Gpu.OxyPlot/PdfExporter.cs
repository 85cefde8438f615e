using OxyPlot;
using PdfSharp.Drawing;
using PdfSharp.Pdf;
using Sam.Gpu.OxyPlot.Pdf;

namespace Sam.Gpu.OxyPlot;

/// <summary>Writes any model of OxyPlot as a PDF of one page with embedded fonts.</summary>
/// <remarks>
/// OxyPlot's own exporter of that name knows Latin letters only. All text is set in the fonts of this library, whatever the model asks for:
/// they have Latin, Greek and Cyrillic letters and the signs of mathematics. Images are left out. The same model gives the same bytes.
/// </remarks>
public sealed class PdfExporter : IExporter
{
    /// <summary>The width of the page in the model's units.</summary>
    public double Width { get; set; } = 600;

    /// <summary>The height of the page in the model's units.</summary>
    public double Height { get; set; } = 400;

    /// <summary>The length of a point (1/72 in) in the model's units, more than 0.</summary>
    public double UnitsPerPoint { get; set; } = OxyPlotFigures.PixelsPerPoint;

    /// <summary>The title among the document's properties; plain text.</summary>
    public string Title { get; set; } = "";

    /// <summary>One or two sentences among the document's properties; plain text.</summary>
    public string Description { get; set; } = "";

    /// <summary>Where the numbers come from, among the document's properties; plain text.</summary>
    public string Provenance { get; set; } = "";

    /// <summary>The program that made the model.</summary>
    public string Creator { get; set; } = "";

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to write; stays open.</param>
    /// <exception cref="InvalidOperationException">The model cannot be drawn; the inner exception says why.</exception>
    public void Export(IPlotModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        var bounds = new OxyRect(0, 0, Width, Height);
        using var document = new PdfDocument();
        PdfPage page = document.AddPage();
        page.Width = XUnit.FromPoint(Width / UnitsPerPoint);
        page.Height = XUnit.FromPoint(Height / UnitsPerPoint);
        using (XGraphics graphics = XGraphics.FromPdfPage(page))
        {
            var context = new PdfPageContext(graphics, new PdfFonts(), 1 / UnitsPerPoint);
            if (model.Background.IsVisible())
            {
                context.DrawRectangle(bounds, model.Background, OxyColors.Undefined, 0, EdgeRenderingMode.Automatic);
            }

            model.Update(true);
            model.Render(context, bounds);
        }

        // OxyPlot draws what went wrong into the picture; a file must not look like a figure then.
        if ((model as PlotModel)?.GetLastPlotException() is { } failure)
        {
            throw new InvalidOperationException($"OxyPlot cannot draw the model: {failure.Message}", failure);
        }

        stream.Write(PdfIdentity.Save(document, Title, Description, Provenance, Creator));
    }
}
