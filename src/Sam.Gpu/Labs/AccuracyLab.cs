using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>The optimizers beside each other on images: what each gets wrong on images it has not seen, and how sharp its solution is.</summary>
/// <remarks>
/// All take as many steps from the same parameters, on the same minibatches but for K-SAM's counterpart. Settings are those of the papers or
/// their code and are not tuned here. Nothing is expected: the papers train larger networks for longer, and a thousand images tell errors
/// apart by one or two points at best.
/// </remarks>
/// <param name="problem">The keys that all runs share.</param>
public sealed class AccuracyLab(string problem) : Lab
{
    private const int Seeds = 3;

    // 12 epochs; the terms of SAF and MESA begin after 30 % of them, as SAF's authors have it. ρ of ASAM is ten times that of SAM, as its
    // authors have it. K-SAM's counterpart takes as many examples, but any.
    private const string Images =
        "data=cifar10 examples=5000 network=cnn:16 activation=relu loss=cross-entropy batch-size=128 momentum=0.9 step-size=0.01 rho=0.05 "
        + "supplement-start=3 steps=468 measure-every=468 eigenvalues=1 eigenvalue-tolerance=0.01 spectrum-data=first:500 test-data=first:1000";

    private static readonly Competitor Sam = new("SAM", "sam", "optimizer=sam");
    private static readonly Competitor Friendly = new("Friendly SAM", "friendly-sam", "optimizer=friendly-sam");
    private static readonly Competitor LargestLosses = new("K-SAM", "k-sam", "optimizer=k-sam kept-fraction=0.5");
    private static readonly Competitor AnyLosses = new("SAM on any half", "any-half", "optimizer=sam batch-size=64");

    private static readonly Competitor[] Competitors =
    [
        new("SGD", "sgd", "optimizer=polyak"),
        Sam,
        new("ASAM", "asam", "optimizer=asam rho=0.5"),
        Friendly,
        new("GSAM", "gsam", "optimizer=gsam"),
        new("CR-SAM", "cr-sam", "optimizer=cr-sam"),
        LargestLosses,
        AnyLosses,
        new("SAF", "saf", "optimizer=saf"),

        // Of some four epochs, as its default is with the minibatches of ImageNet.
        new("MESA", "mesa", "optimizer=mesa teacher-decay=0.994"),
    ];

    /// <summary>Creates the lab on images of CIFAR-10.</summary>
    public AccuracyLab()
        : this(Images)
    {
    }

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override string Claim => "What SGD, SAM and its variants get wrong on images they have not seen, and how sharp their solutions are: reported alone.";

    /// <inheritdoc/>
    public override string Source => "P. Foret et al., Sharpness-Aware Minimization, ICLR 2021, and the papers of the variants";

    /// <inheritdoc/>
    public override bool IsLong => true;

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var ends = Competitors.ToDictionary(competitor => competitor, _ => new List<End>());
        for (int seed = 0; seed < Seeds; seed++)
        {
            foreach (var competitor in Competitors)
            {
                ends[competitor].Add(End.Of(session.Train(
                    $"{competitor.Folder}-{seed}", "demo", $"{problem} {competitor.Settings} base-optimizer=polyak seed={seed}")));
            }
        }

        foreach (var competitor in Competitors)
        {
            Report(session, $"{competitor.Title}: test error", [.. ends[competitor].Select(end => end.TestError)]);
            session.Report($"{competitor.Title}: training loss, mean of {Seeds} seeds", ends[competitor].Average(end => end.Loss));
            session.Report($"{competitor.Title}: λ₁ at the end, mean of {Seeds} seeds", ends[competitor].Average(end => end.Sharpness));
        }

        foreach (var (one, other) in ((Competitor, Competitor)[])[(Friendly, Sam), (LargestLosses, AnyLosses)])
        {
            Report(
                session, $"{one.Title}: test error less that of {other.Title}",
                [.. ends[one].Zip(ends[other], (first, second) => first.TestError - second.TestError)]);
        }

        session.Draw(new Figure
        {
            Name = Name,
            Description = "The test error of each optimizer against the sharpness of its solution, a point a seed.",
            Size = FigureSize.DoubleColumn,
            XAxis = new FigureAxis { Label = "sharpness *λ*_{1} at the end", Scale = AxisScale.Logarithmic },
            YAxis = new FigureAxis { Label = "test error" },
            Series = [.. Competitors.Select((competitor, i) => Points(competitor.Title, ends[competitor], i))],
            Labels = FigureLabels.Legend,
        });
    }

    private static void Report(LabSession session, string quantity, double[] seeds)
    {
        session.Report($"{quantity}, mean of {seeds.Length} seeds", seeds.Average());
        session.Report($"{quantity}, smallest", seeds.Min());
        session.Report($"{quantity}, largest", seeds.Max());
    }

    private static FigureSeries Points(string title, List<End> ends, int index) => new()
    {
        Label = title,
        Role = SeriesRole.Points,
        X = [.. ends.Select(end => end.Sharpness)],
        Y = [.. ends.Select(end => end.TestError)],
        ColourIndex = index,

        // Where the colours start over, the markers do not.
        Marker = (FigureMarker)((index + (index / FigurePalette.ColourCount)) % 4),
    };

    private sealed record Competitor(string Title, string Folder, string Settings);

    // What a run ends with; of one that diverged there is nothing.
    private sealed record End(double TestError, double Loss, double Sharpness)
    {
        public static End Of(RunSeries run) =>
            run.Steps.Count > 0 && run.Steps[^1] > run.LossSteps[^1]
                ? new End(run.TestErrors[^1], run.MeasuredLosses[^1], run.Eigenvalues[0][^1])
                : new End(double.NaN, double.NaN, double.NaN);
    }
}
