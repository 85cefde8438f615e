using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Pdf;
using Annotation = OxyPlot.Annotations.Annotation;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Turns figures into models of OxyPlot.</summary>
internal sealed class FigureModel
{
    /// <summary>The font that windows have, or have something like: Liberation Sans shares its widths.</summary>
    public const string Font = "Arial";

    // OxyPlot aligns the boxes of texts, and layouts their baselines: a box from its top to the baseline, and to its bottom, over the font size.
    private const double Ascent = PdfFonts.Ascent;
    private const double BoxHeight = PdfFonts.Ascent + PdfFonts.Descent;

    // Around a legend above the plot, in points.
    private const double LegendPadding = 2;

    private readonly Figure figure;
    private readonly double unit;
    private readonly bool forPrint;
    private readonly PlotLayout layout;
    private readonly bool hasLegend;

    private FigureModel(Figure figure, double unit, bool forPrint)
    {
        figure.Validate();
        this.figure = figure;
        this.unit = unit;
        this.forPrint = forPrint;

        // OxyPlot makes room for its legends itself.
        var full = PlotLayout.Of(figure);
        hasLegend = full.Legend is not null;
        layout = hasLegend ? PlotLayout.WithoutNames(figure) : full;
    }

    /// <summary>A figure as a model.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="unit">The length of a point in units of the model.</param>
    /// <param name="forPrint">Whether texts carry the marks of <see cref="ModelText"/>.</param>
    public static PlotModel Of(Figure figure, double unit, bool forPrint) => new FigureModel(figure, unit, forPrint).Build();

    private PlotModel Build()
    {
        PageRectangle area = layout.Frame.Area;
        double titleSize = layout.Title?.Text.FontSize ?? 0;
        double titleTop = layout.Title is { } title ? title.Baseline.Y - (titleSize * Ascent) : 0;
        double titleBottom = layout.Title is null ? 0 : titleTop + (titleSize * BoxHeight);
        var model = new PlotModel
        {
            Title = layout.Title is { } shown ? Text(shown) : null,
            TitleFontSize = unit * titleSize,
            TitleFontWeight = FontWeights.Normal,
            TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinView,
            TitlePadding = 0,
            ClipTitle = false,
            DefaultFont = Font,
            DefaultFontSize = unit * PlotLayout.TickSize,
            TextColor = Colour(FigurePalette.Ink),
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(0, unit * titleTop, 0, 0),
            PlotMargins = new OxyThickness(
                unit * area.Left, unit * (area.Top - titleBottom), unit * (layout.Width - area.Right), unit * (layout.Height - area.Bottom)),
        };
        model.Axes.Add(XAxis());
        model.Axes.Add(YAxis());
        foreach (Series series in new FigureModelSeries(layout.Frame, unit, forPrint).Of(figure, hasLegend))
        {
            model.Series.Add(series);
        }

        foreach (Annotation annotation in Annotations())
        {
            model.Annotations.Add(annotation);
        }

        model.IsLegendVisible = hasLegend;
        if (hasLegend)
        {
            Legend legend = Legend();
            model.Legends.Add(legend);
            model.TitlePadding = legend.LegendPlacement == LegendPlacement.Outside ? unit * LegendPadding : 0;
        }

        return model;
    }

    private Axis XAxis()
    {
        // The layout's label stands a line below the ticks' labels; OxyPlot's boxes are higher than the letters in them.
        PlacedText label = layout.XLabel;
        double tickBox = PlotLayout.TickSize * (Ascent - FontMetrics.CapHeight);
        double baseline = label.Baseline.Y - layout.Frame.Area.Bottom;
        double tickToLabel = PlotLayout.TickGap - tickBox;
        double boxes = PlotLayout.MajorTick + tickToLabel + (PlotLayout.TickSize * BoxHeight);
        return Axis(
            AxisPosition.Bottom, figure.XAxis.Scale, layout.Frame.X, label,
            titlePosition: (label.Baseline.X - layout.Frame.Area.Left) / layout.Frame.Area.Width,
            tickToLabel, titleDistance: baseline - (label.Text.FontSize * Ascent) - boxes);
    }

    private Axis YAxis()
    {
        PlacedText label = layout.YLabel;
        return Axis(
            AxisPosition.Left, figure.YAxis.Scale, layout.Frame.Y, label,
            titlePosition: (layout.Frame.Area.Bottom - label.Baseline.Y) / layout.Frame.Area.Height,
            PlotLayout.TickGap, titleDistance: 3);
    }

    private Axis Axis(
        AxisPosition position, AxisScale scale, AxisRange range, PlacedText label, double titlePosition, double tickToLabel, double titleDistance)
    {
        const double LineWidth = 0.5;
        Axis axis = scale == AxisScale.Linear ? new HouseLinearAxis(unit, forPrint) : new HouseLogarithmicAxis(unit, forPrint);
        axis.Position = position;
        axis.Minimum = range.Minimum;
        axis.Maximum = range.Maximum;
        axis.Title = Text(label);
        axis.TitleFontSize = unit * label.Text.FontSize;
        axis.TitlePosition = titlePosition;
        axis.ClipTitle = false;
        axis.FontSize = unit * PlotLayout.TickSize;
        axis.TickStyle = TickStyle.Outside;
        axis.MajorTickSize = unit * PlotLayout.MajorTick;
        axis.MinorTickSize = unit * PlotLayout.MinorTick;
        axis.AxisTickToLabelDistance = unit * tickToLabel;
        axis.AxisTitleDistance = unit * titleDistance;
        axis.AxislineStyle = LineStyle.Solid;
        axis.AxislineThickness = unit * LineWidth;
        axis.MajorGridlineThickness = unit * LineWidth;
        axis.MinorGridlineThickness = unit * LineWidth;
        axis.AxislineColor = axis.TicklineColor = axis.MinorTicklineColor = Colour(FigurePalette.Ink);
        return axis;
    }

