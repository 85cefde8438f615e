using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>The five figures of a run, and the same five for several runs together.</summary>
/// <remarks>
/// <c>eigenvalues</c>: the largest eigenvalues with the edge of SAM and that of the base optimizer; <c>eigenvalues-sam-edge</c>: without
/// the latter; <c>alignments</c>: of the gradients with the top eigenvector; <c>loss</c>; <c>ratio</c>: of the top eigenvalue to the edge
/// that applies. After the figures of P. M. Long and P. L. Bartlett, "Sharpness-Aware Minimization and the Edge of Stability" (JMLR 2024).
/// A run without SAM has the base optimizer's edge in the place of SAM's. The edge of Adam and RMSProp is that of P⁻¹H, P the diagonal they
/// divide by: theirs stands in a sixth figure, <c>eigenvalues-preconditioned</c>, with the eigenvalues of P⁻¹H, and <c>ratio</c> is of those.
/// </remarks>
public static class RunFigures
{
    private const string StepLabel = "training step";
    private const string TopEigenvalue = "*λ*_{1}";
    private const string TopPreconditioned = "*λ*_{1}(*P*^{−1}*H*)";
    private const string SamEdgeLabel = "SAM edge";

    /// <summary>More eigenvalues than these share one colour and one label: as lines of their own they could not be told apart.</summary>
    private const int MostNamedEigenvalues = 4;

    /// <summary>Values beyond this multiple of the usual ones would flatten everything else.</summary>
    private const double OutlierFactor = 8;

    /// <summary>The figures of one run.</summary>
    /// <param name="run">What the run measured.</param>
    /// <param name="size">Their printed size; null for one column.</param>
    /// <param name="showTitle">Whether optimizer, η and ρ stand above the plot; captions of papers say them elsewhere.</param>
    public static IReadOnlyList<Figure> Of(RunSeries run, FigureSize? size = null, bool showTitle = true)
    {
        ArgumentNullException.ThrowIfNull(run);
        string? title = showTitle ? Title(run) : null;
        List<FigureSeries> eigenvalues = Eigenvalues(run.Steps, run.Eigenvalues, run.Converged);
        var samEdge = new FigureSeries
        {
            Label = run.HasSamEdge ? SamEdgeLabel : BaseEdgeLabel(run),
            Role = SeriesRole.Threshold,
            X = run.Steps,
            Y = run.HessianEdge,
            ColourIndex = run.HasSamEdge ? FigurePalette.Green : FigurePalette.Purple,
            DashIndex = run.HasSamEdge ? 1 : 2,
            LineWidth = LineWidth(1.1, run.Steps.Count),
        };
        FigureSeries baseEdge = samEdge with
        {
            Label = BaseEdgeLabel(run),
            Y = run.BaseEdge,
            ColourIndex = FigurePalette.Purple,
            DashIndex = 2,
        };
        IReadOnlyList<FigureSeries> withEdge = run.IsPreconditioned ? eigenvalues : [.. eigenvalues, samEdge];
        IReadOnlyList<FigureSeries> withBothEdges = run.HasSamEdge ? [.. withEdge, baseEdge] : withEdge;
        var alignment = new FigureSeries { Label = "*g*", X = run.Steps, Y = Filled(run.AlignmentGradient, run), LineWidth = LineWidth(1, run.Steps.Count) };
        IReadOnlyList<FigureSeries> alignments = run.AlignmentSamGradient.Any(double.IsFinite) && run.Rho != 0
            ? [
                alignment,
                alignment with
                {
                    Label = "*g*_{SAM}",
                    Y = run.AlignmentSamGradient,
                    ColourIndex = FigurePalette.Vermilion,
                    DashIndex = 1,
                },
            ]
            : [alignment with { Label = null }];

        Figure[] figures =
        [
            EigenvalueFigure("eigenvalues", withBothEdges, "Hessian eigenvalues"),
            EigenvalueFigure("eigenvalues-sam-edge", withEdge, "Hessian eigenvalues"),
            AlignmentFigure(alignments),
            LossFigure([new FigureSeries { X = run.LossSteps, Y = run.Losses, LineWidth = LineWidth(1, run.Losses.Count) }]),
            RatioFigure([Ratio(run)], TopLabel(run) + " / " + (run.HasSamEdge ? SamEdgeLabel : "(" + BaseEdgeLabel(run) + ")")),
            .. run.IsPreconditioned ? (Figure[])
                [
                    PreconditionedFigure(
                        [
                            .. Eigenvalues(run.Steps, run.PreconditionedEigenvalues, run.PreconditionedConverged),
                            baseEdge with { Y = run.PreconditionedEdge },
                        ],
                        "Eigenvalues of *P*^{−1}*H*"),
                ] : [],
        ];
        return [.. figures.Select(figure => figure with
        {
            Title = title,
            Size = size ?? FigureSize.SingleColumn,
            Description = $"{figure.Description} Run {run.Name}.",
            Provenance = run.Provenance,
        })];
    }

