using OxyPlot;
using OxyPlot.Annotations;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Lines at the lower edge of the page.</summary>
/// <param name="lines">
/// Their texts in OxyPlot's markup, font sizes, and distances: from the left edge, and from the lower edge to the text's middle.
/// </param>
internal sealed class SmallPrint(IReadOnlyList<(string Text, double FontSize, double Left, double Bottom)> lines) : Annotation
{
    public override OxyRect GetClippingRect() => OxyRect.Everything;

    public override void Render(IRenderContext rc)
    {
        foreach ((string text, double fontSize, double left, double bottom) in lines)
        {
            rc.DrawMathText(
                new ScreenPoint(left, PlotModel.Height - bottom), text, ActualTextColor, ActualFont, fontSize, FontWeights.Normal,
                0, HorizontalAlignment.Left, VerticalAlignment.Middle);
        }
    }
}
