using System.Xml.Linq;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class RunFiguresTests
{
    private static readonly string[] Names = ["eigenvalues", "eigenvalues-sam-edge", "alignments", "loss", "ratio"];

    private static string[] Labels(Figure figure) =>
        [.. figure.Series.Where(series => series.Label is not null).Select(series => FigureText.Plain(series.Label!))];

    private static void AssertDrawable(IReadOnlyList<Figure> figures)
    {
        foreach (Figure figure in figures)
        {
            string svg = SvgRenderer.Render(figure);
            XDocument.Parse(svg);
            Assert.True(svg.Length < 300_000, $"{figure.Name} has {svg.Length} characters");
        }
    }

    [Fact]
    public void A_run_has_five_figures()
    {
        RunSeries run = RunSample.Of();
        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        AssertDrawable(figures);
        Assert.Equal(Names, figures.Select(figure => figure.Name));
        Assert.All(figures, figure => Assert.Equal("SAM, *η* = 0.05, *ρ* = 0.1", figure.Title));
        Assert.All(figures, figure => Assert.Equal(run.Provenance, figure.Provenance));
        Assert.Equal(["λ1", "λ2", "λ3", "SAM edge", "2/η"], Labels(figures[0]));
        Assert.Equal(["λ1", "λ2", "λ3", "SAM edge"], Labels(figures[1]));
        Assert.Equal(["g", "gSAM"], Labels(figures[2]));
        Assert.Equal(AxisScale.Logarithmic, figures[3].YAxis.Scale);
        Assert.Equal(run.Eigenvalues[0][3] / run.SamEdge[3], figures[4].Series[0].Y[3]);
        Assert.Equal("λ1 / SAM edge", FigureText.Plain(figures[4].YAxis.Label));
    }

    [Fact]
    public void Ordinates_of_eigenvalues_run_from_zero_to_a_tenth_above_the_largest()
    {
        RunSeries run = RunSample.Of();
        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        Assert.Equal((0, 1.1 * 40), (figures[0].YAxis.Minimum!.Value, figures[0].YAxis.Maximum!.Value));
        double largest = run.Eigenvalues.Concat([run.SamEdge]).Max(column => column.Max());
        Assert.Equal(1.1 * largest, figures[1].YAxis.Maximum!.Value);
    }

    [Fact]
    public void Unconverged_eigenvalues_are_marked_in_eigenvalues_and_ratio()
    {
        RunSeries run = RunSample.Of();
        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        bool[] expected = [.. run.Converged[0].Select(flag => !flag)];
        Assert.Equal(expected, figures[0].Series[0].Unconverged);
        Assert.Equal(expected, figures[4].Series[0].Unconverged);
        Assert.Null(RunFigures.Of(run with { Converged = [] })[0].Series[0].Unconverged);
    }

    [Fact]
    public void Without_SAM_the_base_edge_is_the_only_one()
    {
        IReadOnlyList<Figure> figures = RunFigures.Of(RunSample.Of(rho: 0), showTitle: false);
        AssertDrawable(figures);
        Assert.Equal(["λ1", "λ2", "λ3", "2/η"], Labels(figures[0]));
        Assert.Equal(["λ1", "λ2", "λ3", "2/η"], Labels(figures[1]));
        Assert.Single(figures[2].Series);
        Assert.Equal("λ1 / (2/η)", FigureText.Plain(figures[4].YAxis.Label));
        Assert.All(figures, figure => Assert.Null(figure.Title));
    }

    [Fact]
    public void Many_eigenvalues_share_a_label()
    {
        Assert.Equal(["λ1", "λ2 – λ8", "SAM edge"], Labels(RunFigures.Of(RunSample.Of(eigenvalues: 8))[1]));
    }

    [Fact]
    public void A_loss_within_a_decade_has_a_linear_axis()
    {
        RunSeries run = RunSample.Of() with { LossSteps = [0, 1, 2], Losses = [1, 0.5, 0.3] };
        Assert.Equal(AxisScale.Linear, RunFigures.Of(run)[3].YAxis.Scale);
    }

    [Fact]
    public void A_run_that_diverged_still_shows_what_came_before()
    {
        RunSeries run = RunSample.Of();
        double[] top = [.. run.Eigenvalues[0]];
        top[^2] = 1e30;
        top[^1] = double.PositiveInfinity;
        run = run with { Eigenvalues = [top], Converged = [], Losses = [1, 2, double.NaN], LossSteps = [0, 1, 2] };
        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        AssertDrawable(figures);
        Assert.InRange(figures[1].YAxis.Maximum!.Value, 10, 100);
        Assert.Contains("1 point beyond the axes.", SvgRenderer.Render(figures[1]), StringComparison.Ordinal);
        Assert.Contains("not finite", SvgRenderer.Render(figures[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_measurements_is_drawn()
    {
        var run = new RunSeries { Name = "short", Steps = [], Eigenvalues = [], BaseEdge = [], LossSteps = [], Losses = [] };
        AssertDrawable(RunFigures.Of(run));
        AssertDrawable(RunFigures.Overlay([run, RunSample.Of()]));
    }

    [Fact]
    public void Overlays_have_one_colour_per_run_and_dashed_edges()
    {
        RunSeries[] runs = [RunSample.Of("seed_0"), RunSample.Of("seed_1", seed: 2, losses: 60_000), RunSample.Of("gd", rho: 0)];
        IReadOnlyList<Figure> figures = RunFigures.Overlay(runs);
        AssertDrawable(figures);
        Assert.Equal(Names, figures.Select(figure => figure.Name));
        Assert.All(figures, figure => Assert.Equal(["seed_0", "seed_1", "gd"], Labels(figure)));
        IReadOnlyList<FigureSeries> series = figures[1].Series;
        Assert.Equal(6, series.Count);
        for (int run = 0; run < runs.Length; run++)
        {
            Assert.Equal(series[run].ColourIndex, series[run + 3].ColourIndex);
            Assert.Equal(0, series[run].DashIndex);
            Assert.NotEqual(0, series[run + 3].DashIndex);
        }

        Assert.Equal(3, series.Select(one => one.ColourIndex).Distinct().Count());
        Assert.Equal([40.0], figures[0].Series[^1].Y);
        Assert.Throws<ArgumentException>(() => RunFigures.Overlay([]));
    }
}
