using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>
/// The figures of a spectrum: the density of each block and, of several, over each other; and the alignment of the gradients.
/// </summary>
/// <remarks>
/// <c>density</c>: the smoothed spectral density on a logarithmic axis, as B. Ghorbani, S. Krishnan, Y. Xiao (ICML 2019) draw it, with
/// the eigenvalues at both ends marked on it; <c>alignment</c>: the share of the gradients' squared norm in the span of the first k
/// eigenvectors; <c>densities</c>: the densities of all blocks. The names of blocks other than the whole follow those of the figures.
/// </remarks>
public static class SpectrumFigures
{
    /// <summary>The axis begins this far below the height of a single eigenvalue: what is lower is less than a part of one.</summary>
    private const double BelowOne = 0.2;

    /// <summary>An edge that is further off than this, in units of the largest eigenvalue, would leave no room for the spectrum.</summary>
    private const double FarthestEdge = 1.4;

    /// <summary>Densities that are told apart by colour and dashes.</summary>
    private const int MostOverlaid = 6;

    /// <summary>Draws the figures.</summary>
    /// <param name="blocks">The blocks; one or more.</param>
    /// <param name="size">Their printed size; null for one column.</param>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<SpectrumSeries> blocks, FigureSize? size = null)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var figures = new List<Figure>();
        foreach (var block in blocks)
        {
            string name = block.IsWhole ? "" : "-" + block.Name.Replace(',', '+');
            figures.Add(Density(block, "density" + name));
            if (block.Gradient.Count > 1 && block.Gradient.All(double.IsFinite))
            {
                figures.Add(Alignment(block, "alignment" + name));
            }
        }

        if (blocks.Count is > 1 and <= MostOverlaid)
        {
            figures.Add(Overlay(blocks));
        }