    /// <summary>The figures of several runs: in each, one line per run, and in the run's colour, dashed, its edge.</summary>
    /// <param name="runs">What the runs measured; one or more.</param>
    /// <param name="size">Their printed size; null for one column.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static IReadOnlyList<Figure> Overlay(IReadOnlyList<RunSeries> runs, FigureSize? size = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            throw new ArgumentException("There is no run to draw. Give one run or more.", nameof(runs));
        }

        var top = new List<FigureSeries>();
        var edges = new List<FigureSeries>();
        var baseEdges = new List<FigureSeries>();
        var preconditioned = new List<FigureSeries>();
        var alignments = new List<FigureSeries>();
        var samAlignments = new List<FigureSeries>();
        var losses = new List<FigureSeries>();
        var ratios = new List<FigureSeries>();
        for (int index = 0; index < runs.Count; index++)
        {
            RunSeries run = runs[index];
            int colour = OverlayColours[index % OverlayColours.Length];
            var line = new FigureSeries
            {
                Label = FigureText.Escape(run.Name),
                X = run.Steps,
                Y = TopOf(run),
                Unconverged = Unconverged(TopOf(run), run.Converged, 0),
                ColourIndex = colour,
                LineWidth = LineWidth(1, run.Steps.Count),
            };

            // Where one line per run is all there is, dashes tell the runs apart in grey; elsewhere they tell edges from eigenvalues.
            top.Add(line);
            edges.Add(line with
            {
                Label = null, Role = SeriesRole.Threshold, Y = run.HessianEdge, Unconverged = null, DashIndex = 1,
            });
            if (run.IsPreconditioned)
            {
                preconditioned.Add(line with { Y = run.Sharpness, Unconverged = Unconverged(run.Sharpness, run.PreconditionedConverged, 0) });
                preconditioned.Add(edges[^1] with { Y = run.PreconditionedEdge });
            }

            if (run.HasSamEdge)
            {
                baseEdges.Add(edges[^1] with { Y = run.BaseEdge, DashIndex = 3 });
            }

            alignments.Add(line with { Y = Filled(run.AlignmentGradient, run), Unconverged = null });
            if (run.HasSamEdge && run.AlignmentSamGradient.Any(double.IsFinite))
            {
                samAlignments.Add(alignments[^1] with { Label = null, Y = run.AlignmentSamGradient, DashIndex = 1 });
            }

            losses.Add(line with
            {
                X = run.LossSteps,
                Y = run.Losses,
                Unconverged = null,
                DashIndex = index,
                LineWidth = LineWidth(1, run.Losses.Count),
            });
            ratios.Add(Ratio(run) with { Label = line.Label, ColourIndex = colour, DashIndex = index });
        }

        // Runs of one step size share their base edge: one line says it.
        double[] baseValues = [.. baseEdges.SelectMany(edge => edge.Y).Distinct()];
        if (baseValues.Length == 1)
        {
            baseEdges = [baseEdges[0] with { X = [], Y = baseValues, ColourIndex = FigurePalette.Black }];
        }

        string edgeName = runs.All(run => run.HasSamEdge) ? SamEdgeLabel : "edge of stability";
        string baseName = runs.All(run => BaseEdgeLabel(run) == BaseEdgeLabel(runs[0])) ? BaseEdgeLabel(runs[0]) : "edge without SAM";
        string solidAndDashed = $"Solid: {TopEigenvalue}. Dashed: {edgeName}.";
        Figure both = EigenvalueFigure("eigenvalues", [.. top, .. edges, .. baseEdges], TopEigenvalue) with
        {
            Notes = [baseEdges.Count > 0 ? solidAndDashed + $" Dotted: {baseName}." : solidAndDashed],
        };
        Figure one = EigenvalueFigure("eigenvalues-sam-edge", [.. top, .. edges], TopEigenvalue) with { Notes = [solidAndDashed] };
        Figure alignment = AlignmentFigure([.. alignments, .. samAlignments]) with
        {
            Notes = samAlignments.Count > 0 ? ["Solid: *g*. Dashed: *g*_{SAM}."] : [],
        };
        Figure ratio = RatioFigure(ratios, $"{(runs.All(run => run.IsPreconditioned) ? TopPreconditioned : TopEigenvalue)} / {edgeName}") with
        {
            Notes = runs.Any(run => run.IsPreconditioned) ? [$"Of Adam and RMSProp: {TopPreconditioned}."] : [],
        };
        Figure[] figures =
        [
            both, one, alignment, LossFigure(losses), ratio,
            .. preconditioned.Count > 0 ? (Figure[])
                [PreconditionedFigure(preconditioned, TopPreconditioned) with { Notes = [$"Solid: {TopPreconditioned}. Dashed: edge of stability."] }] : [],
        ];
        string names = string.Join(", ", runs.Select(run => run.Name));
        string provenance = string.Join("\n\n", runs.Select(run => run.Provenance).Where(text => text.Length > 0));
        return [.. figures.Select(figure => figure with
        {
            Size = size ?? FigureSize.SingleColumn,
            Description = $"{figure.Description} Runs {names}.",
            Provenance = provenance,
        })];
    }

    private static ReadOnlySpan<int> OverlayColours => [0, 3, 1, 2, 6, 4, 5, 7];

    private static string Title(RunSeries run)
    {
        string optimizer = run.Optimizer switch
        {
            "gd" => "gradient descent",
            "sgd" => "SGD",
            "polyak" => "Polyak momentum",
            "nesterov" => "Nesterov momentum",
            "sam" => "SAM",
            "sam-unnormalised" => "un-normalised SAM",
            "adam" => "Adam",
            "rmsprop" => "RMSProp",
            "normalised-gd" => "normalized gradient descent",
            "sqrt-gd" => "gradient descent on √*L*",
            "gradient-flow" => "gradient flow",
            "friendly-sam" => "Friendly SAM",
            "cr-sam-paper" => "CR-SAM with logarithms",
            "m-sam" => "m-SAM",
            "asam" or "gsam" or "cr-sam" or "k-sam" or "saf" or "mesa" => run.Optimizer.ToUpperInvariant(),
            _ => FigureText.Escape(run.Optimizer),
        };
        string over = run.BaseOptimizer switch
        {
            _ when run.BaseOptimizer == run.Optimizer => "",
            "polyak" => " with Polyak momentum",
            "nesterov" => " with Nesterov momentum",
            "adam" => " over Adam",
            "rmsprop" => " over RMSProp",
            "normalised-gd" => " with normalized steps",
            _ => "",
        };
        var facts = new List<string>();
        if (optimizer.Length > 0)
        {
            facts.Add(optimizer + over);
        }

        AddFact("*η*", run.StepSize, shown: double.IsFinite(run.StepSize));
        AddFact("*ρ*", run.Rho, shown: run.Rho > 0);
        AddFact("*β*", run.Momentum, shown: run.Momentum > 0);
        return facts.Count > 0 ? string.Join(", ", facts) : FigureText.Escape(run.Name);

        void AddFact(string symbol, double value, bool shown)
        {
            if (shown)
            {
                facts.Add(symbol + " = " + value.ToString("G6", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The name of the base optimizer's edge: its formula where that is short and gives the recorded numbers.</summary>
    private static string BaseEdgeLabel(RunSeries run)
    {
        double first = run.BaseEdge.FirstOrDefault(double.IsFinite);
        bool isClassic = run.Momentum > 0 && Math.Abs((first * run.StepSize) - 2) < 1e-6;
        return run.BaseOptimizer switch
        {
            "polyak" when !isClassic => "Polyak edge",
            "nesterov" when !isClassic => "Nesterov edge",
            "adam" when run.IsPreconditioned => "Adam edge",
            _ => "2/*η*",
        };
    }

    /// <summary>Lines of many points must be thin, or what they do hides under their own width.</summary>
    private static double LineWidth(double width, int points) => width * (points > 2000 ? 0.55 : points > 250 ? 0.7 : 1);

    private static List<FigureSeries> Eigenvalues(
        IReadOnlyList<double> steps, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlyList<bool>> converged)
    {
        ReadOnlySpan<(int Colour, int Dash)> styles = [(FigurePalette.Blue, 0), (FigurePalette.Vermilion, 3), (5, 4), (4, 5)];
        bool named = values.Count <= MostNamedEigenvalues;
        var series = new List<FigureSeries>();
        for (int index = 0; index < values.Count; index++)
        {
            string number = (index + 1).ToString(CultureInfo.InvariantCulture);
            string last = values.Count.ToString(CultureInfo.InvariantCulture);
            series.Add(new FigureSeries
            {
                Label = named || index == 0 ? $"*λ*_{{{number}}}" : index == 1 ? $"*λ*_{{2}} – *λ*_{{{last}}}" : null,
                X = steps,
                Y = values[index],
                Unconverged = Unconverged(values[index], converged, index),
                ColourIndex = named || index == 0 ? styles[index].Colour : FigurePalette.Grey,
                DashIndex = named ? styles[index].Dash : 0,
                LineWidth = LineWidth(index == 0 ? 1.1 : named ? 0.9 : 0.6, steps.Count),
            });
        }

        return series;
    }

    private static string TopLabel(RunSeries run) => run.IsPreconditioned ? TopPreconditioned : TopEigenvalue;

    private static IReadOnlyList<double> TopOf(RunSeries run) =>
        run.Eigenvalues.Count > 0 ? run.Eigenvalues[0] : Filled([], run);

    private static bool[]? Unconverged(IReadOnlyList<double> values, IReadOnlyList<IReadOnlyList<bool>> converged, int index) =>
        index >= converged.Count || converged[index].All(flag => flag)
            ? null
            : [.. converged[index].Select((flag, row) => !flag && !double.IsNaN(values[row]))];

    private static FigureSeries Ratio(RunSeries run)
    {
        IReadOnlyList<double> top = run.IsPreconditioned ? run.Sharpness : TopOf(run);
        IReadOnlyList<double> edge = run.Edge;
        return new FigureSeries
        {
            X = run.Steps,
            Y = [.. top.Select((value, row) => row < edge.Count ? value / edge[row] : double.NaN)],
            Unconverged = Unconverged(top, run.IsPreconditioned ? run.PreconditionedConverged : run.Converged, 0),
            LineWidth = LineWidth(1, run.Steps.Count),
        };
    }

    private static Figure EigenvalueFigure(string name, IReadOnlyList<FigureSeries> series, string label)
    {
        (double low, double high) = FromZero(series.SelectMany(one => one.Y));
        return new Figure
        {
            Name = name,
            Description = "The largest eigenvalues of the Hessian and the edge of stability against the training step.",
            XAxis = StepAxis(),
            YAxis = new FigureAxis { Label = label, Minimum = low, Maximum = high },
            Series = series,
        };
    }

    private static Figure PreconditionedFigure(IReadOnlyList<FigureSeries> series, string label) =>
        EigenvalueFigure("eigenvalues-preconditioned", series, label) with
        {
            Description = "The largest eigenvalues of the preconditioned Hessian and the edge of stability against the training step.",
        };

    private static Figure AlignmentFigure(IReadOnlyList<FigureSeries> series) => new()
    {
        Name = "alignments",
        Description = "The absolute cosine between gradients and the top eigenvector of the Hessian against the training step.",
        XAxis = StepAxis(),
        YAxis = new FigureAxis { Label = "|cos(" + (series.Count == 1 ? "*g*" : "·") + ", *u*_{1})|", Minimum = 0, Maximum = 1 },
        Series = series,
    };

    private static Figure LossFigure(IReadOnlyList<FigureSeries> series)
    {
        double low = double.PositiveInfinity;
        double high = 0;
        foreach (double loss in series.SelectMany(one => one.Y).Where(loss => double.IsFinite(loss) && loss > 0))
        {
            low = Math.Min(low, loss);
            high = Math.Max(high, loss);
        }

        return new Figure
        {
            Name = "loss",
            Description = "The training loss against the training step.",
            XAxis = StepAxis(),
            YAxis = new FigureAxis
            {
                Label = "training loss", Scale = high > 10 * low ? AxisScale.Logarithmic : AxisScale.Linear,
            },
            Series = series,
        };
    }

    private static Figure RatioFigure(IReadOnlyList<FigureSeries> series, string label)
    {
        (double low, double high) = FromZero(series.SelectMany(one => one.Y).Append(1));
        return new Figure
        {
            Name = "ratio",
            Description = "The top eigenvalue of the Hessian over the edge of stability against the training step; 1 is the edge.",
            XAxis = StepAxis(),
            YAxis = new FigureAxis { Label = label, Minimum = low, Maximum = high },
            Series =
            [
                .. series,
                new FigureSeries
                {
                    Role = SeriesRole.Threshold, X = [], Y = [1], ColourIndex = FigurePalette.Black, DashIndex = 1, LineWidth = 0.7,
                },
            ],
        };
    }

    private static FigureAxis StepAxis() => new() { Label = StepLabel };

    /// <summary>
    /// From 0, or a tenth below the least value where that is negative, to a tenth above the greatest; values that dwarf nine tenths of
    /// the others are left beyond the axis, as those of a run that diverges.
    /// </summary>
    private static (double Low, double High) FromZero(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).Order()];
        if (finite.Length == 0)
        {
            return (0, 1);
        }

        double usual = Math.Max(Math.Abs(finite[finite.Length / 20]), Math.Abs(finite[finite.Length - 1 - (finite.Length / 10)]));
        double bound = usual > 0 ? OutlierFactor * usual : double.PositiveInfinity;
        double high = finite[^1] > bound ? 2 * usual : Math.Max(0, 1.1 * finite[^1]);
        double low = finite[0] < -bound ? -2 * usual : Math.Min(0, 1.1 * finite[0]);
        return high - low > 0 && double.IsFinite(high - low) ? (low, high) : (0, 1);
    }

    /// <summary>A measured column, or NaN for every measurement where the run has none.</summary>
    private static IReadOnlyList<double> Filled(IReadOnlyList<double> values, RunSeries run) =>
        values.Count > 0 ? values : [.. Enumerable.Repeat(double.NaN, run.Steps.Count)];
}
