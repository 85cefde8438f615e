using OxyPlot;
using OxyPlot.Axes;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Pdf;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Turns the axes of figures into those of OxyPlot.</summary>
/// <remarks>OxyPlot aligns the boxes of texts, and layouts their baselines.</remarks>
/// <param name="figure">The figure.</param>
/// <param name="layout">Its layout.</param>
/// <param name="unit">The length of a point in units of the model.</param>
/// <param name="forPrint">Whether texts carry the marks of <see cref="ModelText"/>.</param>
internal sealed class FigureModelAxes(Figure figure, PlotLayout layout, double unit, bool forPrint)
{
    /// <summary>The horizontal axis.</summary>
    public Axis Horizontal()
    {
        // The layout's label stands a line below the ticks' labels; OxyPlot's boxes are higher than the letters in them.
        PlacedText label = layout.XLabel;
        double tickBox = PlotLayout.TickSize * (PdfFonts.Ascent - FontMetrics.CapHeight);
        double baseline = label.Baseline.Y - layout.Frame.Area.Bottom;
        double raised = figure.XAxis.Scale == AxisScale.Logarithmic ? PlotLayout.RaisedTickGap : 0;
        double tickToLabel = PlotLayout.TickGap + raised - tickBox;
        double boxes = PlotLayout.MajorTick + tickToLabel + (PlotLayout.TickSize * PdfFonts.LineHeight);
        return Styled(
            AxisPosition.Bottom, figure.XAxis.Scale, layout.Frame.X, label,
            titlePosition: (label.Baseline.X - layout.Frame.Area.Left) / layout.Frame.Area.Width,
            tickToLabel, titleDistance: baseline - (label.Text.FontSize * PdfFonts.Ascent) - boxes);
    }

    /// <summary>The vertical axis.</summary>
    public Axis Vertical()
    {
        // OxyPlot puts the label beside the widest tick label, as wide as that is here.
        PlacedText label = layout.YLabel;
        PageRectangle area = layout.Frame.Area;
        double widest = layout.Texts
            .Where(text => text.Anchor == TextAnchor.End && text.Baseline.X < area.Left).Max(text => (double?)text.Text.Width) ?? 0;
        double baseline = area.Left - label.Baseline.X;
        return Styled(
            AxisPosition.Left, figure.YAxis.Scale, layout.Frame.Y, label,
            titlePosition: (area.Bottom - label.Baseline.Y) / area.Height,
            PlotLayout.TickGap,
            titleDistance: baseline - PlotLayout.MajorTick - PlotLayout.TickGap - widest - (label.Text.FontSize * PdfFonts.Descent));
    }

    private Axis Styled(
        AxisPosition position, AxisScale scale, AxisRange range, PlacedText label,
        double titlePosition, double tickToLabel, double titleDistance)
    {
        const double LineWidth = 0.5;
        Axis axis = scale == AxisScale.Linear ? new HouseLinearAxis(unit, forPrint) : new HouseLogarithmicAxis(unit, forPrint);
        axis.Position = position;
        axis.Minimum = range.Minimum;
        axis.Maximum = range.Maximum;
        axis.Title = ModelText.Of(label.Text.Runs, forPrint);
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
        axis.AxislineColor = axis.TicklineColor = axis.MinorTicklineColor = FigureModelSeries.Colour(FigurePalette.Ink);
        return axis;
    }
}
