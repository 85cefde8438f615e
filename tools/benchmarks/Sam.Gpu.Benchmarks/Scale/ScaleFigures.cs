using Sam.Gpu.Figures;

namespace Sam.Gpu.Benchmarks.Scale;

/// <summary>A figure of time and one of memory for each sweep, on logarithmic axes: a straight line of slope 1 is linear.</summary>
internal static class ScaleFigures
{
    private const double Mebi = 1 << 20;

    /// <summary>Draws the figures.</summary>
    /// <param name="points">The points.</param>
    /// <param name="device">The device's name.</param>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<ScalePoint> points, string device)
    {
        var figures = new List<Figure>();
        foreach (var sweep in points.GroupBy(point => point.Sweep))
        {
            ScalePoint[] of = [.. sweep];
            double[] sizes = [.. of.Select(point => (double)point.Size)];
            string axis = sweep.Key switch
            {
                ScalePoint.ExamplesSweep => "examples",
                ScalePoint.WidthSweep => "width of the hidden layers",
                _ => "directions in a block",
            };
            figures.Add(Draw($"scale-{sweep.Key}-time", "seconds", $"Time against {axis}.",
            [
                Curve("block of products", sizes, of.Select(point => point.BlockSeconds), FigurePalette.Vermilion, FigureMarker.Circle),
                Curve("a direction", sizes, of.Select(point => point.BlockSeconds / point.Directions), FigurePalette.Purple, FigureMarker.Square),
                Curve("gradient", sizes, of.Select(point => point.GradientSeconds), FigurePalette.Blue, FigureMarker.Triangle),
            ]));
            figures.Add(Draw($"scale-{sweep.Key}-memory", "memory (MiB)", $"Memory against {axis}.",
            [
                Curve("measured", sizes, of.Select(point => point.MeasuredBytes / Mebi), FigurePalette.Vermilion, FigureMarker.Circle),
                Curve("planned", sizes, of.Select(point => point.PlannedBytes / Mebi), FigurePalette.Blue, FigureMarker.Square),
            ]));

            Figure Draw(string name, string label, string description, FigureSeries[] series) => new()
            {
                Name = name,
                Description = description,
                Provenance = $"tools/bench scale; {device}",
                XAxis = new FigureAxis { Label = axis, Scale = AxisScale.Logarithmic },
                YAxis = new FigureAxis { Label = label, Scale = AxisScale.Logarithmic },
                Series = series,
                Labels = FigureLabels.Legend,
            };
        }

        return figures;
    }

    private static FigureSeries Curve(string label, double[] x, IEnumerable<double> y, int colour, FigureMarker marker) =>
        new() { Label = label, X = x, Y = [.. y], ColourIndex = colour, Marker = marker };
}
