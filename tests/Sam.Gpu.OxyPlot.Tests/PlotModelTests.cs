using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.OxyPlot.Tests;

public sealed class PlotModelTests
{
    private static readonly double[] Drawn = [.. Samples.Curve(30)];

    private static PlotModel Rendered(Figure figure, double width = 600, double height = 400)
    {
        PlotModel model = OxyPlotFigures.ToPlotModel(figure);
        _ = new SvgExporter { Width = width, Height = height }.ExportToString(model);
        Assert.Null(model.GetLastPlotException());
        return model;
    }

    private static string[] Labels(Axis axis)
    {
        axis.GetTickValues(out IList<double> labelled, out _, out _);
        return [.. labelled.Select(axis.FormatValue)];
    }

    private static string[] Texts(string svg) =>
        [.. XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    [Fact]
    public void Nothing_is_missing() => Assert.Null(OxyPlotFigures.Missing);

    [Fact]
    public void Axes_have_the_labels_scales_and_ranges_of_the_figure()
    {
        PlotModel model = Rendered(Samples.Everything);

        Assert.Equal("η = 0.05, ρ ≤ 0.1 & <b>", model.Title);
        Assert.Equal(2, model.Axes.Count);
        Assert.Equal("training step", model.Axes[0].Title);
        Assert.Equal("λ_{1} ≤ ‖∇L‖^{2}", model.Axes[1].Title);
        Assert.Equal((0, 1000), (model.Axes[0].ActualMinimum, model.Axes[0].ActualMaximum));
        Assert.Equal(["0", "200", "400", "600", "800", "1000"], Labels(model.Axes[0]));
        Assert.All(Rendered(Samples.Logarithmic).Axes, axis => Assert.True(axis.IsLogarithmic()));
        Assert.Contains("10^{−3}", Labels(Rendered(Samples.Logarithmic).Axes[1]));
    }

    [Fact]
    public void Ticks_keep_their_rules_when_a_window_zooms()
    {
        PlotModel model = Rendered(Samples.Everything);
        model.Axes[0].Zoom(100, 130);
        _ = new SvgExporter { Width = 600, Height = 400 }.ExportToString(model);

        Assert.Equal(["100", "105", "110", "115", "120", "125", "130"], Labels(model.Axes[0]));
    }

    [Fact]
    public void Lines_have_the_colours_widths_and_dashes_of_the_palette()
    {
        PlotModel model = OxyPlotFigures.ToPlotModel(Samples.Everything, unitsPerPoint: 2);
        LineSeries[] lines = [.. model.Series.OfType<LineSeries>()];

        // The figure's first series is drawn last of its role, and thresholds above lines.
        Assert.Equal(["λ_{1}", "2/η", "SAM edge"], lines.Select(line => line.Title));
        Assert.Equal([0, 2, 1], lines.Select(line => Enumerable.Range(0, FigurePalette.ColourCount).Single(index => Is(line.Color, index))));
        Assert.All(lines, line => Assert.Equal(2, line.StrokeThickness));
        Assert.Null(lines[0].Dashes);
        Assert.Equal(FigurePalette.Dashes(2), lines[1].Dashes);
        Assert.Equal(FigurePalette.Dashes(1), lines[2].Dashes);

        static bool Is(OxyColor colour, int index) => ((colour.R << 16) | (colour.G << 8) | colour.B) == FigurePalette.Colour(index);
    }

    [Fact]
    public void Values_that_did_not_converge_break_the_line_and_are_open_markers()
    {
        PlotModel model = OxyPlotFigures.ToPlotModel(Samples.Everything);
        LineSeries line = model.Series.OfType<LineSeries>().First();
        ScatterSeries open = Assert.Single(model.Series.OfType<ScatterSeries>());

        Assert.Equal(
            Drawn.Select((value, index) => index % 11 == 0 ? double.NaN : value),
            line.Points.Select(point => point.Y));
        Assert.Equal(Drawn.Where((_, index) => index % 11 == 0), open.Points.Select(point => point.Y));
        Assert.Equal(OxyColors.White, open.MarkerFill);
        Assert.Equal(line.Color, open.MarkerStroke);
    }

    [Fact]
    public void Legends_have_the_order_of_the_figure()
    {
        PlotModel model = Rendered(Samples.WithLegend);

        Assert.True(model.IsLegendVisible);
        Assert.Equal(LegendPlacement.Outside, Assert.Single(model.Legends).LegendPlacement);
        Assert.Equal(
            ["λ_{1}", "SAM edge", "2/η", "range", "seeds"],
            model.Series.Where(series => series.RenderInLegend).Select(series => series.Title));
        Assert.Single(model.Series.OfType<AreaSeries>(), area => area.Points.Count > 0);
    }

    [Fact]
    public void Legends_stand_in_an_empty_corner_where_there_is_one()
    {
        PlotModel model = Rendered(Samples.Everything with { Labels = FigureLabels.Legend, Annotations = [], Events = [] });

        Assert.Equal(LegendPlacement.Inside, Assert.Single(model.Legends).LegendPlacement);
        Assert.Equal(LegendPosition.RightBottom, model.Legends[0].LegendPosition);
        Assert.False(Rendered(Samples.Everything).IsLegendVisible);
    }

    [Fact]
    public void Svg_by_OxyPlot_has_every_letter()
    {
        string svg = OxyPlotFigures.ToSvg(Samples.Everything);
        string[] texts = Texts(svg);

        Assert.Contains("η = 0.05, ρ ≤ 0.1 & <b>", texts);
        Assert.Contains("2/η", texts);
        Assert.Contains("SAM edge", texts);
        Assert.Contains("λ", texts);
        Assert.Contains(" ≤ ‖∇L‖", texts);
        Assert.Contains("v ≤ ρ", texts);
        Assert.DoesNotContain(svg, character => character is >= '\uE000' and <= '\uF8FF');

        // 84 mm in pixels of 1/96 in.
        string width = XDocument.Parse(svg).Root!.Attribute("width")!.Value;
        Assert.Equal(84 / 25.4 * 96, double.Parse(width, CultureInfo.InvariantCulture), 0.01);
    }

    [Fact]
    public void The_model_exports_through_the_exporter_of_OxyPlot_too()
    {
        var exporter = new SvgExporter { Width = 600, Height = 400 };
        string[] texts = Texts(exporter.ExportToString(OxyPlotFigures.ToPlotModel(Samples.Everything)));

        Assert.Contains("η = 0.05, ρ ≤ 0.1 & <b>", texts);
        Assert.Contains("λ", texts);
        Assert.Contains("2/η", texts);
        Assert.Contains("−3", texts);
    }

    [Fact]
    public void Every_figure_of_a_run_can_be_shown_in_windows_of_any_size()
    {
        foreach (Figure figure in Samples.OfRuns)
        {
            _ = Rendered(figure);
            _ = Rendered(figure, 1600, 900);
            _ = Rendered(figure, 40, 30);
        }
    }

    [Fact]
    public void Names_that_look_like_markup_show_as_they_are()
    {
        Figure figure = Samples.Everything with { Title = FigureText.Escape("my_run_{1}") };

        Assert.Contains("my_run_\u2060{1}", Texts(OxyPlotFigures.ToSvg(figure)));
    }
}
