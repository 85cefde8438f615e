using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Data;
using Sam.Gpu.Figures;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Experiments;

/// <summary>The folder that a run leaves behind. It is made new; nothing that was there before is touched.</summary>
internal sealed class RunFolder
{
    /// <summary>The member of <c>run.json</c> that lists where a run was continued, and by what commands.</summary>
    public const string Continued = "continued";

    private const string RunFile = "run.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private RunFolder(string path) => FullName = path;

    /// <summary>The path.</summary>
    public string FullName { get; }

    /// <summary>The full path of the folder that a run would make now.</summary>
    /// <exception cref="UsageException">The folder that was asked for exists.</exception>
    public static string Choose(string? output, string name)
    {
        // A folder of runs/ that was free a moment ago may be another run's by now: the next one is looked for where it is claimed.
        string path = output ?? FreeFolder.InRuns(name);
        return output is not null && Path.Exists(path)
            ? throw new UsageException($"--output '{path}' exists, and a run never overwrites: give another folder, or move that one away.")
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <summary>Makes the folder with its first <c>run.json</c>. Of runs that begin at the same moment, each gets a folder of its own.</summary>
    /// <exception cref="UsageException">The folder that was asked for exists.</exception>
    /// <exception cref="DataException">It cannot be made.</exception>
    public static RunFolder Create(RunRequest request, RunPlan plan, DataSet data, DateTimeOffset started)
    {
        string parent = Path.GetDirectoryName(Choose(request.Output, request.Name))!;
        string temporary = Path.Combine(parent, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            new RunFolder(temporary).WriteRun(request, plan, data, started, null);
            return new RunFolder(Claim(temporary, request));
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new DataException(
                    $"The folder '{request.Output ?? "runs"}' cannot be made: {exception.Message} Give another one with --output.", exception);
            }

            throw;
        }
    }

    /// <summary>The folder of a run that goes on.</summary>
    public static RunFolder Of(ResumedRun run) => new(run.Folder);

    /// <summary>The <c>run.json</c> of a run.</summary>
    /// <param name="run">The folder of the run, or its <c>run.json</c>.</param>
    /// <param name="beside">What else is expected in the folder, for messages.</param>
    /// <exception cref="DataException">There is none.</exception>
    public static string FindRunFile(string run, string beside)
    {
        string file = Directory.Exists(run) ? Path.Combine(run, RunFile) : run;
        return System.IO.File.Exists(file) && file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? file
            : throw new DataException(
                $"'{run}' is no run: expected a folder with {RunFile} and {beside}, such as runs/demo, or the path of its {RunFile}.");
    }

    /// <summary>How a run ended, as <c>run.json</c> has it; of null, that it goes on.</summary>
    public static string NameOf(RunStatus? status) =>
        status is { } ended ? JsonNamingPolicy.KebabCaseLower.ConvertName(ended.ToString()) : "running";

    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => Path.Combine(FullName, name);

    /// <summary>Removes a checkpoint that was being written when the system ended the process.</summary>
    public void RemoveUnfinished()
    {
        foreach (string file in Directory.EnumerateFiles(FullName, $".{Checkpoint.FileName}.*.tmp"))
        {
            AtomicFile.Remove(file);
        }
    }

    /// <summary>Writes <c>run.json</c>: what ran, where, and with what result so far.</summary>
    public void WriteRun(RunRequest request, RunPlan plan, DataSet data, DateTimeOffset started, RunSummary? summary)
    {
        var run = new JsonObject
        {
            ["name"] = request.Name,
            ["status"] = NameOf(summary?.Status),
            ["configuration"] = Recipe.ToJson(plan.Configuration),
            ["data"] = ToJson(data),
            ["parameters"] = plan.Parameters,
            ["spectrum"] = Spectrum(plan, data, summary),
            ["device"] = plan.Device,
            ["driver"] = plan.Driver,
            ["matrix-products"] = plan.MatrixProducts,
            ["memory"] = new JsonObject { ["bytes"] = plan.Memory.Needed, ["chunk"] = plan.Memory.Chunk },
            ["versions"] = Version.ToJson(),
            ["command"] = request.CommandLine,
            ["started"] = Time(started),
        };
        if (request.Resume is { } resumed)
        {
            var (begun, command, continued) = resumed.History;
            (run["started"], run["command"]) = (begun, command);
            continued.Add((JsonNode)new JsonObject
            {
                ["step"] = plan.FirstStep, ["command"] = request.CommandLine, ["started"] = Time(started),
            });
            run[Continued] = continued;
        }

        if (summary is not null)
        {
            run["summary"] = new JsonObject
            {
                ["steps"] = summary.Steps,
                ["epochs"] = summary.Epochs,
                ["seconds"] = summary.TimeSeconds,
                ["measurements"] = summary.Measurements.Count,
                ["unconverged"] = summary.Unconverged,
                ["zero-gradients"] = summary.ZeroGradients,
                ["mean-ratio-last-half"] = Number(summary.MeanRatio(0.5)),
                ["mean-ratio-last-quarter"] = Number(summary.MeanRatio(0.25)),
            };
        }

        WriteJson(File(RunFile), run);
    }

    /// <summary>A data set, for the record.</summary>
    public static JsonObject ToJson(DataSet data) => new()
    {
        ["name"] = data.Name,
        ["examples"] = data.Examples,
        ["features"] = data.Features,
        ["outputs"] = data.Outputs,
        ["sha256"] = data.Hash,
    };

    /// <summary>Writes a JSON file, whole or not at all.</summary>
    public static void WriteJson(string path, JsonObject content) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(content.ToJsonString(Json) + "\n")));

    /// <summary>Writes <c>parameters.npz</c>, named as PyTorch names them.</summary>
    public void WriteParameters(Network network, double[] parameters) =>
        NumpyArchive.Write(File("parameters.npz"), ParameterArrays.Of("", network, parameters));

    /// <summary>Draws the figures from the files of the folder.</summary>
    public void WriteFigures(IReadOnlyList<IFigureExporter> exporters) => FigureFolder.Write(FullName, exporters: exporters);

    // What was measured, and on which examples: those of a hash, or minibatches, whose examples have another.
    private static JsonObject Spectrum(RunPlan plan, DataSet data, RunSummary? summary)
    {
        var selection = plan.Configuration.SpectrumData;
        var spectrum = new JsonObject
        {
            ["operator"] = "hessian",
            ["which"] = "largest algebraic",
            ["data"] = selection.ToString(),
            ["examples"] = plan.SpectrumExamples,
        };
        if (plan.SpectrumExamples == data.Examples || selection.First is not null)
        {
            spectrum["sha256"] = data.Take(plan.SpectrumExamples).Hash;
        }
        else
        {
            spectrum["batches-sha256"] = summary?.MeasuredBatches;
        }

        if (plan.IsPreconditioned)
        {
            spectrum["preconditioned"] = new JsonObject
            {
                ["operator"] = "P^(-1/2) H P^(-1/2)",
                ["preconditioner"] = $"what {plan.Configuration.BaseOptimizer} would divide by in a step with the gradient of the same examples",
            };
        }

        return spectrum;
    }

    // Gives the folder its name. A system may let a folder take the name of an empty one, but never of one that holds a file.
    private static string Claim(string temporary, RunRequest request)
    {
        while (true)
        {
            string path = Choose(request.Output, request.Name);
            try
            {
                Directory.Move(temporary, path);
                return path;
            }
            catch (IOException) when (Path.Exists(path))
            {
                // Another run was faster: on to the next name, if it is ours to choose.
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first failure says more than this one would.
        }
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
