using OxyPlot;
using OxyPlot.Annotations;
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
        double titleTop = layout.Title is { } title ? title.Baseline.Y - (titleSize * PdfFonts.Ascent) : 0;
        double titleBottom = layout.Title is null ? 0 : titleTop + (titleSize * PdfFonts.LineHeight);
        var model = new PlotModel
        {
            Title = layout.Title is { } shown ? Text(shown) : null,
            TitleFontSize = unit * titleSize,
            TitleFontWeight = FontWeights.Normal,
            TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinView,
            TitlePadding = 0,
            AxisTierDistance = 0,
            ClipTitle = false,
            DefaultFont = Font,
            DefaultFontSize = unit * PlotLayout.TickSize,
            TextColor = Colour(FigurePalette.Ink),
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(0, unit * titleTop, 0, 0),
            PlotMargins = new OxyThickness(
                unit * area.Left,
                unit * (area.Top - titleBottom),
                unit * (layout.Width - area.Right),
                unit * (layout.Height - area.Bottom)),
        };
        var axes = new FigureModelAxes(figure, layout, unit, forPrint);
        model.Axes.Add(axes.Horizontal());
        model.Axes.Add(axes.Vertical());
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
            Legend legend = FigureModelLegend.Of(figure, layout, unit);
            model.Legends.Add(legend);
            model.TitlePadding = legend.LegendPadding;
        }

        return model;
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
            IEnumerable<PlotCurve> named = layout.Curves.Where(curve => curve.Series.Label is not null && curve.End is not null);
            yield return new LineEndNames([.. named.Select(curve => EndName(curve.Series))], unit);
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

    private static double Centre(AxisRange range) => range.Scale == AxisScale.Linear
        ? (range.Minimum / 2) + (range.Maximum / 2)
        : Math.Sqrt(range.Minimum) * Math.Sqrt(range.Maximum);

    /// <summary>The middle of a text's capitals on the page.</summary>
    private static double Middle(PlacedText text) => text.Baseline.Y - (text.Text.FontSize * FontMetrics.CapHeight / 2);

    private string Text(PlacedText text) => ModelText.Of(text.Text.Runs, forPrint);

    private static OxyColor Colour(int colour) => FigureModelSeries.Colour(colour);
}
