using System.Text;
using OxyPlot;
using Sam.Gpu.Figures;
using Sam.Gpu.OxyPlot.Models;
using Sam.Gpu.OxyPlot.Pdf;
using Sam.Gpu.OxyPlot.Svg;

namespace Sam.Gpu.OxyPlot;

/// <summary>Figures as models of OxyPlot: to show in windows, to change, and to export.</summary>
public static class OxyPlotFigures
{
    /// <summary>Pixels of the web and of most window systems in a point: 1/72 in over 1/96 in.</summary>
    public const double PixelsPerPoint = 96.0 / 72;

    /// <summary>What is missing, with the way out; null if nothing is.</summary>
    public static string? Missing => null;

    /// <summary>A figure as a model, with the range, ticks, colours, dashes and names that <see cref="SvgRenderer"/> draws.</summary>
    /// <remarks>
    /// The model is like any other of OxyPlot: it can be shown, zoomed and changed. Sizes of texts and lines are fixed, so that the page
    /// may grow with its window. OxyPlot's texts have no italics, so variables stand upright.
    /// </remarks>
    /// <param name="figure">The figure.</param>
    /// <param name="unitsPerPoint">
    /// The length of a point (1/72 in) in the units of the view, more than 0; the default is right for pixels. The page is then
    /// <see cref="Width"/> wide and <see cref="Height"/> high.
    /// </param>
    /// <returns>A new model.</returns>
    /// <exception cref="ArgumentException">The figure contradicts itself, as with series of unequal lengths.</exception>
    public static PlotModel ToPlotModel(Figure figure, double unitsPerPoint = PixelsPerPoint)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitsPerPoint);
        return FigureModel.Of(figure, unitsPerPoint, forPrint: false);
    }

    /// <summary>The width of a figure's page in the units of its model.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="unitsPerPoint">As for <see cref="ToPlotModel"/>.</param>
    public static double Width(Figure figure, double unitsPerPoint = PixelsPerPoint)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Size.WidthMillimetres * FigureSize.PointsPerMillimetre * unitsPerPoint;
    }

    /// <summary>The height of a figure's page in the units of its model.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="unitsPerPoint">As for <see cref="ToPlotModel"/>.</param>
    public static double Height(Figure figure, double unitsPerPoint = PixelsPerPoint)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Size.HeightMillimetres * FigureSize.PointsPerMillimetre * unitsPerPoint;
    }

    /// <summary>A figure as SVG by OxyPlot, in its printed size.</summary>
    /// <remarks><see cref="SvgRenderer"/> does better for figures as they are: it has italics, a description and metadata.</remarks>
    /// <param name="figure">The figure.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">The figure contradicts itself, as with series of unequal lengths.</exception>
    public static string ToSvg(Figure figure)
    {
        IPlotModel model = ToPlotModel(figure);
        using var measurer = new TextMeasurer();
        using var stream = new MemoryStream();
        using var context = new SvgPageContext(stream, Width(figure), Height(figure), measurer.Context, model.Background);
        model.Update(true);
        model.Render(context, new OxyRect(0, 0, Width(figure), Height(figure)));
        context.Complete();
        context.Flush();
        return Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF');
    }
}
