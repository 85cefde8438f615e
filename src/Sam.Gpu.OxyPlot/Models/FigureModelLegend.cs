using OxyPlot.Legends;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Pdf;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Places OxyPlot's legends: in an empty corner or middle of a side, or above the plot.</summary>
internal static class FigureModelLegend
{
    // Around a legend above the plot, in points.
    private const double Padding = 2;

    /// <summary>The legend of a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="layout">Its layout without names.</param>
    /// <param name="unit">The length of a point in units of the model.</param>
    public static Legend Of(Figure figure, PlotLayout layout, double unit)
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
            LegendPadding = inside is null ? unit * Padding : 0,
            LegendMargin = unit * PlotLegend.Margin,
            LegendSymbolLength = unit * PlotLegend.KeyWidth,
            LegendSymbolMargin = unit * PlotLegend.KeyGap,
            LegendItemSpacing = unit * PlotLegend.ColumnGap,
            LegendLineSpacing = unit * (PlotLegend.RowHeight - (PlotLegend.FontSize * PdfFonts.LineHeight)),
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
}
