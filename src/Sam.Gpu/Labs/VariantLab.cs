using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>A variant of an optimizer beside what it varies, on generated classes with minibatches.</summary>
/// <remarks>
/// With the number that leaves nothing of it the variant is the other optimizer, bit for bit; that is claimed. How the two compare in
/// training loss and test error is reported as it comes out: on a set as small as this it proves nothing.
/// </remarks>
public abstract class VariantLab : Lab
{
    private const int Seeds = 3;
    private const int SameSteps = 100;
    private const string Problem =
        "data=gaussian-classes:examples=512,spread=2 network=mlp:64-64 activation=relu loss=cross-entropy batch-size=64 "
        + "step-size=0.1 rho=0.2 eigenvalues=1 test-data=all";

    /// <summary>The variant's name in tables and figures.</summary>
    protected abstract string Title { get; }

    /// <summary>Its keys with what is compared, such as "optimizer=cr-sam".</summary>
    protected abstract string Settings { get; }

    /// <summary>The keys that leave nothing of it, besides those.</summary>
    protected abstract string Nothing { get; }

    /// <summary>The name of what it varies.</summary>
    protected virtual string OtherTitle => "SAM";

    /// <summary>The keys of what it varies.</summary>
    protected virtual string OtherSettings => "optimizer=sam";

    /// <inheritdoc/>
    public override void Run(LabSession session)
    {
        var other = Train(session, "other-same", OtherSettings, SameSteps, SameSteps, 0);
        var same = Train(session, "variant-same", $"{Settings} {Nothing}", SameSteps, SameSteps, 0);
        session.Expect(
            $"{Nothing}: steps of {SameSteps} whose loss is that of {OtherTitle}", SameSteps, 0,
            same.Losses.Zip(other.Losses, (one, another) => one.Equals(another)).Count(isSame => isSame));
        var lines = new List<FigureSeries>
        {
            Compare(session, "variant", Title, Settings),
            Compare(session, "other", OtherTitle, OtherSettings) with { ColourIndex = FigurePalette.Vermilion, DashIndex = 1 },
        };
        session.Draw(new Figure
        {
            Name = Name,
            Description = $"The test error of {Title} and {OtherTitle} against the training step, the mean of {Seeds} seeds.",
            XAxis = new FigureAxis { Label = "training step", Minimum = 0 },
            YAxis = new FigureAxis { Label = "test error", Minimum = 0 },
            Series = lines,
            Labels = FigureLabels.Legend,
        });
    }

    private static FigureSeries Compare(LabSession session, string name, string title, string settings)
    {
        const int steps = 1600;
        RunSeries[] runs =
        [
            .. Enumerable.Range(0, Seeds).Select(seed => Train(session, $"{name}-{seed}", settings, steps, steps / 20, seed)),
        ];
        double[] errors = [.. runs.Select(run => run.TestErrors[^1])];
        session.Report($"{title}: training loss, mean of {Seeds} seeds", runs.Average(run => RunStatistics.Of(run).Loss));
        session.Report($"{title}: test error, mean of {Seeds} seeds", errors.Average());
        session.Report($"{title}: test error, largest less smallest", errors.Max() - errors.Min());
        return new FigureSeries
        {
            Label = title,
            X = runs[0].Steps,
            Y = [.. runs[0].Steps.Select((_, i) => runs.Average(run => run.TestErrors[i]))],
        };
    }

    private static RunSeries Train(LabSession session, string name, string settings, int steps, int measureEvery, int seed) =>
        session.Train(name, "demo", $"{Problem} {settings} steps={steps} measure-every={measureEvery} seed={seed}");
}
