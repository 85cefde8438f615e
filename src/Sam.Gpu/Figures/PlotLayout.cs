namespace Sam.Gpu.Figures;

/// <summary>A figure laid out on its page: everything in points, y downwards, nothing left to decide but colours and strokes.</summary>
internal sealed record PlotLayout
{
    /// <summary>Free space at the page's edges.</summary>
    private const double Edge = 2;

    /// <summary>Font size of the title and of axis labels.</summary>
    public const double LabelSize = 8;

    /// <summary>Font size of tick labels, events and annotations.</summary>
    public const double TickSize = 7;

    private const double NoteSize = 6;

    /// <summary>Length of a labelled tick.</summary>
    public const double MajorTick = 3;

    /// <summary>Length of a tick without a label.</summary>
    public const double MinorTick = 1.8;

    /// <summary>From a tick to its label.</summary>
    public const double TickGap = 2;

    /// <summary>More from a tick to its label under an axis whose labels have superscripts.</summary>
    public const double RaisedTickGap = 1.5;

    /// <summary>Least distance of two tick labels along the horizontal axis.</summary>
    public const double TickDistanceX = 13;

    /// <summary>Least distance of two tick labels along the vertical axis.</summary>
    public const double TickDistanceY = 11;

    /// <summary>Widths are estimates: a viewer whose font is a little wider must still not cut a label.</summary>
    private const double WidthReserve = 1.03;

    /// <summary>Page width in points.</summary>
    public required double Width { get; init; }

    /// <summary>Page height in points.</summary>
    public required double Height { get; init; }

    /// <summary>The plot area.</summary>
    public required PlotFrame Frame { get; init; }

    /// <summary>The series, in the order of the figure.</summary>
    public required IReadOnlyList<PlotCurve> Curves { get; init; }

    /// <summary>Every text on the page.</summary>
    public required IReadOnlyList<PlacedText> Texts { get; init; }

    /// <summary>The title, one of <see cref="Texts"/>; null where there is none.</summary>
    public PlacedText? Title { get; init; }

    /// <summary>The horizontal axis's label, one of <see cref="Texts"/>.</summary>
    public required PlacedText XLabel { get; init; }

    /// <summary>The vertical axis's label, one of <see cref="Texts"/>.</summary>
    public required PlacedText YLabel { get; init; }

    /// <summary>The lines of small print, among <see cref="Texts"/>.</summary>
    public required IReadOnlyList<PlacedText> Notes { get; init; }

    /// <summary>The labels of events, each with its event, among <see cref="Texts"/>.</summary>
    public required IReadOnlyList<(FigureEvent Event, PlacedText Text)> EventLabels { get; init; }

    /// <summary>Ticks as lines that start on an axis.</summary>
    public required IReadOnlyList<(PagePoint From, PagePoint To)> Ticks { get; init; }

    /// <summary>Abscissas of the events' lines.</summary>
    public required IReadOnlyList<double> EventLines { get; init; }

    /// <summary>Hairlines from lines' ends to labels that had to move.</summary>
    public IReadOnlyList<LabelLeader> Leaders { get; init; } = [];

    /// <summary>The legend; null where lines are named at their ends, or not at all.</summary>
    public PlotLegend? Legend { get; init; }

    /// <summary>Lays out a figure.</summary>
    public static PlotLayout Of(Figure figure)
    {
        bool hasNames = figure.Labels != FigureLabels.None && PlotLegend.Named(figure).Count > 0;
        double pageWidth = figure.Size.WidthMillimetres * FigureSize.PointsPerMillimetre;
        double pageHeight = figure.Size.HeightMillimetres * FigureSize.PointsPerMillimetre;
        if (hasNames && figure.Labels == FigureLabels.Direct && LineEndLabels.Width(figure, pageWidth) is { } labelWidth)
        {
            PlotLayout labelled = WithMargins(figure, labelWidth * WidthReserve, legendAbove: false);
            if (LineEndLabels.Place(labelled.Curves, labelled.Frame.Area, pageHeight) is var (texts, leaders))
            {
                return labelled with { Texts = [.. labelled.Texts, .. texts], Leaders = leaders };
            }
        }

        PlotLayout layout = WithoutNames(figure);
        if (!hasNames)
        {
            return layout;
        }

        PlotLegend? legend = PlotLegend.Inside(figure, layout);
        if (legend is null)
        {
            layout = WithMargins(figure, 0, legendAbove: true);
            legend = layout.Legend!;
        }

        return layout with { Legend = legend, Texts = [.. layout.Texts, .. legend.Texts] };
    }

