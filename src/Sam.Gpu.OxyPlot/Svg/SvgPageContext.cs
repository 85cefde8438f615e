using OxyPlot;
using Sam.Gpu.OxyPlot.Pdf;

namespace Sam.Gpu.OxyPlot.Svg;

/// <summary>OxyPlot's SVG, mended: baselines where every viewer finds them, and dashes in widths of their lines.</summary>
/// <remarks>
/// OxyPlot leaves vertical alignment to the viewer, which many do not know; its workaround takes a text's box to end at the baseline. And
/// it writes dashes as lengths, which everywhere else in OxyPlot are counted in widths of the line.
/// </remarks>
internal sealed class SvgPageContext(Stream stream, double width, double height, IRenderContext measurer, OxyColor background)
    : SvgRenderContext(stream, width, height, isDocument: true, measurer, background, useVerticalTextAlignmentWorkaround: true)
{
    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode,
        double[]? dashArray, LineJoin lineJoin) =>
        base.DrawLine(points, stroke, thickness, edgeRenderingMode, dashArray?.Select(dash => dash * thickness).ToArray(), lineJoin);

    public override void DrawText(
        ScreenPoint p, string text, OxyColor c, string? fontFamily, double fontSize, double fontWeight, double rotate,
        HorizontalAlignment halign, VerticalAlignment valign, OxySize? maxSize)
    {
        double angle = rotate * Math.PI / 180;
        var up = new ScreenVector(Math.Sin(angle), -Math.Cos(angle)) * (fontSize * PdfFonts.Descent);
        base.DrawText(p + up, text, c, fontFamily, fontSize, fontWeight, rotate, halign, valign, maxSize);
    }
}
