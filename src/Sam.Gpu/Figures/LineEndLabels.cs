namespace Sam.Gpu.Figures;

/// <summary>Names lines at their right ends, where a reader looks for them.</summary>
internal static class LineEndLabels
{
    /// <summary>Font size in points.</summary>
    public const double FontSize = 7.5;

    /// <summary>From the plot area to the labels, in points; leaders cross it.</summary>
    public const double Gap = 7;

    /// <summary>Least distance of two labels' baselines in points: subscripts and superscripts do not touch.</summary>
    public const double Distance = FontSize * FontMetrics.LineHeight;

    /// <summary>Labels further than this many lines from their line's end name the wrong line.</summary>
    private const double FurthestLines = 3.5;

    /// <summary>A label this close to its line's end, in points, needs no leader.</summary>
    public const double Near = 1.2;

    /// <summary>Lines must end in this last share of the plot's width.</summary>
    private const double EndShare = 0.1;

    /// <summary>Labels may take this share of the figure's width.</summary>
    private const double WidthShare = 0.26;

    /// <summary>The width that the labels need right of the plot area; null where lines cannot be named at their ends.</summary>
    public static double? Width(Figure figure, double pageWidth)
    {
        double width = 0;
        foreach (FigureSeries series in figure.Series)
        {
            if (series.Label is { } label)
            {
                if (series.Role is SeriesRole.Points or SeriesRole.Band)
                {
                    return null;
                }

                width = Math.Max(width, FontMetrics.Width(label, FontSize));
            }
        }

        return width == 0 ? 0 : width <= WidthShare * pageWidth ? width + Gap : null;
    }

    /// <summary>Places the labels and the leaders to those that had to move.</summary>
    /// <returns>Null where lines end too early, or labels cannot stay near their lines' ends.</returns>
    public static (IReadOnlyList<PlacedText> Texts, IReadOnlyList<LabelLeader> Leaders)? Place(
        IReadOnlyList<PlotCurve> curves, PageRectangle plot, double pageHeight)
    {
        PlotCurve[] named = [.. curves.Where(curve => curve.Series.Label is not null && curve.End is not null)];
        if (named.Any(curve => curve.End!.Value.X < plot.Right - (EndShare * plot.Width)))
        {
            return null;
        }

        double[] wanted = [.. named.Select(curve => Math.Clamp(curve.End!.Value.Y, plot.Top, plot.Bottom))];
        double low = Math.Min(plot.Top, Distance / 2);
        double high = Math.Min(plot.Bottom, pageHeight - Distance);
        if (high - low < (named.Length - 1) * Distance)
        {
            return null;
        }

        double[] placed = LabelSpreading.Spread(wanted, Distance, low, high);
        var texts = new List<PlacedText>();
        var leaders = new List<LabelLeader>();
        for (int index = 0; index < named.Length; index++)
        {
            if (Math.Abs(placed[index] - wanted[index]) > FurthestLines * Distance)
            {
                return null;
            }

            FigureSeries series = named[index].Series;
            var start = new PagePoint(named[index].End!.Value.X, wanted[index]);
            bool leads = Math.Abs(placed[index] - wanted[index]) > Near || start.X < plot.Right - 1;
            var text = TextFit.Fit(series.Label!, FontSize, double.PositiveInfinity);
            double x = plot.Right + Gap;
            texts.Add(new PlacedText(
                text,
                new PagePoint(x, placed[index] + (FontSize * FontMetrics.CapHeight / 2)),
                TextAnchor.Start,
                FigurePalette.TextColour(series.ColourIndex)));
            if (leads)
            {
                leaders.Add(new LabelLeader(
                    start with { X = start.X + 0.8 }, new PagePoint(x - 2, placed[index]), FigurePalette.Colour(series.ColourIndex)));
            }
        }

        return (texts, leaders);
    }
}

/// <summary>A hairline from the end of a line to its label.</summary>
internal readonly record struct LabelLeader(PagePoint From, PagePoint To, int Colour);