    /// <summary>Lays out a figure as if its series had no names.</summary>
    public static PlotLayout WithoutNames(Figure figure) => WithMargins(figure, 0, legendAbove: false);

    private static PlotLayout WithMargins(Figure figure, double rightLabels, bool legendAbove)
    {
        double pageWidth = figure.Size.WidthMillimetres * FigureSize.PointsPerMillimetre;
        double pageHeight = figure.Size.HeightMillimetres * FigureSize.PointsPerMillimetre;
        double textWidth = pageWidth - (2 * Edge);
        (AxisRange xRange, AxisRange yRange) = Ranges(figure);
        var texts = new List<PlacedText>();

        double bottom = pageHeight - Edge;
        List<FittedText> notes = NoteLines(PlotNotes.Of(figure, xRange, yRange), textWidth);
        for (int line = notes.Count - 1; line >= 0; line--)
        {
            bottom -= 1.5;
            texts.Add(new PlacedText(notes[line], new PagePoint(Edge, bottom), TextAnchor.Start, 0x595959));
            bottom -= NoteSize;
        }

        PlacedText[] noteTexts = [.. texts];

        // The abscissas' label, a line for their tick labels, and the ticks.
        FittedText xLabel = TextFit.Fit(figure.XAxis.Label, LabelSize, textWidth);
        double xLabelBaseline = bottom - (LabelSize * FontMetrics.SubscriptDrop) - 0.5;
        bottom = xLabelBaseline - (xLabel.Runs.Count > 0 ? LabelSize * FontMetrics.CapHeight : 0) - 4.5;
        double xTickBaseline = bottom;
        bool xRaised = figure.XAxis.Scale == AxisScale.Logarithmic;
        bottom -= (TickSize * FontMetrics.CapHeight) + TickGap + MajorTick + (xRaised ? RaisedTickGap : 0);

        double top = Edge + 1;
        PlacedText? title = null;
        if (figure.Title is { Length: > 0 } titleMarkup)
        {
            top += LabelSize * FontMetrics.CapHeight;
            title = new PlacedText(
                TextFit.Fit(titleMarkup, LabelSize, textWidth), new PagePoint(pageWidth / 2, top), TextAnchor.Middle, FigurePalette.Ink);
            texts.Add(title);
            top += LabelSize * 0.7;
        }

        PlotLegend? legend = null;
        if (legendAbove)
        {
            legend = PlotLegend.Above(figure, Edge + 2, pageWidth - Edge, top, pageHeight);
            top = legend.Bounds.Bottom + 3;
        }

        List<List<FigureEvent>> eventRows = EventRows(figure.Events, xRange, pageWidth - 40);
        double eventTop = top;
        top += eventRows.Count * TickSize * FontMetrics.LineHeight;
        top += TickSize * FontMetrics.CapHeight / 2;
        bottom = Math.Max(bottom, top + 10);

        // The ordinates' tick labels set the left margin.
        IReadOnlyList<AxisTick> yTicks = AxisTicks.Of(yRange, bottom - top, _ => TickSize * FontMetrics.CapHeight, TickDistanceY);
        double yTickWidth = yTicks.Max(tick => tick.Label is { } label ? (double?)FontMetrics.Width(label, TickSize) : null) ?? 0;
        FittedText yLabel = TextFit.Fit(figure.YAxis.Label, LabelSize, pageHeight - (2 * Edge));
        double yLabelBaseline = Edge + (LabelSize * (FontMetrics.CapHeight + 0.12));
        double left = yLabel.Runs.Count > 0 ? yLabelBaseline + (LabelSize * FontMetrics.SubscriptDrop) + 3 : Edge;
        left += (yTickWidth * WidthReserve) + TickGap + MajorTick;

        // The last abscissa's label may reach beyond the plot; a narrower plot may then have other ticks, so look again.
        double right = Math.Max(left + 10, pageWidth - Edge - Math.Max(rightLabels, 2));
        IReadOnlyList<AxisTick> xTicks = [];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            xTicks = AxisTicks.Of(xRange, right - left, label => FontMetrics.Width(label, TickSize), TickDistanceX);
            double reach = xTicks.Max(tick => tick.Label is { } label
                ? (double?)(left + (xRange.Fraction(tick.Value) * (right - left)) + (FontMetrics.Width(label, TickSize) * WidthReserve / 2))
                : null) ?? 0;
            if (reach <= pageWidth - Edge)
            {
                break;
            }

            right = Math.Max(left + 10, right - (reach - (pageWidth - Edge)) - 0.01);
        }

