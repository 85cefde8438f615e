using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>A sample of a series beside its name.</summary>
/// <param name="Series">The series.</param>
/// <param name="Box">Where the sample is.</param>
internal sealed record LegendKey(FigureSeries Series, PageRectangle Box);

/// <summary>The legend: in an empty part of the plot area, or in rows above it.</summary>
/// <param name="Keys">Samples of the series.</param>
/// <param name="Texts">Their names.</param>
/// <param name="Bounds">The box around both.</param>
internal sealed record PlotLegend(IReadOnlyList<LegendKey> Keys, IReadOnlyList<PlacedText> Texts, PageRectangle Bounds)
{
    /// <summary>Distance of two rows in points.</summary>
    public const double RowHeight = 9;

    /// <summary>Font size in points.</summary>
    public const double FontSize = 7;

    /// <summary>Length of a sample in points.</summary>
    public const double KeyWidth = 19;

    /// <summary>From a sample to its name in points.</summary>
    public const double KeyGap = 4;

    /// <summary>Between two columns in points.</summary>
    public const double ColumnGap = 12;

    /// <summary>From the plot area's edges to a legend inside it, in points.</summary>
    public const double Margin = 4;

    /// <summary>A legend inside the plot covers at most this share of its width and height.</summary>
    private const double LargestShare = 0.62;

    /// <summary>Rows above the plot take at most this share of the figure's height.</summary>
    private const double LargestRowShare = 0.4;

    /// <summary>Steps of the search for an empty place, in each direction.</summary>
    private const int Places = 9;

    /// <summary>A stride of <see cref="Inside"/> that leaves the corners, the middles of the sides and the centre.</summary>
    public const int CornersAndMiddles = (Places - 1) / 2;

    /// <summary>The series that have a name.</summary>
    public static IReadOnlyList<FigureSeries> Named(Figure figure) => [.. figure.Series.Where(series => series.Label is not null)];

    /// <summary>Puts the legend where nothing is drawn, preferring corners; null where no such place is large enough.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="layout">Its layout without a legend.</param>
    /// <param name="stride">Which places of the search to try, in each direction: every one, or every n-th.</param>
    public static PlotLegend? Inside(Figure figure, PlotLayout layout, int stride = 1)
    {
        PageRectangle plot = layout.Frame.Area;
        IReadOnlyList<FigureSeries> named = Named(figure);
        FittedText[] texts = [.. named.Select(series => TextFit.Fit(series.Label!, FontSize, double.PositiveInfinity))];
        double width = KeyWidth + KeyGap + texts.Max(text => text.Width);
        double height = named.Count * RowHeight;
        if (width > LargestShare * plot.Width || height > LargestShare * plot.Height)
        {
            return null;
        }

        PagePoint[] ink = [.. layout.Curves.SelectMany(curve => curve.Ink(2)).Where(point => plot.Grown(3).Contains(point))];
        PageRectangle[] obstacles = [.. layout.Texts.Select(text => text.Bounds).Where(box => plot.Contains(new(box.Left, box.Bottom)))];
        PageRectangle? best = null;
        double bestCost = double.PositiveInfinity;
        for (int row = 0; row < Places; row += stride)
        {
            for (int column = Places - 1; column >= 0; column -= stride)
            {
                double left = plot.Left + Margin + (column * (plot.Width - width - (2 * Margin)) / (Places - 1));
                double top = plot.Top + Margin + (row * (plot.Height - height - (2 * Margin)) / (Places - 1));
                var box = new PageRectangle(left, top, left + width, top + height);

                // Distance to the nearest corner, with the right side and the top preferred.
                double cost = Math.Min(column + 0.5, Places - 1 - column) + Math.Min(row, Places - 1 - row + 0.25);
                if (cost < bestCost && IsFree(box))
                {
                    bestCost = cost;
                    best = box;
                }
            }
        }

        return best is { } place
            ? Of(named, texts, index => new PagePoint(place.Left, place.Top + (index * RowHeight)), place)
            : null;

        // A band that holds the box without its outline crossing it holds the box's corner.
        bool IsFree(PageRectangle box) =>
            !ink.Any(box.Grown(2.5).Contains)
            && !obstacles.Any(other => Overlap(other, box))
            && !layout.EventLines.Any(x => x > box.Left - 2 && x < box.Right + 2)
            && !layout.Curves.Any(curve => curve.Covers(new PagePoint(box.Left, box.Top)));
    }

    /// <summary>Puts the legend in rows from the given top on; what does not fit is counted in a last entry.</summary>
    public static PlotLegend Above(Figure figure, double left, double right, double top, double pageHeight)
    {
        IReadOnlyList<FigureSeries> named = Named(figure);
        double room = right - left;
        FittedText[] texts = [.. named.Select(series => TextFit.Fit(series.Label!, FontSize, room - KeyWidth - KeyGap))];
        double column = Math.Min(room, KeyWidth + KeyGap + texts.Max(text => text.Width) + ColumnGap);
        int columns = Math.Clamp((int)((room + ColumnGap) / column), 1, Math.Max(1, named.Count));
        int rows = Math.Min((named.Count + columns - 1) / columns, Math.Max(1, (int)(LargestRowShare * pageHeight / RowHeight)));
        columns = (Math.Min(named.Count, rows * columns) + rows - 1) / rows;
        int shown = Math.Min(named.Count, rows * columns);
        string rest = "";
        if (shown < named.Count)
        {
            shown--;
            rest = string.Create(CultureInfo.InvariantCulture, $"and {named.Count - shown} more");
        }

        PlotLegend legend = Of([.. named.Take(shown)], texts, Place, new PageRectangle(left, top, right, top + (rows * RowHeight)));
        return rest.Length == 0
            ? legend
            : legend with { Texts = [.. legend.Texts, Name(TextFit.Fit(rest, FontSize, column), Place(shown))] };

        PagePoint Place(int index) => new(left + (index / rows * column), top + (index % rows * RowHeight));
    }

    private static PlotLegend Of(
        IReadOnlyList<FigureSeries> series, FittedText[] texts, Func<int, PagePoint> place, PageRectangle bounds)
    {
        var keys = new List<LegendKey>();
        var names = new List<PlacedText>();
        for (int index = 0; index < series.Count; index++)
        {
            PagePoint corner = place(index);
            keys.Add(new LegendKey(series[index], new PageRectangle(corner.X, corner.Y, corner.X + KeyWidth, corner.Y + RowHeight)));
            names.Add(Name(texts[index], corner));
        }

        return new PlotLegend(keys, names, bounds);
    }

    private static PlacedText Name(FittedText text, PagePoint corner) => new(
        text,
        new PagePoint(corner.X + KeyWidth + KeyGap, corner.Y + (RowHeight / 2) + (FontSize * FontMetrics.CapHeight / 2)),
        TextAnchor.Start,
        FigurePalette.Ink);

    private static bool Overlap(PageRectangle one, PageRectangle other) =>
        one.Left < other.Right && other.Left < one.Right && one.Top < other.Bottom && other.Top < one.Bottom;
}
