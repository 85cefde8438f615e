using System.Globalization;
using System.Xml.Linq;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class SvgRendererTests
{
    private static readonly double[] Abscissas = [1, 2, 3, 4, 5];

    private static Figure Of(AxisScale x, AxisScale y, params FigureSeries[] series) => new()
    {
        Name = "sample",
        XAxis = new FigureAxis { Label = "*x*", Scale = x },
        YAxis = new FigureAxis { Label = "*f*(*x*)", Scale = y },
        Series = series,
    };

    private static FigureSeries Line(params double[] values) => new() { Label = "series", X = Abscissas[..values.Length], Y = values };

    private static XDocument Drawn(Figure figure)
    {
        string svg = SvgRenderer.Render(figure);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", svg, StringComparison.Ordinal);
        AssertNothingIsCutOrCovered(figure);
        return XDocument.Parse(svg);
    }

    private static string[] Texts(XDocument svg) =>
        [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    private static void AssertNothingIsCutOrCovered(Figure figure)
    {
        PlotLayout layout = PlotLayout.Of(figure);
        PageRectangle[] boxes = [.. layout.Texts.Select(text => text.Bounds)];
        for (int one = 0; one < boxes.Length; one++)
        {
            string text = string.Concat(layout.Texts[one].Text.Runs.Select(run => run.Text));
            Assert.True(
                boxes[one].Left >= 0 && boxes[one].Top >= 0 && boxes[one].Right <= layout.Width && boxes[one].Bottom <= layout.Height,
                $"'{text}' is cut");
            for (int other = 0; other < one; other++)
            {
                bool overlap = boxes[one].Left < boxes[other].Right && boxes[other].Left < boxes[one].Right
                    && boxes[one].Top < boxes[other].Bottom && boxes[other].Top < boxes[one].Bottom;
                Assert.False(overlap, $"'{text}' covers '{string.Concat(layout.Texts[other].Text.Runs.Select(run => run.Text))}'");
            }
        }
    }

    [Fact]
    public void Figures_have_their_printed_size_and_say_what_they_are()
    {
        Figure figure = Of(AxisScale.Linear, AxisScale.Linear, Line(1, 2, 3)) with
        {
            Title = "*λ*_{1} < *η* & \"co\"",
            Description = "A line.",
            Provenance = "seed 1 <&>\u0001",
        };
        XDocument svg = Drawn(figure);
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal("84mm", svg.Root!.Attribute("width")!.Value);
        Assert.Equal("58.8mm", svg.Root.Attribute("height")!.Value);
        Assert.Equal("0 0 238.11 166.68", svg.Root.Attribute("viewBox")!.Value);
        Assert.Equal("λ1 < η & \"co\"", svg.Root.Element(ns + "title")!.Value);
        Assert.Equal("A line.", svg.Root.Element(ns + "desc")!.Value);
        Assert.Equal("seed 1 <&>\uFFFD", svg.Root.Element(ns + "metadata")!.Value);
        Assert.Contains("λ1 < η & \"co\"", Texts(svg));
        Assert.Contains("f(x)", Texts(svg));
        Assert.Contains("series", Texts(svg));
    }

    [Fact]
    public void Scripts_are_moved_by_dy_and_back()
    {
        string svg = SvgRenderer.Render(Of(AxisScale.Linear, AxisScale.Linear) with { Title = "*λ*_{1} edge" });
        Assert.Contains(
            "<tspan font-style=\"italic\">λ</tspan><tspan dy=\"1.76\" font-size=\"5.76\">1</tspan><tspan dy=\"-1.76\"> edge</tspan>",
            svg,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_positive_break_the_line_on_a_logarithmic_axis_and_are_counted()
    {
        Figure figure = Of(AxisScale.Linear, AxisScale.Logarithmic, Line(1, 2, 0, 3, 4), Line(-1, 10, 20, 30, 40));
        Assert.Contains("2 points not shown: not positive.", Texts(Drawn(figure)));
        IReadOnlyList<PlotCurve> curves = PlotLayout.Of(figure).Curves;
        Assert.Equal([2, 2], curves[0].Segments.Select(segment => segment.Count));
        Assert.Equal([4], curves[1].Segments.Select(segment => segment.Count));
    }

    [Fact]
    public void Values_that_are_missing_or_beyond_a_fixed_range_are_counted()
    {
        Figure figure = Of(AxisScale.Linear, AxisScale.Linear, Line(1, double.NaN, double.PositiveInfinity, 7, 2));
        figure = figure with { YAxis = figure.YAxis with { Minimum = 0, Maximum = 5 } };
        string[] texts = Texts(Drawn(figure));
        Assert.Contains("2 points not shown: not measured or not finite.  1 point beyond the axes.", texts);
    }

    [Fact]
    public void A_series_of_which_nothing_was_measured_is_named()
    {
        FigureSeries nothing = Line(double.NaN, double.NaN) with { Label = "*g*_{SAM}" };
        Assert.Contains("No data: gSAM.", Texts(Drawn(Of(AxisScale.Linear, AxisScale.Linear, Line(1, 2), nothing))));
    }

    [Fact]
    public void Unconverged_values_are_open_markers_that_no_line_touches()
    {
        FigureSeries series = Line(1, 2, 3, 2, 1) with { Unconverged = [false, false, true, false, false] };
        PlotCurve curve = PlotLayout.Of(Of(AxisScale.Linear, AxisScale.Linear, series)).Curves[0];
        Assert.Equal(2, curve.Segments.Count);
        Assert.Single(curve.Open);
        Assert.DoesNotContain(curve.Open[0], curve.Segments.SelectMany(segment => segment));
        XDocument svg = Drawn(Of(AxisScale.Linear, AxisScale.Linear, series));
        Assert.Contains("Open markers: not converged.", Texts(svg));
        Assert.Single(svg.Descendants(), element => element.Name.LocalName == "circle");
    }

    public static TheoryData<string> DegenerateNames =>
        [.. Degenerate.Keys];

    private static Dictionary<string, Figure> Degenerate => new()
    {
        ["no series"] = Of(AxisScale.Linear, AxisScale.Linear),
        ["empty series"] = Of(AxisScale.Linear, AxisScale.Logarithmic, Line()),
        ["single point"] = Of(AxisScale.Linear, AxisScale.Linear, Line(7)),
        ["single point, logarithmic"] = Of(AxisScale.Logarithmic, AxisScale.Logarithmic, Line(7)),
        ["constant"] = Of(AxisScale.Linear, AxisScale.Linear, Line(2, 2, 2)),
        ["constant zero"] = Of(AxisScale.Linear, AxisScale.Linear, Line(0, 0, 0)),
        ["constant, logarithmic"] = Of(AxisScale.Linear, AxisScale.Logarithmic, Line(2, 2, 2)),
        ["all NaN"] = Of(AxisScale.Linear, AxisScale.Linear, Line(double.NaN, double.NaN)),
        ["all negative, logarithmic"] = Of(AxisScale.Logarithmic, AxisScale.Logarithmic, Line(-1, -2)),
        ["huge"] = Of(AxisScale.Linear, AxisScale.Linear, Line(-double.MaxValue, double.MaxValue, 0, 1e300)),
        ["huge, logarithmic"] = Of(AxisScale.Linear, AxisScale.Logarithmic, Line(double.Epsilon, double.MaxValue, 1)),
        ["tiny"] = Of(AxisScale.Linear, AxisScale.Linear, Line(double.Epsilon, 0, 2 * double.Epsilon)),
        ["narrow"] = Of(AxisScale.Linear, AxisScale.Linear, Line(1, 1 + 1e-9, 1 + 2e-9)),
        ["one in double precision"] = Of(AxisScale.Linear, AxisScale.Logarithmic, Line(1, Math.BitIncrement(1))),
        ["fixed range away from the data"] = Of(AxisScale.Linear, AxisScale.Linear, Line(1, 2)) with
        {
            YAxis = new FigureAxis { Label = "y", Minimum = 5 },
        },
        ["smallest page"] = Of(AxisScale.Linear, AxisScale.Linear, Line(1, 5, 2)) with { Size = new FigureSize(20, 20), Labels = FigureLabels.None },
    };

    [Theory]
    [MemberData(nameof(DegenerateNames))]
    public void Degenerate_figures_are_drawn(string name)
    {
        XDocument svg = Drawn(Degenerate[name]);
        bool hasData = PlotLayout.Of(Degenerate[name]).Curves.Any(curve => curve.End is not null);
        Assert.Equal(!hasData, Texts(svg).Contains("no data"));
        Assert.True(Texts(svg).Length >= 4, "axes have labels and ticks");
    }

    [Fact]
    public void Points_bands_thresholds_events_and_annotations_are_drawn()
    {
        Figure figure = Of(
            AxisScale.Linear,
            AxisScale.Linear,
            Line(1.5, 2.5, 3, 4, 5) with { Label = "median" },
            Line(2, 3, 4, 5, 6) with { Label = "range over seeds", Role = SeriesRole.Band, Lower = [1, 2, 2.5, 3, 4] },
            Line(5, 1, 4, 2, 2) with { Label = "points", Role = SeriesRole.Points, Marker = FigureMarker.Diamond },
            new FigureSeries { Label = "bound", Role = SeriesRole.Threshold, X = [], Y = [5.5] }) with
        {
            Events = [new FigureEvent(2.5, "*η* halved"), new FigureEvent(2.6, "batch 64 → 128"), new FigureEvent(9)],
            Annotations = [new FigureAnnotation(4.2, 1.3, "‖*g*‖_{2} ≤ 1")],
        };
        XDocument svg = Drawn(figure);
        Assert.Superset(
            new HashSet<string> { "median", "range over seeds", "points", "bound", "η halved", "batch 64 → 128", "‖g‖2 ≤ 1" },
            Texts(svg).ToHashSet());
        Assert.Equal(2, PlotLayout.Of(figure).EventLines.Count);
    }

    [Fact]
    public void Labels_stand_at_line_ends_until_they_cannot()
    {
        PlotLayout apart = PlotLayout.Of(Of(AxisScale.Linear, AxisScale.Linear, Line(1, 2, 3), Line(3, 2, 1)));
        Assert.Null(apart.Legend);

        PlotLayout early = PlotLayout.Of(Of(AxisScale.Linear, AxisScale.Linear, Line(1, 2, 3, 4, 5), Line(1, 2, 1)));
        Assert.NotNull(early.Legend);
        Assert.True(early.Legend.Bounds.Top >= early.Frame.Area.Top, "there is an empty corner");

        FigureSeries[] bundle = [.. Enumerable.Range(0, 9).Select(index => Line(index, index + 1, index, index, 3 + (0.01 * index)))];
        PlotLayout crowded = PlotLayout.Of(Of(AxisScale.Linear, AxisScale.Linear, bundle));
        Assert.NotNull(crowded.Legend);
        AssertNothingIsCutOrCovered(Of(AxisScale.Linear, AxisScale.Linear, bundle));
    }

    [Fact]
    public void A_legend_never_covers_a_line()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 40; trial++)
        {
            FigureSeries[] series = [.. Enumerable.Range(0, 1 + (trial % 6)).Select(index => new FigureSeries
            {
                Label = "run " + new string('x', trial),
                X = [.. Enumerable.Range(0, 60).Select(step => (double)step)],
                Y = [.. Enumerable.Range(0, 60).Select(step => Math.Sin(index + (step * trial / 200.0)) + random.NextDouble())],
            })];
            Figure figure = Of(AxisScale.Linear, AxisScale.Linear, series) with { Labels = FigureLabels.Legend };
            PlotLayout layout = PlotLayout.Of(figure);
            Assert.DoesNotContain(layout.Curves.SelectMany(curve => curve.Ink(0.5)), layout.Legend!.Bounds.Contains);
            AssertNothingIsCutOrCovered(figure);
        }
    }

    [Fact]
    public void More_names_than_fit_are_counted()
    {
        FigureSeries[] series = [.. Enumerable.Range(0, 40).Select(index =>
            Line(index, index + 1, index) with { Label = $"a rather long name of run {index}" })];
        Figure figure = Of(AxisScale.Linear, AxisScale.Linear, series) with { Title = new string('W', 200) };
        string[] texts = Texts(Drawn(figure));
        Assert.Contains(texts, text => text.StartsWith("and ", StringComparison.Ordinal) && text.EndsWith(" more", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.EndsWith('…'));
    }

    [Fact]
    public void Sixty_thousand_points_take_less_than_a_hundred_kilobytes()
    {
        var random = new Random(1);
        var series = new FigureSeries
        {
            X = [.. Enumerable.Range(0, 60_000).Select(step => (double)step)],
            Y = [.. Enumerable.Range(0, 60_000).Select(_ => random.NextDouble())],
        };
        Figure figure = Of(AxisScale.Linear, AxisScale.Linear, series, series with { Role = SeriesRole.Points }) with
        {
            Size = FigureSize.DoubleColumn,
        };
        Assert.InRange(SvgRenderer.Render(figure with { Series = [series] }).Length, 20_000, 100_000);
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes_in_every_culture()
    {
        Figure figure = RunFigures.Of(RunSample.Of())[0];
        string expected = SvgRenderer.Render(figure);
        Assert.Equal(expected, SvgRenderer.Render(RunFigures.Of(RunSample.Of())[0]));

        // The process runs with invariant globalization, where only a made-up culture has a decimal comma.
        CultureInfo before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = german;
        try
        {
            Assert.Equal(expected, SvgRenderer.Render(RunFigures.Of(RunSample.Of())[0]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Figures_that_contradict_themselves_are_refused()
    {
        FigureSeries line = Line(1, 2, 3);
        Figure figure = Of(AxisScale.Linear, AxisScale.Linear, line);
        Figure[] wrong =
        [
            figure with { Series = [line with { X = [1, 2] }] },
            figure with { Series = [line with { Unconverged = [true] }] },
            figure with { Series = [line with { Role = SeriesRole.Band }] },
            figure with { Series = [line with { LineWidth = double.NaN }] },
            figure with { Size = new FigureSize(double.NaN, 50) },
            figure with { YAxis = figure.YAxis with { Minimum = 1, Maximum = 1 } },
            figure with { YAxis = figure.YAxis with { Minimum = 0, Scale = AxisScale.Logarithmic } },
        ];
        Assert.All(wrong, one => Assert.Contains("'sample'", Assert.Throws<ArgumentException>(() => SvgRenderer.Render(one)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Colours_and_their_texts_stand_out_from_white()
    {
        for (int index = 0; index < FigurePalette.ColourCount; index++)
        {
            Assert.True(FigurePalette.ContrastToWhite(FigurePalette.Colour(index)) >= 3);
            Assert.True(FigurePalette.ContrastToWhite(FigurePalette.TextColour(index)) >= 4.5);
        }

        Assert.Equal(FigurePalette.DashCount, Enumerable.Range(0, FigurePalette.DashCount)
            .Select(index => string.Join(' ', FigurePalette.Dashes(index))).Distinct().Count());
    }

    [Fact]
    public void Paper_styles_are_known_by_name()
    {
        Assert.Equal(82.55, FigureSize.OfStyle("ICML").WidthMillimetres);
        Assert.Equal(new FigureSize(84, 58.8), FigureSize.SingleColumn);
        Assert.Equal(174, FigureSize.DoubleColumn.WidthMillimetres);
        string message = Assert.Throws<UsageException>(() => FigureSize.OfStyle("letter")).Message;
        Assert.All(FigureSize.StyleNames, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }
}
