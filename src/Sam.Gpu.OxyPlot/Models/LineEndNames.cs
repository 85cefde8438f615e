using OxyPlot;
using OxyPlot.Annotations;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>A name at the right end of a line.</summary>
/// <param name="X">The abscissa of the end; null where the line spans the plot.</param>
/// <param name="Y">The ordinate of the end.</param>
/// <param name="Text">The name, in OxyPlot's markup.</param>
/// <param name="TextColour">The colour of the name.</param>
/// <param name="LineColour">The colour of the line.</param>
internal sealed record LineEndName(double? X, double Y, string Text, OxyColor TextColour, OxyColor LineColour);

/// <summary>Names lines at their right ends, moved apart, with hairlines to those that had to move; in a window of any size.</summary>
/// <param name="names">The names.</param>
/// <param name="unit">The length of a point in units of the model.</param>
internal sealed class LineEndNames(IReadOnlyList<LineEndName> names, double unit) : Annotation
{
    private const double LeaderWidth = 0.4;

    public override OxyRect GetClippingRect() => OxyRect.Everything;

    public override void Render(IRenderContext rc)
    {
        OxyRect plot = PlotModel.PlotArea;
        ScreenPoint[] ends = [.. names.Select(name =>
        {
            ScreenPoint end = Transform(new DataPoint(name.X ?? XAxis!.ActualMaximum, name.Y));
            return new ScreenPoint(Math.Clamp(end.X, plot.Left, plot.Right), Math.Clamp(end.Y, plot.Top, plot.Bottom));
        })];
        double distance = LineEndLabels.Distance * unit;
        double[] places = LabelSpreading.Spread(
            [.. ends.Select(end => end.Y)],
            distance,
            Math.Min(plot.Top, distance / 2),
            Math.Min(plot.Bottom, PlotModel.Height - distance));
        for (int index = 0; index < names.Count; index++)
        {
            LineEndName name = names[index];
            double x = plot.Right + (LineEndLabels.Gap * unit);
            rc.DrawMathText(
                new ScreenPoint(x, places[index]), name.Text, name.TextColour,
                ActualFont, LineEndLabels.FontSize * unit, FontWeights.Normal, 0, HorizontalAlignment.Left, VerticalAlignment.Middle);
            if (Math.Abs(places[index] - ends[index].Y) > LineEndLabels.Near * unit || ends[index].X < plot.Right - unit)
            {
                rc.DrawLine(
                    [new ScreenPoint(ends[index].X + (0.8 * unit), ends[index].Y), new ScreenPoint(x - (2 * unit), places[index])],
                    name.LineColour, LeaderWidth * unit, EdgeRenderingMode.PreferGeometricAccuracy);
            }
        }
    }
}
