using OxyPlot;
using PdfSharp.Drawing;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Models;

namespace Sam.Gpu.OxyPlot.Pdf;

/// <summary>A page of a PDF that OxyPlot draws on.</summary>
/// <param name="graphics">The page, in points.</param>
/// <param name="fonts">The fonts, whatever a model asks for.</param>
/// <param name="scale">Points in a unit of the model.</param>
internal sealed class PdfPageContext(XGraphics graphics, PdfFonts fonts, double scale) : ClippingRenderContext
{
    // Lines on the plot's edge keep their width if the clip leaves this much room, in points.
    private const double ClipReserve = 0.8;

    private readonly Stack<XGraphicsState> clips = [];

    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode,
        double[]? dashArray, LineJoin lineJoin)
    {
        if (points.Count > 1 && Pen(stroke, thickness, dashArray, lineJoin) is { } pen)
        {
            graphics.DrawLines(pen, Points(points));
        }
    }

    public override void DrawPolygon(
        IList<ScreenPoint> points, OxyColor fill, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode,
        double[]? dashArray, LineJoin lineJoin)
    {
        XPen? pen = Pen(stroke, thickness, dashArray, lineJoin);
        XBrush? brush = Brush(fill);
        if (points.Count > 1 && (pen is not null || brush is not null))
        {
            graphics.DrawPolygon(pen, brush, Points(points), XFillMode.Alternate);
        }
    }

    public override void DrawEllipse(OxyRect rect, OxyColor fill, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode)
    {
        XPen? pen = Pen(stroke, thickness, null, LineJoin.Miter);
        XBrush? brush = Brush(fill);
        if (pen is not null || brush is not null)
        {
            graphics.DrawEllipse(pen, brush, Rectangle(rect));
        }
    }

    public override void DrawText(
        ScreenPoint p, string text, OxyColor fill, string? fontFamily, double fontSize, double fontWeight, double rotate,
        HorizontalAlignment halign, VerticalAlignment valign, OxySize? maxSize)
    {
        if (string.IsNullOrEmpty(text) || Brush(fill) is not { } brush)
        {
            return;
        }

        XGraphicsState state = graphics.Save();
        graphics.TranslateTransform(p.X * scale, p.Y * scale);
        graphics.RotateTransform(rotate);
        string[] lines = text.Split('\n');
        double size = fontSize * scale;
        double lineHeight = size * PdfFonts.LineHeight;
        double top = lines.Length * lineHeight * valign switch { VerticalAlignment.Top => 0, VerticalAlignment.Middle => -0.5, _ => -1 };
        foreach (string line in lines)
        {
            DrawPieces(line, brush, size, top + (size * PdfFonts.Ascent), halign);
            top += lineHeight;
        }

        graphics.Restore(state);
    }

    public override OxySize MeasureText(string text, string? fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
        {
            return OxySize.Empty;
        }

        string[] lines = text.Split('\n');
        double size = fontSize * scale;
        double height = lines.Length * fontSize * PdfFonts.LineHeight;
        if (text[0] is ModelText.Subscript)
        {
            // Its box ends with that of its line: what has a subscript must not stand higher than what has none.
            height = fontSize / ModelText.ScriptSize * (PdfFonts.LineHeight - ModelText.SubscriptTop);
        }

        return new OxySize(lines.Max(line => Pieces(line, size).Sum(piece => piece.Width)) / scale, height);
    }

    protected override void SetClip(OxyRect clippingRectangle)
    {
        clips.Push(graphics.Save());
        XRect clip = Rectangle(clippingRectangle);
        clip.Inflate(ClipReserve, ClipReserve);
        graphics.IntersectClip(clip);
    }

    protected override void ResetClip() => graphics.Restore(clips.Pop());

    private void DrawPieces(string line, XBrush brush, double size, double baseline, HorizontalAlignment alignment)
    {
        var pieces = Pieces(line, size);
        double before = alignment switch { HorizontalAlignment.Left => 0, HorizontalAlignment.Center => 0.5, _ => 1 };
        double x = -before * pieces.Sum(piece => piece.Width);
        foreach (var (text, font, width) in pieces)
        {
            graphics.DrawString(text, font, brush, x, baseline + Shift(line, size), XStringFormats.BaseLineLeft);
            x += width;
        }
    }

    /// <summary>A line's pieces of one font each, with their widths in points, and without the marks.</summary>
    private List<(string Text, XFont Font, double Width)> Pieces(string line, double size)
    {
        var pieces = new List<(string Text, XFont Font, double Width)>();
        bool isScript = line.Length > 0 && line[0] is ModelText.Subscript or ModelText.Superscript;
        double shown = isScript ? size / ModelText.ScriptSize * FontMetrics.ScriptSize : size;
        bool italic = false;
        int start = 0;
        for (int index = 0; index <= line.Length; index++)
        {
            if (index == line.Length || line[index] is >= ModelText.Italic and <= ModelText.Superscript or '\u2060')
            {
                foreach (var (text, font) in fonts.Pieces(line[start..index], italic, shown))
                {
                    pieces.Add((text, font, graphics.MeasureString(text, font, XStringFormats.BaseLineLeft).Width));
                }

                italic = index < line.Length && (line[index] == ModelText.Italic || (line[index] == '\u2060' && italic));
                start = index + 1;
            }
        }

        return pieces;
    }

    /// <summary>How much lower than OxyPlot puts it the baseline of a script belongs, in points.</summary>
    private static double Shift(string line, double size)
    {
        double lineSize = size / ModelText.ScriptSize;
        double usual = PdfFonts.Ascent * size;
        return line[0] switch
        {
            ModelText.Subscript => (lineSize * (PdfFonts.Ascent + FontMetrics.SubscriptDrop - ModelText.SubscriptTop)) - usual,
            ModelText.Superscript => (lineSize * (PdfFonts.Ascent - FontMetrics.SuperscriptRise)) - usual,
            _ => 0,
        };
    }

    private XPen? Pen(OxyColor stroke, double thickness, double[]? dashes, LineJoin join)
    {
        if (stroke.IsInvisible() || !(thickness > 0))
        {
            return null;
        }

        var pen = new XPen(Colour(stroke), thickness * scale)
        {
            LineJoin = join switch { LineJoin.Miter => XLineJoin.Miter, LineJoin.Round => XLineJoin.Round, _ => XLineJoin.Bevel },
        };
        if (dashes is { Length: > 0 })
        {
            // Both count in widths of the line.
            pen.DashPattern = dashes;
        }

        return pen;
    }

    private static XSolidBrush? Brush(OxyColor fill) => fill.IsInvisible() ? null : new XSolidBrush(Colour(fill));

    private static XColor Colour(OxyColor colour) => XColor.FromArgb(colour.A, colour.R, colour.G, colour.B);

    private XPoint[] Points(IList<ScreenPoint> points) => [.. points.Select(point => new XPoint(point.X * scale, point.Y * scale))];

    private XRect Rectangle(OxyRect rect) => new(rect.Left * scale, rect.Top * scale, rect.Width * scale, rect.Height * scale);
}
