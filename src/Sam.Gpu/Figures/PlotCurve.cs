namespace Sam.Gpu.Figures;

/// <summary>A series on the page: polylines, points and areas.</summary>
/// <param name="Series">What is drawn.</param>
/// <param name="Segments">Unbroken polylines of at least two points.</param>
/// <param name="Dots">Places that a line passes but no segment reaches: single values between gaps.</param>
/// <param name="Filled">Markers of converged values.</param>
/// <param name="Open">Markers of values that did not converge.</param>
/// <param name="Areas">Closed outlines of bands.</param>
/// <param name="End">The last value shown; null where there is none.</param>
internal sealed record PlotCurve(
    FigureSeries Series,
    IReadOnlyList<IReadOnlyList<PagePoint>> Segments,
    IReadOnlyList<PagePoint> Dots,
    IReadOnlyList<PagePoint> Filled,
    IReadOnlyList<PagePoint> Open,
    IReadOnlyList<IReadOnlyList<PagePoint>> Areas,
    PagePoint? End)
{
    /// <summary>Markers closer than this, in points, hide each other.</summary>
    private const double MarkerGrid = 0.5;

    /// <summary>Draws a series into a frame.</summary>
    public static PlotCurve Of(FigureSeries series, PlotFrame frame) => series.Role switch
    {
        SeriesRole.Band => OfBand(series, frame),
        _ when series.SpansPlot => OfSpan(series, frame),
        _ => OfPoints(series, frame),
    };

    /// <summary>Places along everything drawn, close enough that no label fits between two of them.</summary>
    /// <param name="spacing">Their distance in points.</param>
    public IEnumerable<PagePoint> Ink(double spacing)
    {
        foreach (IReadOnlyList<PagePoint> line in Segments.Concat(Areas))
        {
            for (int index = 1; index < line.Count; index++)
            {
                PagePoint from = line[index - 1];
                PagePoint to = line[index];
                int pieces = Math.Min(2000, 1 + (int)(Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)) / spacing));
                for (int piece = 0; piece <= pieces; piece++)
                {
                    double share = piece / (double)pieces;
                    yield return new PagePoint(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
                }
            }
        }

        foreach (PagePoint point in Dots.Concat(Filled).Concat(Open))
        {
            yield return point;
        }
    }

    /// <summary>Whether a place lies inside a band.</summary>
    public bool Covers(PagePoint point)
    {
        bool inside = false;
        foreach (IReadOnlyList<PagePoint> area in Areas)
        {
            // Even-odd rule: count the edges that a ray to the right crosses.
            for (int index = 0; index < area.Count; index++)
            {
                PagePoint from = area[index];
                PagePoint to = area[(index + 1) % area.Count];
                if (from.Y > point.Y != to.Y > point.Y
                    && point.X < from.X + ((point.Y - from.Y) / (to.Y - from.Y) * (to.X - from.X)))
                {
                    inside = !inside;
                }
            }
        }

        return inside;
    }

    private static PlotCurve OfSpan(FigureSeries series, PlotFrame frame)
    {
        if (!frame.Y.Shows(series.Y[0]))
        {
            return new PlotCurve(series, [], [], [], [], [], null);
        }

        double y = frame.MapY(series.Y[0]);
        var end = new PagePoint(frame.Area.Right, y);
        return new PlotCurve(series, [[new PagePoint(frame.Area.Left, y), end]], [], [], [], [], end);
    }

    private static PlotCurve OfPoints(FigureSeries series, PlotFrame frame)
    {
        var segments = new List<IReadOnlyList<PagePoint>>();
        var dots = new List<PagePoint>();
        var filled = new List<PagePoint>();
        var open = new List<PagePoint>();
        var segment = new List<PagePoint>();
        PagePoint? end = null;
        bool marked = series.Role == SeriesRole.Points || series.Marker is not null;
        for (int index = 0; index < series.Y.Count; index++)
        {
            if (!frame.Shows(series.X[index], series.Y[index]))
            {
                Break();
                continue;
            }

            PagePoint point = frame.Map(series.X[index], series.Y[index]);
            end = point;
            if (series.Unconverged?[index] == true)
            {
                Break();
                open.Add(point);
                continue;
            }

            if (marked)
            {
                filled.Add(point);
            }

            if (series.Role != SeriesRole.Points)
            {
                segment.Add(point);
            }
        }

        Break();
        return new PlotCurve(series, segments, dots, Thinned(filled), Thinned(open), [], end);

        void Break()
        {
            if (segment.Count == 1 && !marked)
            {
                dots.Add(segment[0]);
            }
            else if (segment.Count > 1)
            {
                segments.Add(PolylineSimplification.Apply(segment));
            }

            segment = [];
        }
    }

    private static PlotCurve OfBand(FigureSeries series, PlotFrame frame)
    {
        var areas = new List<IReadOnlyList<PagePoint>>();
        var upper = new List<PagePoint>();
        var lower = new List<PagePoint>();
        PagePoint? end = null;
        for (int index = 0; index <= series.Y.Count; index++)
        {
            if (index < series.Y.Count
                && frame.Shows(series.X[index], series.Y[index])
                && frame.Shows(series.X[index], series.Lower![index]))
            {
                upper.Add(frame.Map(series.X[index], series.Y[index]));
                lower.Add(frame.Map(series.X[index], series.Lower[index]));
                end = upper[^1];
            }
            else if (upper.Count > 0)
            {
                areas.Add([.. PolylineSimplification.Apply(upper), .. PolylineSimplification.Apply(lower).Reverse()]);
                upper = [];
                lower = [];
            }
        }

        return new PlotCurve(series, [], [], [], [], areas, end);
    }

    /// <summary>The markers, or where there are many, one of each group that would cover each other.</summary>
    private static List<PagePoint> Thinned(List<PagePoint> markers)
    {
        if (markers.Count <= PolylineSimplification.PointsKept)
        {
            return markers;
        }

        var taken = new HashSet<(double, double)>();
        return [.. markers.Where(point => taken.Add((Math.Floor(point.X / MarkerGrid), Math.Floor(point.Y / MarkerGrid))))];
    }
}
