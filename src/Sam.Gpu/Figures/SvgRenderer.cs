using System.Globalization;
using System.Text;

namespace Sam.Gpu.Figures;

/// <summary>Draws figures as Scalable Vector Graphics, in the size they are printed in, with text as text.</summary>
/// <remarks>
/// The same figure gives the same bytes, in every culture. A series of any length takes at most a few ten kilobytes, since what print
/// cannot show is left out.
/// </remarks>
public static class SvgRenderer
{
    private const string Fonts = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
    private const double AxisWidth = 0.5;
    private const double MarkerRadius = 1.6;

    /// <summary>Draws a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">The figure contradicts itself, as with series of unequal lengths.</exception>
    public static string Render(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        figure.Validate();
        PlotLayout layout = PlotLayout.Of(figure);
        string identifier = Identifier(figure.Name);
        var svg = new StringBuilder();
        svg.Append(Invariant($"""
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="{figure.Size.WidthMillimetres}mm" height="{figure.Size.HeightMillimetres}mm" viewBox="0 0 {Number(layout.Width)} {Number(layout.Height)}" xml:space="preserve" role="img" aria-labelledby="{identifier}-title {identifier}-desc" font-family="{Fonts}">
            <title id="{identifier}-title">{Escape(FigureText.Plain(figure.Title ?? figure.Name))}</title>
            <desc id="{identifier}-desc">{Escape(figure.Description)}</desc>
            <metadata>{Escape(figure.Provenance)}</metadata>
            <clipPath id="{identifier}-plot">{Rectangle(layout.Frame.Area.Grown(0.8), "")}</clipPath>
            <rect width="100%" height="100%" fill="#ffffff"/>

            """).ReplaceLineEndings("\n"));
        AppendEvents(svg, layout);
        svg.Append(Invariant($"<g clip-path=\"url(#{identifier}-plot)\" fill=\"none\" stroke-linejoin=\"round\">\n"));
        foreach (PlotCurve curve in layout.Curves.Reverse().OrderBy(curve => Layer(curve.Series.Role)))
        {
            AppendCurve(svg, curve);
        }

        svg.Append("</g>\n");
        AppendAxes(svg, layout);

        // Markers may stand on the plot's edge, so they are not clipped; those beyond it are left out.
        foreach (PlotCurve curve in layout.Curves.Reverse())
        {
            AppendMarkers(svg, curve, layout.Frame.Area.Grown(0.8));
        }

        foreach (LabelLeader leader in layout.Leaders)
        {
            svg.Append(Invariant(
                $"<path d=\"M{Pair(leader.From)}L{Pair(leader.To)}\" fill=\"none\" stroke=\"{Hex(leader.Colour)}\" stroke-width=\"0.4\"/>\n"));
        }

        foreach (LegendKey key in layout.Legend?.Keys ?? [])
        {
            AppendKey(svg, key);
        }

        foreach (PlacedText text in layout.Texts.Where(text => text.Text.Runs.Count > 0))
        {
            AppendText(svg, text);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static int Layer(SeriesRole role) => role switch
    {
        SeriesRole.Band => 0,
        SeriesRole.Line => 1,
        SeriesRole.Threshold => 2,
        _ => 3,
    };

    private static void AppendEvents(StringBuilder svg, PlotLayout layout)
    {
        foreach (double x in layout.EventLines)
        {
            svg.Append(Invariant(
                $"<path d=\"M{Number(x)} {Number(layout.Frame.Area.Top)}V{Number(layout.Frame.Area.Bottom)}\" stroke=\"#8c8c8c\" stroke-width=\"0.5\" stroke-dasharray=\"1.5 1.5\"/>\n"));
        }
    }

    private static void AppendCurve(StringBuilder svg, PlotCurve curve)
    {
        string colour = Hex(FigurePalette.Colour(curve.Series.ColourIndex));
        if (curve.Areas.Count > 0)
        {
            svg.Append("<path d=\"");
            foreach (IReadOnlyList<PagePoint> area in curve.Areas)
            {
                AppendPoints(svg, area);
                svg.Append('Z');
            }

            svg.Append(Invariant($"\" fill=\"{colour}\" fill-opacity=\"0.22\"/>\n"));
        }

        if (curve.Segments.Count > 0)
        {
            svg.Append("<path d=\"");
            foreach (IReadOnlyList<PagePoint> segment in curve.Segments)
            {
                AppendPoints(svg, segment);
            }

            svg.Append(Invariant($"\" {Stroke(curve.Series)}/>\n"));
        }

        foreach (PagePoint dot in curve.Dots)
        {
            svg.Append(Invariant(
                $"<circle cx=\"{Number(dot.X)}\" cy=\"{Number(dot.Y)}\" r=\"{Number(Math.Max(1.2, curve.Series.LineWidth))}\" fill=\"{colour}\"/>\n"));
        }
    }

    private static void AppendMarkers(StringBuilder svg, PlotCurve curve, PageRectangle area)
    {
        if (curve.Filled.Count + curve.Open.Count == 0)
        {
            return;
        }

        string colour = Hex(FigurePalette.Colour(curve.Series.ColourIndex));
        FigureMarker shape = curve.Series.Marker ?? FigureMarker.Circle;
        Append(curve.Filled, Invariant($"fill=\"{colour}\""));
        Append(curve.Open, Invariant($"fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"0.7\""));

        void Append(IReadOnlyList<PagePoint> points, string style)
        {
            PagePoint[] inside = [.. points.Where(area.Contains)];
            if (inside.Length > 0)
            {
                svg.Append(Invariant($"<g {style}>\n"));
                foreach (PagePoint point in inside)
                {
                    AppendMarker(svg, shape, point);
                }

                svg.Append("</g>\n");
            }
        }
    }

    private static void AppendMarker(StringBuilder svg, FigureMarker shape, PagePoint point)
    {
        const double R = MarkerRadius;
        svg.Append(shape switch
        {
            FigureMarker.Square => Rectangle(new PageRectangle(point.X, point.Y, point.X, point.Y).Grown(R * 0.9), ""),
            FigureMarker.Triangle => Invariant(
                $"<path d=\"M{Number(point.X)} {Number(point.Y - (1.2 * R))}l{Number(1.1 * R)} {Number(1.9 * R)}h{Number(-2.2 * R)}Z\"/>"),
            FigureMarker.Diamond => Invariant(
                $"<path d=\"M{Number(point.X)} {Number(point.Y - (1.3 * R))}l{Number(1.3 * R)} {Number(1.3 * R)} {Number(-1.3 * R)} {Number(1.3 * R)} {Number(-1.3 * R)} {Number(-1.3 * R)}Z\"/>"),
            _ => Invariant($"<circle cx=\"{Number(point.X)}\" cy=\"{Number(point.Y)}\" r=\"{Number(R)}\"/>"),
        });
        svg.Append('\n');
    }

    private static void AppendAxes(StringBuilder svg, PlotLayout layout)
    {
        PageRectangle area = layout.Frame.Area;
        svg.Append(Invariant(
            $"<path d=\"M{Number(area.Left)} {Number(area.Top)}V{Number(area.Bottom)}H{Number(area.Right)}"));
        foreach ((PagePoint from, PagePoint to) in layout.Ticks)
        {
            svg.Append(Invariant($"M{Pair(from)}L{Pair(to)}"));
        }

        svg.Append(Invariant(
            $"\" fill=\"none\" stroke=\"{Hex(FigurePalette.Ink)}\" stroke-width=\"{Number(AxisWidth)}\" stroke-linecap=\"square\"/>\n"));
    }

    private static void AppendKey(StringBuilder svg, LegendKey key)
    {
        FigureSeries series = key.Series;
        string colour = Hex(FigurePalette.Colour(series.ColourIndex));
        double middle = (key.Box.Top + key.Box.Bottom) / 2;
        if (series.Role == SeriesRole.Band)
        {
            var swatch = new PageRectangle(key.Box.Left, middle - 2.5, key.Box.Right, middle + 2.5);
            svg.Append(Rectangle(swatch, Invariant($" fill=\"{colour}\" fill-opacity=\"0.22\""))).Append('\n');
            return;
        }

        if (series.Role != SeriesRole.Points)
        {
            svg.Append(Invariant($"<path d=\"M{Number(key.Box.Left)} {Number(middle)}H{Number(key.Box.Right)}\" fill=\"none\" {Stroke(series)}/>\n"));
        }

        if (series.Role == SeriesRole.Points || series.Marker is not null)
        {
            svg.Append(Invariant($"<g fill=\"{colour}\">"));
            AppendMarker(svg, series.Marker ?? FigureMarker.Circle, new PagePoint((key.Box.Left + key.Box.Right) / 2, middle));
            svg.Append("</g>\n");
        }
    }

    private static void AppendText(StringBuilder svg, PlacedText text)
    {
        string x = Number(text.Baseline.X);
        string y = Number(text.Baseline.Y);
        string anchor = text.Anchor switch
        {
            TextAnchor.Start => "",
            TextAnchor.Middle => " text-anchor=\"middle\"",
            _ => " text-anchor=\"end\"",
        };
        string turn = text.Upwards ? Invariant($" transform=\"rotate(-90 {x} {y})\"") : "";
        double size = text.Text.FontSize;
        svg.Append(Invariant($"<text x=\"{x}\" y=\"{y}\" font-size=\"{Number(size)}\" fill=\"{Hex(text.Colour)}\"{anchor}{turn}>"));

        // Not every viewer knows baseline-shift, but all know dy, which moves everything after it: each piece moves from the last one.
        // Some viewers drop a space after such a move, unless xml:space keeps it, as the root element says.
        double level = 0;
        foreach (TextRun run in text.Text.Runs)
        {
            double wanted = run.Position switch
            {
                TextPosition.Subscript => size * FontMetrics.SubscriptDrop,
                TextPosition.Superscript => -size * FontMetrics.SuperscriptRise,
                _ => 0,
            };
            var style = new StringBuilder();
            if (wanted != level)
            {
                style.Append(Invariant($" dy=\"{Number(wanted - level)}\""));
                level = wanted;
            }

            if (run.Position != TextPosition.Line)
            {
                style.Append(Invariant($" font-size=\"{Number(size * FontMetrics.ScriptSize)}\""));
            }

            if (run.Italic)
            {
                style.Append(" font-style=\"italic\"");
            }

            string characters = Escape(run.Text);
            svg.Append(style.Length == 0 ? characters : $"<tspan{style}>{characters}</tspan>");
        }

        svg.Append("</text>\n");
    }

    private static void AppendPoints(StringBuilder svg, IReadOnlyList<PagePoint> points)
    {
        for (int index = 0; index < points.Count; index++)
        {
            svg.Append(index == 0 ? 'M' : ' ').Append(Pair(points[index]));
        }
    }

    private static string Stroke(FigureSeries series)
    {
        IReadOnlyList<double> dashes = FigurePalette.Dashes(series.DashIndex);
        double unit = Math.Max(0.8, series.LineWidth);
        string pattern = dashes.Count == 0
            ? ""
            : Invariant($" stroke-dasharray=\"{string.Join(' ', dashes.Select(dash => Number(dash * unit)))}\"");
        return Invariant($"stroke=\"{Hex(FigurePalette.Colour(series.ColourIndex))}\" stroke-width=\"{Number(series.LineWidth)}\"{pattern}");
    }

    private static string Rectangle(PageRectangle box, string style) => Invariant(
        $"<rect x=\"{Number(box.Left)}\" y=\"{Number(box.Top)}\" width=\"{Number(box.Width)}\" height=\"{Number(box.Height)}\"{style}/>");

    private static string Pair(PagePoint point) => Number(point.X) + " " + Number(point.Y);

    /// <summary>Hundredths of a point: 3.5 µm.</summary>
    private static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    private static string Hex(int colour) => "#" + colour.ToString("x6", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name that XML allows as an identifier, for figures that share a web page.</summary>
    private static string Identifier(string name) =>
        "figure-" + string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));

    /// <summary>Text as XML, without the control characters and lone surrogates that XML cannot hold.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' and not ('\n' or '\t') or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
