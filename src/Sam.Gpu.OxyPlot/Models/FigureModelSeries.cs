using OxyPlot;
using OxyPlot.Series;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Turns the series of figures into those of OxyPlot.</summary>
/// <param name="frame">What the plot shows.</param>
/// <param name="unit">The length of a point in units of the model.</param>
/// <param name="forPrint">Whether titles carry the marks of <see cref="ModelText"/>.</param>
internal sealed class FigureModelSeries(PlotFrame frame, double unit, bool forPrint)
{
    private const double MarkerRadius = 1.6;

    // 22 % of 255.
    private const byte BandOpacity = 56;

    // Points further away than this, in plot sizes, only matter by their direction.
    private const double Far = 20;

    /// <summary>The series of a figure in the order to draw them.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="withKeys">Whether to add a series without points for each that has a name: a legend takes their order.</param>
    public IEnumerable<Series> Of(Figure figure, bool withKeys)
    {
        IEnumerable<FigureSeries> ordered = figure.Series.Reverse().OrderBy(series => Layer(series.Role));
        Series[] drawn = [.. ordered.SelectMany(Lines), .. figure.Series.Reverse().SelectMany(Markers)];
        foreach (Series series in drawn)
        {
            series.RenderInLegend = false;
        }

        return withKeys ? [.. drawn, .. PlotLegend.Named(figure).Select(Key)] : drawn;
    }

