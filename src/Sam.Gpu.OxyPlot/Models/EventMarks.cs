using OxyPlot;
using OxyPlot.Annotations;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>A moment worth noting.</summary>
/// <param name="X">Its abscissa.</param>
/// <param name="Text">What happened, in OxyPlot's markup; null for a bare line.</param>
/// <param name="Rise">The height of the text's middle above the plot area, in units of the model.</param>
internal sealed record EventMark(double X, string? Text, double Rise);

/// <summary>Dotted lines at moments worth noting, and above the plot what happened.</summary>
/// <param name="marks">The moments.</param>
/// <param name="unit">The length of a point in units of the model.</param>
internal sealed class EventMarks(IReadOnlyList<EventMark> marks, double unit) : Annotation
{
    private const double LineWidth = 0.5;

    // In units of the line's width.
    private static readonly double[] Dashes = [3, 3];

    private static readonly OxyColor Colour = OxyColor.FromRgb(0x8c, 0x8c, 0x8c);

    public override OxyRect GetClippingRect() => OxyRect.Everything;

    public override void Render(IRenderContext rc)
    {
        OxyRect plot = PlotModel.PlotArea;
        foreach (EventMark mark in marks.Where(mark => mark.X >= XAxis!.ActualMinimum && mark.X <= XAxis.ActualMaximum))
        {
            double x = XAxis!.Transform(mark.X);
            rc.DrawLine(
                [new ScreenPoint(x, plot.Top), new ScreenPoint(x, plot.Bottom)],
                Colour, LineWidth * unit, EdgeRenderingMode.PreferGeometricAccuracy, Dashes);
            if (mark.Text is { } text)
            {
                double size = PlotLayout.TickSize * unit;
                double half = rc.MeasureMathText(text, ActualFont, size, FontWeights.Normal).Width / 2;
                rc.DrawMathText(
                    new ScreenPoint(Math.Clamp(x, half, Math.Max(half, PlotModel.Width - half)), plot.Top - mark.Rise),
                    text, ActualTextColor, ActualFont, size, FontWeights.Normal,
                    0, HorizontalAlignment.Center, VerticalAlignment.Middle);
            }
        }
    }
}