        var area = new PageRectangle(left, top, right, bottom);
        var frame = new PlotFrame(area, xRange, yRange);
        var ticks = new List<(PagePoint From, PagePoint To)>();
        foreach (AxisTick tick in xTicks)
        {
            double x = frame.MapX(tick.Value);
            ticks.Add((new PagePoint(x, bottom), new PagePoint(x, bottom + (tick.Label is null ? MinorTick : MajorTick))));
            if (tick.Label is { } label)
            {
                texts.Add(new PlacedText(Fit(label, TickSize), new PagePoint(x, xTickBaseline), TextAnchor.Middle, FigurePalette.Ink));
            }
        }

        foreach (AxisTick tick in yTicks)
        {
            double y = frame.MapY(tick.Value);
            ticks.Add((new PagePoint(left, y), new PagePoint(left - (tick.Label is null ? MinorTick : MajorTick), y)));
            if (tick.Label is { } label)
            {
                var baseline = new PagePoint(left - MajorTick - TickGap, y + (TickSize * FontMetrics.CapHeight / 2));
                texts.Add(new PlacedText(Fit(label, TickSize), baseline, TextAnchor.End, FigurePalette.Ink));
            }
        }

        PlacedText placedXLabel =
            Centred(xLabel, (left + right) / 2, pageWidth, centre => new PagePoint(centre, xLabelBaseline), upwards: false);
        PlacedText placedYLabel =
            Centred(yLabel, (top + bottom) / 2, pageHeight, centre => new PagePoint(yLabelBaseline, centre), upwards: true);
        texts.Add(placedXLabel);
        texts.Add(placedYLabel);
        var eventLabels = new List<(FigureEvent Event, PlacedText Text)>();
        for (int row = 0; row < eventRows.Count; row++)
        {
            double baseline = eventTop + ((row + 0.8) * TickSize * FontMetrics.LineHeight);
            foreach (FigureEvent moment in eventRows[row])
            {
                FittedText text = TextFit.Fit(moment.Label!, TickSize, textWidth);
                double centre = Math.Clamp(frame.MapX(moment.X), Edge + (text.Width / 2), pageWidth - Edge - (text.Width / 2));
                eventLabels.Add((moment, new PlacedText(text, new PagePoint(centre, baseline), TextAnchor.Middle, FigurePalette.Ink)));
            }
        }

        texts.AddRange(eventLabels.Select(label => label.Text));
        foreach (FigureAnnotation annotation in figure.Annotations.Where(annotation => frame.Shows(annotation.X, annotation.Y)))
        {
            FittedText text = TextFit.Fit(annotation.Text, TickSize, area.Width);
            double centre = Math.Clamp(frame.MapX(annotation.X), left + (text.Width / 2), right - (text.Width / 2));
            double middle = Math.Clamp(frame.MapY(annotation.Y), top + (TickSize / 2), bottom - (TickSize / 2));
            texts.Add(new PlacedText(
                text, new PagePoint(centre, middle + (TickSize * FontMetrics.CapHeight / 2)), TextAnchor.Middle, FigurePalette.Ink));
        }