    private IEnumerable<Annotation> Annotations()
    {
        if (figure.Events.Count > 0)
        {
            yield return new EventMarks(
                [.. figure.Events.Select(moment =>
                {
                    PlacedText? text = layout.EventLabels.FirstOrDefault(label => ReferenceEquals(label.Event, moment)).Text;
                    double rise = text is null ? 0 : layout.Frame.Area.Top - Middle(text);
                    return new EventMark(moment.X, text is null ? null : Text(text), unit * rise);
                })],
                unit);
        }

        foreach (FigureAnnotation annotation in figure.Annotations.Where(one => layout.Frame.Shows(one.X, one.Y)))
        {
            yield return Note(new DataPoint(annotation.X, annotation.Y), ModelText.Of(annotation.Text, forPrint), PlotLayout.TickSize);
        }

        if (layout.Curves.All(curve => curve.End is null))
        {
            TextAnnotation note = Note(new DataPoint(Centre(layout.Frame.X), Centre(layout.Frame.Y)), "no data", PlotLayout.LabelSize);
            note.TextColor = Colour(0x595959);
            yield return note;
        }

        if (!hasLegend && figure.Labels != FigureLabels.None)
        {
            yield return new LineEndNames(
                [.. layout.Curves.Where(curve => curve.Series.Label is not null && curve.End is not null).Select(curve => EndName(curve.Series))], unit);
        }

        if (layout.Notes.Count > 0)
        {
            yield return new SmallPrint(
                [.. layout.Notes.Select(note =>
                    (Text(note), unit * note.Text.FontSize, unit * note.Baseline.X, unit * (layout.Height - Middle(note))))])
            {
                TextColor = Colour(layout.Notes[0].Colour),
            };
        }
    }

    private TextAnnotation Note(DataPoint place, string text, double fontSize) => new()
    {
        Text = text,
        TextPosition = place,
        TextHorizontalAlignment = HorizontalAlignment.Center,
        TextVerticalAlignment = VerticalAlignment.Middle,
        FontSize = unit * fontSize,
        StrokeThickness = 0,
    };

    private LineEndName EndName(FigureSeries series)
    {
        int last = series.Y.Count - 1;
        while (!series.SpansPlot && !layout.Frame.Shows(series.X[last], series.Y[last]))
        {
            last--;
        }

        return new LineEndName(
            series.SpansPlot ? null : series.X[last],
            series.Y[last],
            ModelText.Of(series.Label!, forPrint),
            Colour(FigurePalette.TextColour(series.ColourIndex)),
            Colour(FigurePalette.Colour(series.ColourIndex)));
    }

    private Legend Legend()
    {
        PageRectangle area = layout.Frame.Area;
        PageRectangle? inside = PlotLegend.Inside(figure, layout, PlotLegend.CornersAndMiddles)?.Bounds;
        return new Legend
        {
            LegendPlacement = inside is null ? LegendPlacement.Outside : LegendPlacement.Inside,
            LegendPosition = inside is { } box ? Position(box, area) : LegendPosition.TopLeft,
            LegendOrientation = inside is null ? LegendOrientation.Horizontal : LegendOrientation.Vertical,
            AllowUseFullExtent = inside is null,
            LegendFontSize = unit * PlotLegend.FontSize,
            LegendPadding = inside is null ? unit * LegendPadding : 0,
            LegendMargin = unit * PlotLegend.Margin,
            LegendSymbolLength = unit * PlotLegend.KeyWidth,
            LegendSymbolMargin = unit * PlotLegend.KeyGap,
            LegendItemSpacing = unit * PlotLegend.ColumnGap,
            LegendLineSpacing = unit * (PlotLegend.RowHeight - (PlotLegend.FontSize * BoxHeight)),
            LegendBorderThickness = 0,
        };
    }

    private static LegendPosition Position(PageRectangle box, PageRectangle area)
    {
        double left = box.Left - area.Left;
        double right = area.Right - box.Right;
        double top = box.Top - area.Top;
        double bottom = area.Bottom - box.Bottom;
        int column = Math.Abs(left - right) < 1 ? 1 : left < right ? 0 : 2;
        int row = Math.Abs(top - bottom) < 1 ? 1 : top < bottom ? 0 : 2;
        return (column, row) switch
        {
            (0, 0) => LegendPosition.LeftTop,
            (0, 1) => LegendPosition.LeftMiddle,
            (0, 2) => LegendPosition.LeftBottom,
            (1, 0) => LegendPosition.TopCenter,
            (1, _) => LegendPosition.BottomCenter,
            (_, 0) => LegendPosition.RightTop,
            (_, 1) => LegendPosition.RightMiddle,
            _ => LegendPosition.RightBottom,
        };
    }

    private static double Centre(AxisRange range) => range.Scale == AxisScale.Linear
        ? (range.Minimum / 2) + (range.Maximum / 2)
        : Math.Sqrt(range.Minimum) * Math.Sqrt(range.Maximum);

    /// <summary>The middle of a text's capitals on the page.</summary>
    private static double Middle(PlacedText text) => text.Baseline.Y - (text.Text.FontSize * FontMetrics.CapHeight / 2);

    private string Text(PlacedText text) => ModelText.Of(text.Text.Runs, forPrint);

    private static OxyColor Colour(int colour) => FigureModelSeries.Colour(colour);
}
