using System.Globalization;
using System.Text.Json;

namespace Sam.Gpu.Figures;

/// <summary>What a run measured, as its figures need it. A value that was not measured is NaN.</summary>
public sealed record RunSeries
{
    /// <summary>The run's name, as its folder: plain text.</summary>
    public required string Name { get; init; }

    /// <summary>The optimizer's name, as <c>sam</c>; empty where it is not known.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>
    /// The name of the step that SAM's gradient feeds, or of the optimizer itself: <c>gd</c>, <c>polyak</c> or <c>nesterov</c>.
    /// </summary>
    public string BaseOptimizer { get; init; } = "gd";

    /// <summary>Step size η; NaN where it is not known.</summary>
    public double StepSize { get; init; } = double.NaN;

    /// <summary>Radius ρ of the ascent step of SAM; 0 without one, NaN where it is not known.</summary>
    public double Rho { get; init; } = double.NaN;

    /// <summary>Momentum β; NaN where it is not known.</summary>
    public double Momentum { get; init; } = double.NaN;

    /// <summary>Where the numbers come from, as plain text for the figures' metadata.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>Steps taken before each measurement [M].</summary>
    public required IReadOnlyList<double> Steps { get; init; }

    /// <summary>Seconds of training before each measurement [M].</summary>
    public IReadOnlyList<double> Times { get; init; } = [];

    /// <summary>The largest eigenvalues of the Hessian [K][M]: λ₁ first.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Eigenvalues { get; init; }

    /// <summary>Whether each eigenvalue converged [K][M]; empty where all did.</summary>
    public IReadOnlyList<IReadOnlyList<bool>> Converged { get; init; } = [];

    /// <summary>The edge of stability of SAM at each measurement [M]; empty without SAM.</summary>
    public IReadOnlyList<double> SamEdge { get; init; } = [];

    /// <summary>The edge of stability of the base optimizer at each measurement [M]: 2/η, or that of its momentum.</summary>
    public required IReadOnlyList<double> BaseEdge { get; init; }

    /// <summary>The largest eigenvalues of P^(−1/2) H P^(−1/2), P the divisor of an adaptive step [K][M]; empty where not measured.</summary>
    public IReadOnlyList<IReadOnlyList<double>> PreconditionedEigenvalues { get; init; } = [];

    /// <summary>Whether each of them converged [K][M]; empty where all did.</summary>
    public IReadOnlyList<IReadOnlyList<bool>> PreconditionedConverged { get; init; } = [];

    /// <summary>Their edge of stability at each measurement [M]; empty where they are not measured.</summary>
    public IReadOnlyList<double> PreconditionedEdge { get; init; } = [];

    /// <summary>Norm of the gradient at each measurement [M].</summary>
    public IReadOnlyList<double> GradientNorm { get; init; } = [];

    /// <summary>|cos(g, u₁)| of the gradient g and the top eigenvector u₁ at each measurement [M].</summary>
    public IReadOnlyList<double> AlignmentGradient { get; init; } = [];

    /// <summary>|cos(g_SAM, u₁)| of the gradient after the ascent step at each measurement [M].</summary>
    public IReadOnlyList<double> AlignmentSamGradient { get; init; } = [];

    /// <summary>The loss over the examples whose spectrum is measured, at each measurement [M].</summary>
    public IReadOnlyList<double> MeasuredLosses { get; init; } = [];

    /// <summary>The fraction of test examples classified wrong at each measurement [M].</summary>
    public IReadOnlyList<double> TestErrors { get; init; } = [];

    /// <summary>The steps whose loss is known [S].</summary>
    public required IReadOnlyList<double> LossSteps { get; init; }

    /// <summary>The training loss before each of these steps [S].</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>Whether the run has a SAM edge of its own: ρ is not 0 and the edge was recorded.</summary>
    internal bool HasSamEdge => Rho != 0 && SamEdge.Any(double.IsFinite);

    /// <summary>Whether the edge is that of preconditioned eigenvalues.</summary>
    internal bool IsPreconditioned => PreconditionedEigenvalues.Count > 0;

    /// <summary>The eigenvalue that <see cref="Edge"/> is for [M]: the first preconditioned one if they are measured, else λ₁.</summary>
    public IReadOnlyList<double> Sharpness => IsPreconditioned ? PreconditionedEigenvalues[0] : Eigenvalues.Count > 0 ? Eigenvalues[0] : [];

    /// <summary>Whether <see cref="Sharpness"/> converged [M]; empty where it always did.</summary>
    public IReadOnlyList<bool> SharpnessConverged =>
        (IsPreconditioned ? PreconditionedConverged : Converged) is { Count: > 0 } converged ? converged[0] : [];

    /// <summary>The edge of the Hessian's own eigenvalues: that of SAM, and without SAM that of the base optimizer.</summary>
    public IReadOnlyList<double> HessianEdge => HasSamEdge ? SamEdge : BaseEdge;

    /// <summary>The edge that applies: that of the preconditioned eigenvalues if they are measured, else that of the Hessian's own.</summary>
    public IReadOnlyList<double> Edge => IsPreconditioned ? PreconditionedEdge : HessianEdge;