    /// <summary>0xRRGGBB as a colour of OxyPlot.</summary>
    public static OxyColor Colour(int colour) => OxyColor.FromRgb((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);

    private static int Layer(SeriesRole role) => role switch
    {
        SeriesRole.Band => 0,
        SeriesRole.Line => 1,
        SeriesRole.Threshold => 2,
        _ => 3,
    };

    private Series Key(FigureSeries series)
    {
        OxyColor colour = Colour(FigurePalette.Colour(series.ColourIndex));
        switch (series.Role)
        {
            case SeriesRole.Band:
                return NewArea(series);
            case SeriesRole.Points:
                MarkerSeries points = NewMarkers(series);
                points.Title = Title(series);
                points.MarkerFill = colour;
                return points;
            default:
                LineSeries line = Styled(new LineSeries(), series);
                line.MarkerType = series.Marker is { } marker ? Type(marker) : MarkerType.None;
                line.MarkerSize = unit * MarkerRadius;
                line.MarkerFill = colour;
                return line;
        }
    }

    private IEnumerable<Series> Lines(FigureSeries series) => series.Role switch
    {
        SeriesRole.Points => [],
        SeriesRole.Band => Band(series),
        _ when series.SpansPlot => frame.Y.Shows(series.Y[0]) ? [Styled(new LevelSeries(series.Y[0]), series)] : [],
        _ => [Line(series)],
    };

    private LineSeries Line(FigureSeries series)
    {
        LineSeries line = Styled(new LineSeries(), series);
        line.Points.AddRange(Enumerable.Range(0, series.Y.Count).Select(index => IsOnLine(series, index)
            ? new DataPoint(series.X[index], series.Y[index])
            : DataPoint.Undefined));
        return line;
    }

    private LineSeries Styled(LineSeries line, FigureSeries series)
    {
        IReadOnlyList<double> dashes = FigurePalette.Dashes(series.DashIndex);
        double dashUnit = Math.Max(0.8, series.LineWidth) / series.LineWidth;
        line.Title = Title(series);
        line.Color = Colour(FigurePalette.Colour(series.ColourIndex));
        line.StrokeThickness = unit * series.LineWidth;
        line.LineStyle = LineStyle.Solid;
        line.Dashes = dashes.Count == 0 ? null : [.. dashes.Select(dash => dash * dashUnit)];
        line.LineJoin = LineJoin.Round;
        line.EdgeRenderingMode = EdgeRenderingMode.PreferGeometricAccuracy;
        line.MinimumSegmentLength = 0;
        line.Decimator = (points, kept) => Simplify(points, kept, line.PlotModel.PlotArea);
        return line;
    }

    // What print cannot show is left out, and what lies far away is drawn nearer, where its numbers do not overflow.
    private void Simplify(List<ScreenPoint> points, List<ScreenPoint> kept, OxyRect plot)
    {
        OxyRect near = plot.Inflate(Far * plot.Width, Far * plot.Height);
        PagePoint[] page = [.. points.Select(point => new PagePoint(
            Math.Clamp(point.X, near.Left, near.Right) / unit, Math.Clamp(point.Y, near.Top, near.Bottom) / unit))];
        kept.AddRange(PolylineSimplification.Apply(page).Select(point => new ScreenPoint(point.X * unit, point.Y * unit)));
    }

    private IEnumerable<AreaSeries> Band(FigureSeries series)
    {
        AreaSeries? area = null;
        for (int index = 0; index <= series.Y.Count; index++)
        {
            if (index < series.Y.Count
                && frame.Shows(series.X[index], series.Y[index]) && frame.Shows(series.X[index], series.Lower![index]))
            {
                area ??= NewArea(series);
                area.Points.Add(new DataPoint(series.X[index], series.Y[index]));
                area.Points2.Add(new DataPoint(series.X[index], series.Lower[index]));
            }
            else if (area is not null)
            {
                yield return area;
                area = null;
            }
        }
    }

    private AreaSeries NewArea(FigureSeries series) => new()
    {
        Title = Title(series),
        Fill = OxyColor.FromAColor(BandOpacity, Colour(FigurePalette.Colour(series.ColourIndex))),
        Color = OxyColors.Transparent,
        StrokeThickness = 0,
        MinimumSegmentLength = 0,
        EdgeRenderingMode = EdgeRenderingMode.PreferGeometricAccuracy,
    };

    private IEnumerable<MarkerSeries> Markers(FigureSeries series)
    {
        if (series.Role == SeriesRole.Band || series.SpansPlot)
        {
            return [];
        }

        OxyColor colour = Colour(FigurePalette.Colour(series.ColourIndex));
        bool isMarked = series.Role == SeriesRole.Points || series.Marker is not null;
        MarkerSeries solid = NewMarkers(series);
        solid.Title = Title(series);
        solid.MarkerFill = colour;
        MarkerSeries open = NewMarkers(series);
        open.Title = Title(series);
        open.MarkerFill = OxyColors.White;
        open.MarkerStroke = colour;
        open.MarkerStrokeThickness = unit * 0.7;
        if (!isMarked)
        {
            // A single value between gaps.
            solid.MarkerSize = unit * Math.Max(1.2, series.LineWidth);
        }

        for (int index = 0; index < series.Y.Count; index++)
        {
            if (!frame.Shows(series.X[index], series.Y[index]))
            {
                continue;
            }

            var point = new ScatterPoint(series.X[index], series.Y[index]);
            if (series.Unconverged?[index] == true)
            {
                open.Points.Add(point);
            }
            else if (isMarked || !(IsOnLine(series, index - 1) || IsOnLine(series, index + 1)))
            {
                solid.Points.Add(point);
            }
        }

        return new[] { solid, open }.Where(markers => markers.Points.Count > 0);
    }

    private MarkerSeries NewMarkers(FigureSeries series) => new()
    {
        MarkerType = Type(series.Marker ?? FigureMarker.Circle),
        MarkerSize = unit * MarkerRadius,
        EdgeRenderingMode = EdgeRenderingMode.PreferGeometricAccuracy,

        // Of many markers that would cover each other one is enough.
        BinSize = series.Y.Count > PolylineSimplification.PointsKept ? (int)(unit / 2) : 0,
    };

    private static MarkerType Type(FigureMarker marker) => marker switch
    {
        FigureMarker.Square => MarkerType.Square,
        FigureMarker.Triangle => MarkerType.Triangle,
        FigureMarker.Diamond => MarkerType.Diamond,
        _ => MarkerType.Circle,
    };

    private bool IsOnLine(FigureSeries series, int index) =>
        index >= 0 && index < series.Y.Count && frame.Shows(series.X[index], series.Y[index]) && series.Unconverged?[index] != true;

    private string? Title(FigureSeries series) => series.Label is { } label ? ModelText.Of(label, forPrint) : null;
}
