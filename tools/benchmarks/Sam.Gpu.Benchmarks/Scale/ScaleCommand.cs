using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Cli;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Figures;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Scale;

/// <summary><c>bench scale</c>: how time and memory grow with the examples, the width of the network and the size of a block.</summary>
internal static class ScaleCommand
{
    private const string DefaultOutput = "artifacts/bench-scale.json";

    // What one process is asked to do alone: memory that another point has freed would count for nothing.
    private const string PointOption = "--point";
    private const int Inputs = 784;
    private const int Repetitions = 3;
    private const ulong Seed = 0;
    private const double Mebi = 1 << 20;

    private static readonly JsonSerializerOptions Exact = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var threads = new Option<string>("--threads") { HelpName = "N", Description = "threads; default one a core" };
        var only = new Option<string>("--only") { HelpName = "SWEEP", Description = "examples, width or block; default all three" };
        var output = new Option<string>("--output") { HelpName = "FILE.json", Description = $"default {DefaultOutput}" };
        var figures = new Option<string>("--figures") { HelpName = "DIR", Description = "folder for a figure of each sweep; default none" };
        var point = new Option<string>(PointOption) { Hidden = true };
        var command = new Command(
            "scale",
            "Times gradients and blocks of products of a perceptron 784-width-width-10 of several sizes, and compares the memory that they "
            + "take with what was planned. No peer is involved.")
        {
            threads, only, output, figures, point,
        };
        command.SetAction(result => result.GetValue(point) is { } one ? RunOne(one, Threads(result.GetValue(threads))) : Run(
            Threads(result.GetValue(threads)),
            result.GetValue(only),
            result.GetValue(output) ?? DefaultOutput,
            result.GetValue(figures)));
        return command;
    }

    private static int Run(int threads, string? only, string output, string? figures)
    {
        string[] sweeps = [.. ScalePoint.All.Select(point => point.Sweep).Distinct()];
        if (only is not null && !sweeps.Contains(only))
        {
            throw new UsageException($"--only {only} is not allowed: give one of {string.Join(", ", sweeps)}.");
        }

        PeersCommand.CreateFolder(output);
        string name;
        using (var device = CpuDevice.Create(Precision.Float, threads))
        {
            name = device.Name;
        }

        var points = new List<ScalePoint>();
        foreach (var point in ScalePoint.All.Where(point => only is null || point.Sweep == only))
        {
            Console.Error.WriteLine($"{point.Sweep} {Numbers.Whole(point.Size)}…");
            points.Add(RunInProcess(point, threads));
        }

        var environment = PeersCommand.DescribeEnvironment(name);
        Console.WriteLine($"{environment["processor"]}, {environment["cores"]} cores; {name}");
        foreach (var sweep in points.GroupBy(point => point.Sweep))
        {
            Console.WriteLine();
            TextTable.Write(
                Console.Out,
                [
                    [sweep.Key, "gradient ms", "GFLOP/s", "block ms", "a direction", "GFLOP/s", "memory MiB", "planned MiB", "ratio"],
                    .. sweep.Select(Cells),
                ],
                "  ");
        }

        Console.WriteLine();
        PeersCommand.WriteReport(output, environment, points.Select(point => point.ToJson()));
        if (figures is not null)
        {
            foreach (string file in FigureFolder.Write(ScaleFigures.Of(points, name), figures, FigureFolder.Default))
            {
                Console.WriteLine($"file: {file}");
            }
        }

        return ExitCode.Done;
    }

    private static int Threads(string? text) => PeersCommand.Count("--threads", text) ?? Environment.ProcessorCount;

    private static ScalePoint RunInProcess(ScalePoint point, int threads)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [
                Environment.GetCommandLineArgs()[0], "scale", PointOption, JsonSerializer.Serialize(point), "--threads", Numbers.Whole(threads),
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == ExitCode.Done
            ? JsonSerializer.Deserialize<ScalePoint>(answer, Exact)!
            : throw new DeviceException($"The process for {point.Sweep} {Numbers.Whole(point.Size)} failed; what it said is above.");
    }

    private static int RunOne(string point, int threads)
    {
        // A tiny point first, which is not kept: code is compiled in it.
        Measure(new ScalePoint("", 64, 16, 8), threads);
        Console.WriteLine(JsonSerializer.Serialize(Measure(JsonSerializer.Deserialize<ScalePoint>(point)!, threads), Exact));
        return ExitCode.Done;
    }

    private static string[] Cells(ScalePoint point) =>
    [
        Numbers.Whole(point.Size),
        Numbers.Short(1e3 * point.GradientSeconds),
        Rate(point.GradientFloor / point.GradientSeconds),
        Numbers.Short(1e3 * point.BlockSeconds),
        Numbers.Short(1e3 * point.BlockSeconds / point.Directions),
        Rate(point.BlockFloor / point.BlockSeconds),
        Size(point.MeasuredBytes),
        Size(point.PlannedBytes),
        double.IsNaN(point.MeasuredBytes) ? "–" : (point.MeasuredBytes / point.PlannedBytes).ToString("F2", CultureInfo.InvariantCulture),
    ];

    private static string Rate(double operations) => (operations / 1e9).ToString("F0", CultureInfo.InvariantCulture);

    private static string Size(double bytes) => double.IsNaN(bytes) ? "–" : (bytes / Mebi).ToString("F0", CultureInfo.InvariantCulture);

    private static ScalePoint Measure(ScalePoint point, int threads)
    {
        var clusters = StandIns.Clusters(point.Examples, [Inputs]);
        string width = Numbers.Whole(point.Width);
        var network = NetworkSpecification.Parse($"mlp:{width}-{width}").Build(clusters.InputShape, clusters.Outputs, "tanh");
        double[] parameters = Initialization.Parse("glorot-normal").Draw(network, Seed);
        double[] direction = new double[network.ParameterCount];
        var random = new RandomStream(Seed, "directions");
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = random.NextGaussian();
        }

        double planned = Plan(network, clusters, point.Directions, threads);
        GC.Collect();
        double before = ResidentMemory.Now;
        ResidentMemory.ResetPeak();
        using var device = CpuDevice.Create(Precision.Float, threads);
        using var memory = new ScaleMemory(device, network, clusters, point.Directions);
        device.Upload(parameters, memory.Parameters);
        for (int k = 0; k < point.Directions; k++)
        {
            device.Upload(direction, memory.Directions.Slice(k * direction.Length, direction.Length));
        }

        var (gradient, block) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int repetition = 0; repetition <= Repetitions; repetition++)
        {
            long begin = Stopwatch.GetTimestamp();
            var linearization = memory.Objective.Linearize(memory.Parameters, memory.Gradient, memory.Loss);
            long middle = Stopwatch.GetTimestamp();
            linearization.HessianProducts(memory.Directions, memory.Products, point.Directions);
            if (repetition > 0)
            {
                gradient = Math.Min(gradient, Stopwatch.GetElapsedTime(begin, middle).TotalSeconds);
                block = Math.Min(block, Stopwatch.GetElapsedTime(middle).TotalSeconds);
            }
        }

        var count = ProductCount.Of(network);
        return point with
        {
            GradientSeconds = gradient,
            BlockSeconds = block,
            GradientFloor = 2 * count.Gradient * point.Examples,
            BlockFloor = 2 * count.Direction * point.Directions * point.Examples,
            PlannedBytes = planned,
            MeasuredBytes = ResidentMemory.Peak - before,
        };
    }

    private static double Plan(Network network, DataSet data, int directions, int threads)
    {
        using var device = CpuDevice.Create(Precision.Float, threads);
        using var planner = new MemoryPlanner(device);
        using var memory = new ScaleMemory(planner.Device, network, data, directions);
        return planner.Needed(() => memory.Objective.Rehearse(directions));
    }
}
