using System.Xml.Linq;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class SpectrumFiguresTests
{
    private static readonly double[] Points = [.. Enumerable.Range(0, 201).Select(i => -1 + (0.05 * i))];

    private static SpectrumSeries Block(string name = "whole") => new()
    {
        Name = name,
        IsWhole = name == "whole",
        Matrix = "Hessian",
        Dimension = 100,
        Points = Points,
        Density = [.. Points.Select(point => (0.98 * Normal(point)) + (0.02 * Normal(point - 8)))],
        Width = 0.1,
        Top = [8, 7.9],
        Bottom = [-0.2, -0.1],
        TopUnconverged = [false, false],
        BottomUnconverged = [true, false],
        BaseEdge = 20,
        SamEdge = 8.2,
        Gradient = [0.5, 0.75],
        SamGradient = [0.6, 0.9],
        Provenance = "spectrum of: test",
    };

    [Fact]
    public void A_block_has_its_density_on_a_logarithmic_axis_and_the_alignment_of_its_gradients()
    {
        var figures = SpectrumFigures.Of([Block()]);

        Assert.Equal(["density", "alignment"], figures.Select(figure => figure.Name));
        Assert.All(figures, figure => XDocument.Parse(SvgRenderer.Render(figure)));
        Assert.All(figures, figure => Assert.Equal("spectrum of: test", figure.Provenance));
        var density = figures[0];
        Assert.Equal(AxisScale.Logarithmic, density.YAxis.Scale);
        Assert.Equal(["2 largest", "2 smallest"], density.Series.Select(series => series.Label).OfType<string>());
        Assert.Equal([true, false], density.Series[1].Unconverged);
        Assert.Equal([0.6, 0.9], figures[1].Series[1].Y);
    }

    [Fact]
    public void The_curve_is_cut_where_it_falls_below_a_part_of_an_eigenvalue_and_nothing_lies_beyond_the_axis()
    {
        var density = SpectrumFigures.Of([Block()])[0];
        var curves = density.Series.Where(series => series.Role == SeriesRole.Line).ToList();
        double floor = density.YAxis.Minimum!.Value;

        Assert.Equal(2, curves.Count);
        Assert.All(curves, curve => Assert.All(curve.Y, value => Assert.True(value >= floor)));
        Assert.Equal(floor, curves[0].Y[^1]);
        Assert.Equal(floor, curves[1].Y[0]);
        Assert.DoesNotContain("not shown", SvgRenderer.Render(density), StringComparison.Ordinal);
        Assert.DoesNotContain("beyond the axes", SvgRenderer.Render(density), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edge_is_marked_where_the_spectrum_comes_near_it()
    {
        Assert.Equal(["SAM edge"], SpectrumFigures.Of([Block()])[0].Events.Select(mark => mark.Label));
        Assert.Empty(SpectrumFigures.Of([Block() with { SamEdge = double.NaN, BaseEdge = double.NaN }])[0].Events);
        Assert.Empty(SpectrumFigures.Of([Block("0")])[0].Events);
    }

    [Fact]
    public void Several_blocks_lie_over_each_other_as_well()
    {
        var figures = SpectrumFigures.Of([Block(), Block("0"), Block("2,4.bias")]);
        Assert.Equal(
            ["density", "alignment", "density-0", "alignment-0", "density-2+4.bias", "alignment-2+4.bias", "densities"],
            figures.Select(figure => figure.Name));
        Assert.Equal([null, null, "layer 0", "layer 0", "layers 2,4.bias", "layers 2,4.bias", null],
            figures.Select(figure => figure.Title));
        Assert.Equal(["whole", "layer 0", "layers 2,4.bias"], figures[^1].Series.Select(series => series.Label).OfType<string>());
        Assert.All(figures, figure => XDocument.Parse(SvgRenderer.Render(figure)));
    }

    [Fact]
    public void A_gradient_of_zero_has_no_alignment_to_draw() =>
        Assert.Single(SpectrumFigures.Of([Block() with { Gradient = [double.NaN, double.NaN], SamGradient = [] }]));

    private static double Normal(double distance) => Math.Exp(-0.5 * Math.Pow(distance / 0.1, 2)) / (0.1 * Math.Sqrt(2 * Math.PI));
}
