using Sam.Gpu.Figures;
using Sam.Gpu.Tests.Figures;

namespace Sam.Gpu.OxyPlot.Tests;

/// <summary>Figures that show what figures can have.</summary>
internal static class Samples
{
    private static readonly double[] Steps = [.. Enumerable.Range(0, 41).Select(index => 25.0 * index)];

    /// <summary>The figures of a run, and of two runs over each other.</summary>
    public static IReadOnlyList<Figure> OfRuns { get; } =
    [
        .. RunFigures.Of(RunSample.Of()),
        .. RunFigures.Of(RunSample.Of(rho: 0, eigenvalues: 6)),
        .. RunFigures.Overlay([RunSample.Of(), RunSample.Of("demo-2", rho: 0.2, seed: 2)]),
        .. RunFigures.Overlay([RunSample.Of("the first of two runs with names too long for the margin"), RunSample.Of("demo_2^{x}")]),
    ];

    /// <summary>Every kind of series, scripts, symbols, events, annotations and notes.</summary>
    public static Figure Everything { get; } = new()
    {
        Name = "everything",
        Title = "*η* = 0.05, *ρ* ≤ 0.1 & <b>",
        Description = "A line & <more>.",
        Provenance = "run: a <&> η\nconfiguration: {\"rho\":0.1}",
        XAxis = new FigureAxis { Label = "training step" },
        YAxis = new FigureAxis { Label = "*λ*_{1} ≤ ‖∇*L*‖^{2}", Minimum = 0 },
        Series =
        [
            new FigureSeries
            {
                Label = "*λ*_{1}", X = Steps, Y = Curve(30), Unconverged = [.. Steps.Select((_, index) => index % 11 == 0)],
            },
            new FigureSeries { Label = "SAM edge", Role = SeriesRole.Threshold, X = Steps, Y = Curve(31), ColourIndex = 1, DashIndex = 1 },
            new FigureSeries { Label = "2/*η*", Role = SeriesRole.Threshold, X = [], Y = [40], ColourIndex = 2, DashIndex = 2 },
        ],
        Annotations = [new FigureAnnotation(500, 10, "*v* ≤ *ρ*^{2}·10^{−3}")],
        Events = [new FigureEvent(300, "*η* / 2"), new FigureEvent(700)],
        Notes = ["Solid: *λ*_{1}."],
    };

    /// <summary>The same with a legend, a band and points.</summary>
    public static Figure WithLegend { get; } = Everything with
    {
        Labels = FigureLabels.Legend,
        Events = [],
        Series =
        [
            .. Everything.Series,
            new FigureSeries
            {
                Label = "range", Role = SeriesRole.Band, X = Steps, Y = Curve(25), Lower = Curve(20), ColourIndex = 5,
            },
            new FigureSeries
            {
                Label = "seeds", Role = SeriesRole.Points, X = Steps, Y = Curve(15), Marker = FigureMarker.Triangle, ColourIndex = 3,
            },
        ],
    };

    public static Figure Logarithmic { get; } = new()
    {
        Name = "logarithmic",
        XAxis = new FigureAxis { Label = "training step", Scale = AxisScale.Logarithmic },
        YAxis = new FigureAxis { Label = "training loss", Scale = AxisScale.Logarithmic },
        Series = [new FigureSeries { X = [1, 10, 100, 1000], Y = [1, 0.1, double.NaN, 1e-5], Marker = FigureMarker.Square }],
    };

    /// <summary>A curve that rises to a value.</summary>
    public static double[] Curve(double height) => [.. Steps.Select((_, index) => height * Math.Min(1, (index + 1) / 8.0))];
}