        return [.. figures.Select(figure => figure with { Size = size ?? FigureSize.SingleColumn })];
    }

    private static Figure Density(SpectrumSeries block, string name)
    {
        double floor = Floor(block);
        var series = new List<FigureSeries>
        {
            Marks(block, block.Top, block.TopUnconverged, FigureMarker.Circle, FigurePalette.Vermilion, "largest"),
            Marks(block, block.Bottom, block.BottomUnconverged, FigureMarker.Diamond, FigurePalette.Purple, "smallest"),
        };
        series.AddRange(Curves(block, floor).Select(curve => curve with { ColourIndex = FigurePalette.Blue }));
        var events = new List<FigureEvent>();
        double farthest = FarthestEdge * block.Top[0];
        AddEdge(block.SamEdge, "SAM edge");
        AddEdge(block.BaseEdge, double.IsNaN(block.SamEdge) ? "edge of stability" : "edge without SAM");
        double high = block.Density.Where(double.IsFinite).DefaultIfEmpty(1).Max();
        return new Figure
        {
            Name = name,
            Title = block.IsWhole ? null : Title(block),
            Description = $"The spectral density of the {block.Matrix} on a logarithmic axis, its largest and smallest eigenvalues marked.",
            Provenance = block.Provenance,
            XAxis = new FigureAxis { Label = "eigenvalue *λ*" },
            YAxis = new FigureAxis
            {
                Label = "spectral density", Scale = AxisScale.Logarithmic, Minimum = floor, Maximum = Math.Max(2 * high, 10 * floor),
            },
            Series = series,
            Labels = FigureLabels.Legend,
            Events = events,
            Notes = [Smoothing(block)],
        };

        void AddEdge(double edge, string label)
        {
            if (block.IsWhole && edge <= farthest)
            {
                events.Add(new FigureEvent(edge, label));
            }
        }
    }

    private static Figure Alignment(SpectrumSeries block, string name)
    {
        double[] ranks = [.. Enumerable.Range(1, block.Gradient.Count).Select(rank => (double)rank)];
        var gradient = new FigureSeries { Label = "*g*", X = ranks, Y = block.Gradient, Marker = FigureMarker.Circle };
        bool hasSam = block.SamGradient.Count > 0;
        return new Figure
        {
            Name = name,
            Title = block.IsWhole ? null : Title(block),
            Description = "The share of the gradient's squared norm in the span of the first k eigenvectors, against k.",
            Provenance = block.Provenance,
            XAxis = new FigureAxis { Label = "eigenvectors *k*", Minimum = 0.5, Maximum = ranks.Length + 0.5 },
            YAxis = new FigureAxis { Label = "‖*P*_{*k*} *g*‖² / ‖*g*‖²", Minimum = 0, Maximum = 1 },
            Series = hasSam
                ?
                [
                    gradient,
                    gradient with
                    {
                        Label = "*g*_{SAM}", Y = block.SamGradient, ColourIndex = FigurePalette.Vermilion, DashIndex = 1,
                        Marker = FigureMarker.Square,
                    },
                ]
                : [gradient with { Label = null }],
        };
    }

    private static Figure Overlay(IReadOnlyList<SpectrumSeries> blocks)
    {
        double floor = blocks.Min(Floor);
        var series = new List<FigureSeries>();
        for (int i = 0; i < blocks.Count; i++)
        {
            series.AddRange(Curves(blocks[i], floor).Select((curve, part) => curve with
            {
                Label = part == 0 ? Title(blocks[i]) : null, ColourIndex = i, DashIndex = i, LineWidth = 0.9,
            }));
        }

        return new Figure
        {
            Name = "densities",
            Description = $"The spectral densities of blocks of the {blocks[0].Matrix} on a logarithmic axis.",
            Provenance = string.Join("\n\n", blocks.Select(block => block.Provenance)),
            XAxis = new FigureAxis { Label = "eigenvalue *λ*" },
            YAxis = new FigureAxis
            {
                Label = "spectral density", Scale = AxisScale.Logarithmic, Minimum = floor,
                Maximum = Math.Max(2 * blocks.Max(block => block.Density.Where(double.IsFinite).DefaultIfEmpty(1).Max()), 10 * floor),
            },
            Series = series,
            Labels = FigureLabels.Legend,
            Notes = ["Each smoothed by a width of its own."],
        };
    }

    private static string Title(SpectrumSeries block)
    {
        string kind = block.Name.Contains(',', StringComparison.Ordinal) ? "layers" : "layer";
        return block.IsWhole ? "whole" : $"{kind} {FigureText.Escape(block.Name)}";
    }

    /// <summary>The lower end of the axis: a fifth of the height of a single eigenvalue.</summary>
    private static double Floor(SpectrumSeries block) => BelowOne / (block.Dimension * block.Width * Math.Sqrt(2 * Math.PI));

    private static string Smoothing(SpectrumSeries block) => string.Create(
        CultureInfo.InvariantCulture, $"{block.Dimension} eigenvalues, smoothed by a normal distribution with *σ* = {block.Width:g3}.");

    private static FigureSeries Marks(
        SpectrumSeries block, IReadOnlyList<double> values, IReadOnlyList<bool> unconverged, FigureMarker marker, int colour,
        string which) => new()
    {
        Label = values.Count == 1 ? which : string.Create(CultureInfo.InvariantCulture, $"{values.Count} {which}"),
        Role = SeriesRole.Points,
        X = values,
        Y = [.. values.Select(value => At(block, value))],
        Unconverged = unconverged.Any(flag => flag) ? unconverged : null,
        Marker = marker,
        ColourIndex = colour,
    };

    /// <summary>The density at a value, between two of its points.</summary>
    private static double At(SpectrumSeries block, double value)
    {
        double step = block.Points[1] - block.Points[0];
        int index = Math.Clamp((int)((value - block.Points[0]) / step), 0, block.Points.Count - 2);
        double part = (value - block.Points[index]) / step;
        return ((1 - part) * block.Density[index]) + (part * block.Density[index + 1]);
    }

    /// <summary>The parts of the curve that lie above a floor, each to where it meets it.</summary>
    private static IEnumerable<FigureSeries> Curves(SpectrumSeries block, double floor)
    {
        var x = new List<double>();
        var y = new List<double>();
        for (int i = 0; i < block.Points.Count; i++)
        {
            bool isAbove = block.Density[i] >= floor;
            if (i > 0 && isAbove != block.Density[i - 1] >= floor)
            {
                x.Add(Crossing(i));
                y.Add(floor);
            }

            if (isAbove)
            {
                x.Add(block.Points[i]);
                y.Add(block.Density[i]);
            }
            else if (x.Count > 0)
            {
                yield return new FigureSeries { X = [.. x], Y = [.. y] };
                x.Clear();
                y.Clear();
            }
        }

        if (x.Count > 0)
        {
            yield return new FigureSeries { X = [.. x], Y = [.. y] };
        }

        // Where the straight line between two points on the logarithmic axis meets the floor.
        double Crossing(int i)
        {
            double low = Math.Log(Math.Max(block.Density[i - 1], double.Epsilon));
            double high = Math.Log(Math.Max(block.Density[i], double.Epsilon));
            return block.Points[i - 1] + ((Math.Log(floor) - low) / (high - low) * (block.Points[i] - block.Points[i - 1]));
        }
    }
}
