using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Cli;
using Sam.Gpu.Cli.Commands;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Ilgpu;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary><c>bench peers</c>: the same work here and in PyTorch.</summary>
internal static class PeersCommand
{
    private const int DifferentResults = 1;

    // The threads of OpenBLAS and OpenMP spin for some 30 ms after their work; they must not steal time from the other side.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>How reports are written.</summary>
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var threads = new Option<string>("--threads") { HelpName = "N", Description = "threads of either side; default one a core" };
        var repetitions = new Option<string>("--repetitions") { HelpName = "N", Description = "times a side; default 11, 3 or 5 by the problem" };
        var only = new Option<string>("--only") { HelpName = "TEXT", Description = "only problems and works whose 'problem, work' contains TEXT" };
        var dataRoot = new Option<string>("--data-root") { HelpName = "DIR", Description = "folder with mnist/, cifar10/, tiny_shakespeare.txt; default SAMGPU_DATA or ./data" };
        var device = new Option<string>("--device") { HelpName = "NAME", Description = "cpu, the default, or cuda[:I], where PyTorch takes the same GPU" };
        var products = new Option<string>("--matmul") { HelpName = "NAME", Description = $"our {ConfigurationKey.Find("matmul").Description}; default auto" };
        var output = new Option<string>("--output") { HelpName = "FILE.json", Description = "default artifacts/bench-peers.json" };
        var command = new Command(
            "peers",
            "Times the same work here and in PyTorch, after comparing the results. Exit code 1: results differ; 3: there is no PyTorch.")
        {
            device, products, threads, repetitions, only, dataRoot, output,
        };
        command.SetAction(result => Run(
            result.GetValue(device) ?? "cpu",
            RunOptions.Apply(new RunConfiguration(), "matmul", result.GetValue(products) ?? "auto").MatrixProducts,
            Count("--threads", result.GetValue(threads)) ?? Environment.ProcessorCount,
            Count("--repetitions", result.GetValue(repetitions)),
            result.GetValue(only) ?? "",
            DataRoot.Resolve(result.GetValue(dataRoot)),
            result.GetValue(output) ?? Path.Combine("artifacts", "bench-peers.json")));
        return command;
    }

    /// <summary>A count that an option gives; null where it is not given.</summary>
    /// <exception cref="UsageException">It is not a whole number from 1 to 1024.</exception>
    internal static int? Count(string option, string? text) =>
        text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 1024 ? count
        : throw new UsageException($"{option} {text} is not allowed: give a whole number from 1 to 1024.");

    private static int Run(
        string deviceName, MatrixProducts products, int threads, int? repetitions, string only, string dataRoot, string output)
    {
        Problem[] problems = [.. Problem.All
            .Select(problem => problem with { Works = [.. problem.Works.Where(work => IsChosen(problem, work, only))] })
            .Where(problem => problem.Works.Count > 0)];
        if (problems.Length == 0)
        {
            var names = Problem.All.SelectMany(problem => problem.Works.Select(work => FullName(problem, work)));
            throw new UsageException($"--only {only} is part of no name. Give a part of one of: {string.Join("; ", names)}.");
        }

        var catalog = new DeviceCatalog(new IlgpuProvider());
        var description = catalog.Find(deviceName);
        if (description.Kind is not (DeviceKind.Cpu or DeviceKind.Cuda))
        {
            throw new UsageException($"--device {deviceName}: PyTorch computes on cpu and cuda[:I] alone. Give one of those.");
        }

        string python = PyTorchSide.FindPython();
        CreateFolder(output);
        string exchange = Directory.CreateTempSubdirectory("samgpu-bench-").FullName;
        var rows = new List<Row>();
        JsonObject? environment = null;
        try
        {
            foreach (var problem in problems)
            {
                int count = problem.Threads ?? threads;
                var inputs = new Inputs(problem, dataRoot);
                var device = catalog.Create(
                    description, new DeviceOptions { Precision = problem.Precision, Threads = count, Products = products });
                using var ours = new OwnSide(problem, inputs, device);
                using var theirs = new PyTorchSide(python, problem, inputs, count, description.Id, exchange);
                if (environment is null)
                {
                    environment = DescribeEnvironment(device.Name);
                    environment["matrix-products"] = device.MatrixProductName;
                    environment["pytorch"] = theirs.Environment;
                    WriteEnvironment(environment);
                }

                foreach (var work in problem.Works)
                {
                    Console.Error.WriteLine($"{FullName(problem, work)}…");
                    rows.Add(Measure(problem, inputs, work, count, repetitions ?? Math.Min(problem.Repetitions, work.MostRepetitions), ours, theirs));
                }

                // As soon as it is known: the next problem may take minutes, or be cut off.
                WriteTable([.. rows.TakeLast(problem.Works.Count)]);
            }
        }
        finally
        {
            Directory.Delete(exchange, recursive: true);
        }

        Console.WriteLine();
        WriteReport(output, environment!, rows.Select(row => row.ToJson()));
        return rows.Any(row => row.Failure is not null) ? DifferentResults : ExitCode.Done;
    }

    /// <summary>Makes the folder of a report, before hours of work find that it cannot be made.</summary>
    /// <param name="output">The file of the report.</param>
    internal static void CreateFolder(string output) => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);

    /// <summary>Writes a report with every time, and says where.</summary>
    /// <param name="output">The file.</param>
    /// <param name="environment">The machine and the program.</param>
    /// <param name="rows">The rows.</param>
    internal static void WriteReport(string output, JsonObject environment, IEnumerable<JsonObject> rows)
    {
        var report = new JsonObject { ["environment"] = environment, ["rows"] = new JsonArray([.. rows]) };
        AtomicFile.Write(Path.GetFullPath(output), stream => stream.Write(Encoding.UTF8.GetBytes(report.ToJsonString(Json) + "\n")));
        Console.WriteLine($"file: {output}");
    }

    private static bool IsChosen(Problem problem, Work work, string only) =>
        FullName(problem, work).Contains(only, StringComparison.OrdinalIgnoreCase);

    private static string FullName(Problem problem, Work work) => $"{problem.Name}, {work.Name}";

    private static Row Measure(
        Problem problem, Inputs inputs, Work work, int threads, int repetitions, OwnSide ours, PyTorchSide theirs)
    {
        // Comparing also warms both sides up.
        var (difference, failure) = Comparison.Compare(problem, inputs, work, ours, theirs);
        double[] ownSeconds = new double[failure is null ? repetitions : 0];
        double[] peerSeconds = new double[ownSeconds.Length];
        Turns.Take(ownSeconds.Length, i => ownSeconds[i] = AfterRest(ours.Run), i => peerSeconds[i] = AfterRest(theirs.Run));
        return new Row
        {
            Problem = problem,
            Work = work,
            Data = inputs.Data.Name,
            Threads = threads,
            Floor = work.Floor(inputs.Network, inputs.Data.Examples),
            Difference = difference,
            Failure = failure,
            Ours = ownSeconds,
            Theirs = peerSeconds,
        };

        double AfterRest(Func<Work, int, double> run)
        {
            Thread.Sleep(Rest);
            return run(work, work.Calls) * work.ShownCalls / work.Calls;
        }
    }

    /// <summary>The machine and the program, for reports.</summary>
    internal static JsonObject DescribeEnvironment(string device) => new()
    {
        ["time"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["processor"] = CpuProvider.ProcessorName(),
        ["cores"] = Environment.ProcessorCount,
        ["system"] = RuntimeInformation.OSDescription,
        ["samgpu"] = Experiments.Version.Number,
        ["commit"] = Experiments.Version.Commit,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["device"] = device,
    };

    private static void WriteEnvironment(JsonObject environment)
    {
        var pytorch = environment["pytorch"]!;
        string libraries = string.Join(", ", pytorch["libraries"]!.AsArray().Select(library => library!.GetValue<string>()));
        Console.WriteLine($"{environment["processor"]}, {environment["cores"]} cores; {environment["device"]}");
        Console.WriteLine($"matrix products: {environment["matrix-products"]}");
        Console.WriteLine($"PyTorch {pytorch["torch"]}{(libraries.Length == 0 ? "" : $" with {libraries}")}, on {pytorch["device"]}");
    }

    private static void WriteTable(IReadOnlyList<Row> rows)
    {
        var first = rows[0];
        string threads = first.Threads == 1 ? "1 thread" : $"{Numbers.Whole(first.Threads)} threads";
        Console.WriteLine();
        Console.WriteLine(
            $"{first.Problem.Name}, {first.Problem.Loss}, {first.Data}, {first.Problem.Precision.ToString().ToLowerInvariant()}, {threads}");
        TextTable.Write(Console.Out, [Row.Header, .. rows.Select(row => row.Cells())], "  ");
    }
}