    /// <summary>Reads a run's <c>run.json</c>, <c>spectrum.csv</c> and <c>metrics.csv</c>.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <returns>The run; its losses are those of <c>metrics.csv</c>, or of <c>spectrum.csv</c> where there is none.</returns>
    /// <exception cref="DataException">A file is missing or not what a run leaves; the message names file, line and column.</exception>
    public static RunSeries Read(string runFolder)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        RunFacts facts = RunFacts.Read(Path.Combine(runFolder, "run.json"));
        NumberTable spectrum = NumberTable.Read(Path.Combine(runFolder, "spectrum.csv"));
        var (eigenvalues, converged) = ReadEigenvalues(spectrum, "");
        var (preconditioned, preconditionedConverged) = ReadEigenvalues(spectrum, "preconditioned_");
        string metricsPath = Path.Combine(runFolder, "metrics.csv");
        NumberTable losses = File.Exists(metricsPath) ? NumberTable.Read(metricsPath) : spectrum;
        string baseEdge = spectrum.Has("base_edge") ? "base_edge" : "gd_edge";
        return new RunSeries
        {
            Name = facts.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runFolder))),
            Optimizer = facts.Optimizer,
            BaseOptimizer = facts.BaseOptimizer,
            StepSize = facts.StepSize,
            Rho = facts.Rho,
            Momentum = facts.Momentum,
            Provenance = facts.Provenance,
            Steps = spectrum.Required("step"),
            Times = spectrum.Optional("time_seconds"),
            Eigenvalues = eigenvalues,
            Converged = converged,
            SamEdge = spectrum.Optional("sam_edge"),
            BaseEdge = spectrum.Optional(baseEdge),
            PreconditionedEigenvalues = preconditioned,
            PreconditionedConverged = preconditionedConverged,
            PreconditionedEdge = spectrum.Optional("preconditioned_edge"),
            GradientNorm = spectrum.Optional("gradient_norm"),
            AlignmentGradient = spectrum.Optional("alignment_gradient"),
            AlignmentSamGradient = spectrum.Optional("alignment_sam_gradient"),
            MeasuredLosses = spectrum.Optional("loss"),
            TestErrors = spectrum.Optional("test_error"),
            LossSteps = losses.Required("step"),
            Losses = losses.Required("loss"),
        };
    }

    private static (List<IReadOnlyList<double>> Values, List<IReadOnlyList<bool>> Converged) ReadEigenvalues(NumberTable spectrum, string kind)
    {
        var values = new List<IReadOnlyList<double>>();
        var converged = new List<IReadOnlyList<bool>>();
        while (spectrum.Has(Numbered("eigenvalue_")))
        {
            // Without the column every value is taken as converged; an empty cell is no such claim.
            string flags = Numbered("converged_");
            converged.Add(spectrum.Has(flags)
                ? [.. spectrum.Required(flags).Select(flag => flag == 1)]
                : [.. Enumerable.Repeat(true, spectrum.RowCount)]);
            values.Add(spectrum.Required(Numbered("eigenvalue_")));
        }

        return (values, converged);

        string Numbered(string name) => kind + name + (values.Count + 1).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What figures say about a run's configuration.</summary>
    private sealed record RunFacts(
        string? Name, string Optimizer, string BaseOptimizer, double StepSize, double Rho, double Momentum, string Provenance)
    {
        public static RunFacts Read(string path)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
                return Of(path, document.RootElement);
            }
            catch (JsonException error)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {error.LineNumber + 1}: this is not JSON: {error.Message} Restore the file, or repeat the run."), error);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new DataException(
                    $"{path} cannot be read: {error.Message} Expected the folder of a run. Check the path, or repeat the run.", error);
            }
        }

        private static RunFacts Of(string path, JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new DataException($"{path}: found {root.ValueKind}, expected an object. Restore the file, or repeat the run.");
            }

            JsonElement configuration = default;
            if (root.TryGetProperty("configuration", out JsonElement found) && found.ValueKind == JsonValueKind.Object)
            {
                configuration = found;
            }

            string? name = Text(root, "name");
            string provenance = name is null ? "" : "run: " + name;
            JsonElement versions = root.TryGetProperty("versions", out JsonElement listed) ? listed : default;
            foreach ((string key, JsonElement owner) in
                (ReadOnlySpan<(string, JsonElement)>)[("samgpu", versions), ("commit", versions), ("device", root), ("started", root)])
            {
                provenance += Text(owner, key) is { } text ? $"\n{key}: {text}" : "";
            }

            if (configuration.ValueKind == JsonValueKind.Object)
            {
                provenance += "\nconfiguration: " + JsonSerializer.Serialize(configuration);
            }

            string optimizer = Text(configuration, "optimizer") ?? "";
            return new RunFacts(
                name,
                optimizer,
                Text(configuration, "base-optimizer") ?? (optimizer is "polyak" or "nesterov" ? optimizer : "gd"),
                Number("step-size"),
                Number("rho"),
                Number("momentum"),
                provenance.Trim());

            double Number(string key)
            {
                if (configuration.ValueKind != JsonValueKind.Object
                    || !configuration.TryGetProperty(key, out JsonElement element)
                    || element.ValueKind == JsonValueKind.Null)
                {
                    return double.NaN;
                }

                return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value)
                    ? value
                    : throw new DataException(
                        $"{path}, configuration, {key}: found {element.GetRawText()}, expected a number. Restore the file, or repeat the run.");
            }
        }

        /// <summary>A text or number of an object; null where there is none.</summary>
        private static string? Text(JsonElement element, string key) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
                ? value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString(),
                    JsonValueKind.Number => value.GetRawText(),
                    _ => null,
                }
                : null;
    }
}
