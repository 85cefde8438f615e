using OxyPlot;
using OxyPlot.Series;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>A threshold that spans the plot, however it is zoomed.</summary>
/// <param name="level">Its ordinate.</param>
internal sealed class LevelSeries(double level) : LineSeries
{
    public override void Render(IRenderContext rc)
    {
        Points.Clear();
        Points.Add(new DataPoint(XAxis.ActualMinimum, level));
        Points.Add(new DataPoint(XAxis.ActualMaximum, level));
        base.Render(rc);
    }
}

/// <summary>Markers that may stand on the plot's edge: they are not cut, and those beyond it are left out.</summary>
internal sealed class MarkerSeries : ScatterSeries
{
    public override OxyRect GetClippingRect() => base.GetClippingRect().Inflate(MarkerSize + 1, MarkerSize + 1);

    protected override bool IsValidPoint(DataPoint pt) => base.IsValidPoint(pt)
        && IsInside(pt.X, XAxis.ActualMinimum, XAxis.ActualMaximum) && IsInside(pt.Y, YAxis.ActualMinimum, YAxis.ActualMaximum);

    private static bool IsInside(double value, double minimum, double maximum) => value >= minimum && value <= maximum;
}