        PlotCurve[] curves = [.. figure.Series.Select(series => PlotCurve.Of(series, frame))];
        if (curves.All(curve => curve.End is null))
        {
            texts.Add(new PlacedText(
                Fit("no data", LabelSize), new PagePoint((left + right) / 2, (top + bottom) / 2), TextAnchor.Middle, 0x595959));
        }

        return new PlotLayout
        {
            Width = pageWidth,
            Height = pageHeight,
            Frame = frame,
            Curves = curves,
            Texts = texts,
            Title = title,
            XLabel = placedXLabel,
            YLabel = placedYLabel,
            Notes = noteTexts,
            EventLabels = eventLabels,
            Ticks = ticks,
            EventLines = [.. figure.Events.Where(moment => xRange.Shows(moment.X) && xRange.Fraction(moment.X) is >= 0 and <= 1)
                .Select(moment => frame.MapX(moment.X))],
            Legend = legend,
        };

        static FittedText Fit(string markup, double size) => TextFit.Fit(markup, size, double.PositiveInfinity);

        static PlacedText Centred(FittedText text, double wanted, double pageLength, Func<double, PagePoint> place, bool upwards)
        {
            double centre = Math.Clamp(wanted, Edge + (text.Width / 2), pageLength - Edge - (text.Width / 2));
            return new PlacedText(text, place(centre), TextAnchor.Middle, FigurePalette.Ink, upwards);
        }
    }

    private static (AxisRange X, AxisRange Y) Ranges(Figure figure)
    {
        bool pointsOnly = figure.Series.All(series => series.Role == SeriesRole.Points);
        IEnumerable<double> abscissas = figure.Series.SelectMany(series => series.X);
        IEnumerable<double> ordinates = figure.Series.SelectMany(series => series.Lower is { } lower ? series.Y.Concat(lower) : series.Y);
        AxisRange x = AxisRange.Of(figure.XAxis, abscissas, pointsOnly ? 0.03 : 0);
        return (
            figure.XAxis.Maximum is null ? x.ToNextRoundNumber() : x,
            AxisRange.Of(figure.YAxis, ordinates, 0.05));
    }

    /// <summary>Sets as many notes on a line as fit.</summary>
    private static List<FittedText> NoteLines(IReadOnlyList<string> notes, double width)
    {
        var lines = new List<string>();
        foreach (string note in notes)
        {
            string joined = lines.Count > 0 ? lines[^1] + "  " + note : note;
            if (lines.Count > 0 && FontMetrics.Width(joined, NoteSize) * WidthReserve <= width)
            {
                lines[^1] = joined;
            }
            else
            {
                lines.Add(note);
            }
        }

        return [.. lines.Select(line => TextFit.Fit(line, NoteSize, width))];
    }

    /// <summary>Distributes the events' labels on rows, from the lowest up, so that none covers another.</summary>
    private static List<List<FigureEvent>> EventRows(IReadOnlyList<FigureEvent> events, AxisRange range, double length)
    {
        const int MostRows = 3;
        var rows = new List<List<FigureEvent>>();
        var ends = new List<double>();
        IEnumerable<FigureEvent> labelled = events
            .Where(moment => moment.Label is { Length: > 0 } && range.Shows(moment.X) && range.Fraction(moment.X) is >= 0 and <= 1)
            .OrderBy(moment => moment.X);
        foreach (FigureEvent moment in labelled)
        {
            double half = (FontMetrics.Width(moment.Label!, TickSize) / 2) + 3;
            double centre = range.Fraction(moment.X) * length;
            int row = ends.FindIndex(end => end <= centre - half);
            if (row < 0 && rows.Count < MostRows)
            {
                row = rows.Count;
                rows.Add([]);
                ends.Add(0);
            }

            if (row >= 0)
            {
                rows[row].Add(moment);
                ends[row] = centre + half;
            }
        }

        return rows;
    }
}
