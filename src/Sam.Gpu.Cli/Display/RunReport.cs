using System.Globalization;
using Sam.Gpu.Cli.Commands;
using Sam.Gpu.Curvature;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>The results of a run, for standard output.</summary>
internal static class RunReport
{
    private const string Indent = "  ";

    /// <summary>Writes what would run.</summary>
    public static void WritePlan(TextWriter writer, RunPlan plan)
    {
        writer.WriteLine($"{plan.Name}: nothing is run, this is the plan");
        var rows = ConfigurationKey.All.Select(key => (string[])[key.Name, RunText.Value(key.Get(plan.Configuration))]).ToList();
        TextTable.Write(writer, rows, Indent);
        writer.WriteLine();
        TextTable.Write(
            writer,
            [
                ["data set", plan.Data],
                ["examples", Numbers.Whole(plan.Examples)],
                ["examples of the spectrum", Numbers.Whole(plan.SpectrumExamples)],
                ["examples for testing", Numbers.Whole(plan.TestExamples)],
                ["parameters", Numbers.Whole(plan.Parameters)],
                ["measurements", Numbers.Whole(plan.Configuration.Measurements)],
                ["device", DeviceName(plan)],
                ["matrix products", plan.MatrixProducts],
                ["memory", $"{Mebi(plan.Memory.Needed)} of {Mebi(plan.Memory.Available)} MiB"],
                ["examples in a chunk", Numbers.Whole(plan.Memory.Chunk)],
                ["folder", plan.Folder],
            ],
            Indent);
    }

    /// <summary>Writes how long a run would take.</summary>
    public static void WriteEstimate(TextWriter writer, RunPlan plan, RunEstimate estimate)
    {
        var configuration = plan.Configuration;
        string total = Numbers.Clock(TimeSpan.FromSeconds(estimate.TotalSeconds));
        writer.WriteLine($"{plan.Name}: the whole would take about {total}; nothing is kept of this estimate");
        TextTable.Write(
            writer,
            [
                ["device", DeviceName(plan)],
                ["memory", $"{Mebi(plan.Memory.Needed)} of {Mebi(plan.Memory.Available)} MiB"],
                ["steps", $"{Numbers.Whole(configuration.Steps)} of {Numbers.Short(estimate.StepSeconds)} s"],
                [
                    "measurements",
                    $"{Numbers.Whole(configuration.Measurements)} of {Numbers.Short(estimate.MeasurementSeconds)} s, "
                    + $"{Numbers.Whole(estimate.Measurement.Products + estimate.Measurement.PreconditionedProducts)} products",
                ],
                [RunText.SharpnessName(plan), Eigenvalue(estimate.Measurement.Leading)],
            ],
            Indent);
    }

    /// <summary>Writes how a run ended, its last numbers, its means, and its files.</summary>
    public static void Write(TextWriter writer, RunPlan plan, RunSummary summary)
    {
        string steps = $"{Numbers.Whole(summary.Steps)} of {Numbers.Whole(plan.Configuration.Steps)} steps";
        writer.WriteLine(summary.Status switch
        {
            RunStatus.Diverged => $"diverged at step {Numbers.Whole(summary.Steps)}: the loss or its gradient is no longer finite. "
                + "What was measured before is kept and drawn. Try a smaller --step-size.",
            RunStatus.Interrupted => $"interrupted after {steps}: what was measured is kept and drawn. "
                + $"To continue: samgpu run --resume {RunCommand.Quoted(Shown(summary.Folder))}",
            RunStatus.TargetReached => $"target reached after {steps}.",
            _ => $"completed {steps}.",
        });
        var rows = new List<string[]>
        {
            new[] { "device", DeviceName(plan) },
            new[] { "time", $"{Numbers.Short(summary.TimeSeconds)} s" },
        };
        if (plan.Configuration.BatchSize is not null)
        {
            rows.Add(["epochs", Numbers.Short(summary.Epochs)]);
        }

        if (summary.Measurements is [.., var last])
        {
            AddMeasurement(rows, plan, last);
            string ratio = RunText.RatioName(plan);
            rows.Add([$"mean of {ratio}, last half of measurements", Mean(summary, 0.5)]);
            rows.Add([$"mean of {ratio}, last quarter of measurements", Mean(summary, 0.25)]);
        }

        rows.Add(["measurements", Numbers.Whole(summary.Measurements.Count)]);
        rows.Add(["measurements with an eigenvalue that has not converged", Numbers.Whole(summary.Unconverged)]);
        if (summary.ZeroGradients > 0)
        {
            rows.Add(["steps with a zero gradient, so without an ascent", Numbers.Whole(summary.ZeroGradients)]);
        }

        foreach (string[] row in rows)
        {
            writer.WriteLine($"{Indent}{row[0]}: {row[1]}");
        }

        WriteFiles(writer, summary.Folder);
    }

    private static void AddMeasurement(List<string[]> rows, RunPlan plan, Measurement last)
    {
        rows.Add(["last measured at step", Numbers.Whole(last.Step)]);
        rows.Add(["loss", Numbers.Short(last.Loss)]);
        if (!double.IsNaN(last.Accuracy))
        {
            rows.Add(["accuracy", Numbers.Short(last.Accuracy)]);
        }

        if (!double.IsNaN(last.TestLoss))
        {
            rows.Add(["test loss", Numbers.Short(last.TestLoss)]);
        }

        if (!double.IsNaN(last.TestError))
        {
            rows.Add(["test error", Numbers.Short(last.TestError)]);
        }

        rows.Add(["λ₁", Eigenvalue(new EigenPair(last.Eigenvalues[0], last.Residuals[0], last.Converged[0]))]);
        if (plan.IsPreconditioned)
        {
            rows.Add([RunText.SharpnessName(plan), Eigenvalue(last.Leading)]);
        }

        rows.Add([RunText.EdgeName(plan), Numbers.Short(last.Edge)]);
    }

    private static string Eigenvalue(EigenPair pair) =>
        $"{Numbers.Short(pair.Value)} ± {Numbers.Short(pair.Residual)}{(pair.Converged ? "" : " (not converged: only an estimate)")}";

    /// <summary>Writes the names of all files in a folder.</summary>
    internal static void WriteFiles(TextWriter writer, string folder, string indent = Indent)
    {
        writer.WriteLine($"{indent}files in {Shown(folder)}:");
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            writer.WriteLine($"{indent}{Indent}{Path.GetRelativePath(folder, file)}");
        }
    }

    private static string Shown(string folder)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return relative.StartsWith("..", StringComparison.Ordinal) ? folder : relative;
    }

    private static string Mean(RunSummary summary, double part) =>
        summary.MeanRatio(part).ToString("F3", CultureInfo.InvariantCulture);

    private static string Mebi(long bytes) => Numbers.Whole((bytes + (1 << 20) - 1) >> 20);

    private static string DeviceName(RunPlan plan) => plan.Configuration.Device == "auto" ? $"{plan.Device} (chosen by --device auto)" : plan.Device;
}
