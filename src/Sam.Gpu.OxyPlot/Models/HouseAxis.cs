using OxyPlot;
using OxyPlot.Axes;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>The ticks of this house for an axis of OxyPlot, also after zooming: multiples of 1, 2, 5 · 10ⁿ, or decades.</summary>
/// <param name="scale">The spacing of the values.</param>
/// <param name="unit">The length of a point in units of the model.</param>
/// <param name="forPrint">Whether labels carry the marks of <see cref="ModelText"/>.</param>
internal sealed class HouseTicks(AxisScale scale, double unit, bool forPrint)
{
    private readonly Dictionary<double, string> labels = [];

    /// <summary>The values of labelled and of minor ticks; null before the axis has a length.</summary>
    public (IList<double> Labelled, IList<double> Minor)? Of(Axis axis)
    {
        bool horizontal = axis.IsHorizontal();
        ScreenVector span = axis.ScreenMax - axis.ScreenMin;
        double length = Math.Abs(horizontal ? span.X : span.Y) / unit;
        if (!(length > 0 && axis.ActualMaximum > axis.ActualMinimum))
        {
            return null;
        }

        var range = new AxisRange(scale, axis.ActualMinimum, axis.ActualMaximum);
        IReadOnlyList<AxisTick> ticks = horizontal
            ? AxisTicks.Of(range, length, label => FontMetrics.Width(label, PlotLayout.TickSize), PlotLayout.TickDistanceX)
            : AxisTicks.Of(range, length, _ => PlotLayout.TickSize * FontMetrics.CapHeight, PlotLayout.TickDistanceY);
        labels.Clear();
        foreach (AxisTick tick in ticks.Where(tick => tick.Label is not null))
        {
            labels[tick.Value] = ModelText.Of(tick.Label!, forPrint);
        }

        return ([.. labels.Keys], [.. ticks.Where(tick => tick.Label is null).Select(tick => tick.Value)]);
    }

    /// <summary>The label of a tick; null for any other value.</summary>
    public string? Label(double value) => labels.GetValueOrDefault(value);

    /// <summary>The room beside the plot area that ticks, labels and title take.</summary>
    /// <remarks>OxyPlot measures labels with their markup, as if its braces were printed.</remarks>
    public OxyThickness Margin(IRenderContext context, Axis axis, string font)
    {
        bool horizontal = axis.IsHorizontal();
        double labelled = (Of(axis)?.Labelled ?? []).Max(value =>
        {
            OxySize size = context.MeasureMathText(Label(value)!, font, axis.FontSize, axis.FontWeight);
            return (double?)(horizontal ? size.Height : size.Width);
        }) ?? 0;
        double title = string.IsNullOrEmpty(axis.Title)
            ? 0
            : axis.AxisTitleDistance + context.MeasureMathText(axis.Title, font, axis.TitleFontSize, axis.TitleFontWeight).Height;
        double margin = axis.MajorTickSize + axis.AxisTickToLabelDistance + labelled + title;
        return horizontal ? new OxyThickness(0, 0, 0, margin) : new OxyThickness(margin, 0, 0, 0);
    }
}

/// <summary>A linear axis with the ticks of this house.</summary>
internal sealed class HouseLinearAxis(double unit, bool forPrint) : LinearAxis
{
    private readonly HouseTicks ticks = new(AxisScale.Linear, unit, forPrint);

    public override void GetTickValues(
        out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        if (ticks.Of(this) is var (labelled, minor))
        {
            (majorLabelValues, majorTickValues, minorTickValues) = (labelled, labelled, minor);
        }
        else
        {
            base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        }
    }

    public override void Measure(IRenderContext rc) => DesiredMargin = ticks.Margin(rc, this, ActualFont);

    protected override string FormatValueOverride(double x) => ticks.Label(x) ?? base.FormatValueOverride(x);
}

/// <summary>A logarithmic axis with the ticks of this house.</summary>
internal sealed class HouseLogarithmicAxis(double unit, bool forPrint) : LogarithmicAxis
{
    private readonly HouseTicks ticks = new(AxisScale.Logarithmic, unit, forPrint);

    public override void GetTickValues(
        out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        if (ticks.Of(this) is var (labelled, minor))
        {
            (majorLabelValues, majorTickValues, minorTickValues) = (labelled, labelled, minor);
        }
        else
        {
            base.GetTickValues(out majorLabelValues, out majorTickValues, out minorTickValues);
        }
    }

    public override void Measure(IRenderContext rc) => DesiredMargin = ticks.Margin(rc, this, ActualFont);

    protected override string FormatValueOverride(double x) => ticks.Label(x) ?? base.FormatValueOverride(x);
}
