using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>One run of a lab: gives it what it trains with, and takes down what it finds.</summary>
public sealed class LabSession
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LabRequest request;
    private readonly List<LabRow> rows = [];
    private readonly List<Figure> figures = [];
    private readonly string folder;

    private LabSession(LabRequest request, string folder, CancellationToken interrupt)
    {
        this.request = request;
        this.folder = folder;
        Interrupt = interrupt;
    }

    /// <summary>Asks for an early end; a lab that computes for seconds without <see cref="Train"/> looks at it.</summary>
    public CancellationToken Interrupt { get; }

    /// <summary>The folder that data sets lie in.</summary>
    public string DataRoot => request.DataRoot;

    /// <summary>Runs a lab.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="request">How.</param>
    /// <param name="interrupt">Asks for an early end.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; what was written until then stays.</exception>
    /// <exception cref="SamGpuException">Data are missing, a file cannot be written, or a device fails.</exception>
    public static LabResult Run(Lab lab, LabRequest request, CancellationToken interrupt = default)
    {
        string folder = request.Output ?? FreeFolder.InRuns($"lab-{lab.Name}");
        if (Path.Exists(folder))
        {
            throw new UsageException($"--output '{folder}' exists, and a lab never overwrites: give another folder, or move that one away.");
        }

        var clock = Stopwatch.StartNew();
        var session = new LabSession(request, folder, interrupt);
        CreateFolder(folder);
        lab.Run(session);
        interrupt.ThrowIfCancellationRequested();
        var files = FigureFolder.Write(session.figures, Path.Combine(folder, "figures"), request.Figures);
        var result = new LabResult(lab, session.rows, folder, files, clock.Elapsed.TotalSeconds);
        session.Write(result);
        return result;
    }

    /// <summary>Trains by a recipe with other settings, and leaves the run in the lab's folder.</summary>
    /// <param name="name">The name of the run.</param>
    /// <param name="recipe">The recipe to begin with.</param>
    /// <param name="settings">Keys that differ from it, such as "step-size=0.1 seed=1", separated by spaces.</param>
    /// <returns>What it measured.</returns>
    /// <exception cref="OperationCanceledException">The session was interrupted.</exception>
    public RunSeries Train(string name, string recipe, string settings)
    {
        var configuration = ConfigurationKey.SetAll(
            Recipe.Load(recipe).Configuration with { Device = request.Device, Threads = request.Threads }, settings);
        request.Progress($"{name}: {settings}");
        using var experiment = new Experiment(new RunRequest
        {
            Name = name,
            Configuration = configuration,
            DataRoot = request.DataRoot,
            Devices = request.Devices,
            Output = Path.Combine(folder, name),
            CommandLine = request.CommandLine,
            Figures = [],
            LeavesCheckpoint = false,
        });
        var summary = experiment.Run(new SilentObserver(), Interrupt);
        Interrupt.ThrowIfCancellationRequested();
        return RunSeries.Read(summary.Folder);
    }

    /// <summary>Makes a device for what a lab computes by itself, in double.</summary>
    public Device CreateDevice() =>
        request.Devices.Create(
            request.Devices.Find(request.Device, Precision.Double), new DeviceOptions { Precision = Precision.Double, Threads = request.Threads });

    /// <summary>Whether CIFAR-10 is there; if not, says that a part of the lab is left out.</summary>
    /// <param name="part">The part that needs it.</param>
    public bool HasCifar10(string part)
    {
        bool isThere = Directory.Exists(Path.Combine(DataRoot, DataSource.Cifar10Name));
        if (!isThere)
        {
            Say($"{part} is left out: there is no {DataSource.Cifar10Name} in '{DataRoot}', which --data-root names");
        }

        return isThere;
    }

    /// <summary>Says what the lab is at.</summary>
    /// <param name="text">In a few words.</param>
    public void Say(string text) => request.Progress(text);

    /// <summary>Takes down a number that is expected to be another, within a tolerance.</summary>
    /// <param name="quantity">What it is.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="tolerance">How far from it is as expected.</param>
    /// <param name="measured">What was measured.</param>
    public void Expect(string quantity, double expected, double tolerance, double measured) =>
        rows.Add(new LabRow(quantity, expected, expected - tolerance, expected + tolerance, measured));

    /// <summary>Takes down a number that is expected to lie in a range.</summary>
    /// <param name="quantity">What it is.</param>
    /// <param name="from">The least value; −∞ for none.</param>
    /// <param name="to">The largest; ∞ for none.</param>
    /// <param name="measured">What was measured.</param>
    public void ExpectRange(string quantity, double from, double to, double measured) =>
        rows.Add(new LabRow(quantity, double.NaN, from, to, measured));

    /// <summary>Takes down a number of which nothing is expected: it is reported whichever way it points.</summary>
    /// <param name="quantity">What it is.</param>
    /// <param name="measured">What was measured.</param>
    public void Report(string quantity, double measured) =>
        rows.Add(new LabRow(quantity, double.NaN, double.NegativeInfinity, double.PositiveInfinity, measured));

    /// <summary>Leaves a figure.</summary>
    /// <param name="figure">The figure; its name is that of its file.</param>
    public void Draw(Figure figure) => figures.Add(figure);

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The folder '{folder}' cannot be made: {exception.Message} Give another one with --output.", exception);
        }
    }

    private void Write(LabResult result)
    {
        var document = new JsonObject
        {
            ["lab"] = result.Lab.Name,
            ["claim"] = result.Lab.Claim,
            ["source"] = result.Lab.Source,
            ["verdict"] = result.IsMet ? "as expected" : "not as expected",
            ["findings"] = new JsonArray(
            [
                .. result.Rows.Select(row => new JsonObject
                {
                    ["quantity"] = row.Quantity,
                    ["expected"] = Number(row.Expected),
                    ["from"] = Number(row.From),
                    ["to"] = Number(row.To),
                    ["measured"] = Number(row.Measured),
                    ["as-expected"] = row.IsClaim ? row.IsMet : null,
                }),
            ]),
            ["seconds"] = result.Seconds,
            ["versions"] = new JsonObject { ["samgpu"] = Experiments.Version.Number, ["commit"] = Experiments.Version.Commit },
            ["command"] = request.CommandLine,
        };
        AtomicFile.Write(Path.Combine(folder, "lab.json"), stream => stream.Write(Encoding.UTF8.GetBytes(document.ToJsonString(Json) + "\n")));
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
