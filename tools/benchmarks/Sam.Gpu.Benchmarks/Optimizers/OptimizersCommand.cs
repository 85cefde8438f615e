using System.CommandLine;
using System.Globalization;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Cli;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary><c>bench optimizers</c>: what a step of each optimizer costs beside one of gradient descent.</summary>
internal static class OptimizersCommand
{
    private const string DefaultOutput = "artifacts/bench-optimizers.json";
    private const int DefaultRepetitions = 21;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var threads = new Option<string>("--threads") { HelpName = "N", Description = "threads; default one a core" };
        var repetitions = new Option<string>("--repetitions") { HelpName = "N", Description = $"times a step; default {DefaultRepetitions}" };
        var only = new Option<string>("--only") { HelpName = "TEXT", Description = "only steps whose 'problem, optimizer' contains TEXT" };
        var output = new Option<string>("--output") { HelpName = "FILE.json", Description = $"default {DefaultOutput}" };
        var command = new Command(
            "optimizers",
            "Times a step of each optimizer beside one of gradient descent, on the same network and minibatch. Each repetition takes both, one "
            + "after the other; ratios are medians over repetitions.")
        {
            threads, repetitions, only, output,
        };
        command.SetAction(result => Run(
            PeersCommand.Count("--threads", result.GetValue(threads)) ?? Environment.ProcessorCount,
            PeersCommand.Count("--repetitions", result.GetValue(repetitions)) ?? DefaultRepetitions,
            result.GetValue(only) ?? "",
            result.GetValue(output) ?? DefaultOutput));
        return command;
    }

    private static int Run(int threads, int repetitions, string only, string output)
    {
        var chosen = StepProblem.All
            .Select(problem => (Problem: problem, Contenders: Contender.All.Where(one => FullName(problem, one).Contains(only, StringComparison.OrdinalIgnoreCase)).ToArray()))
            .Where(pair => pair.Contenders.Length > 0)
            .ToArray();
        if (chosen.Length == 0)
        {
            var names = StepProblem.All.SelectMany(problem => Contender.All.Select(one => FullName(problem, one)));
            throw new UsageException($"--only {only} is part of no name. Give a part of one of: {string.Join("; ", names)}.");
        }

        PeersCommand.CreateFolder(output);
        using var device = CpuDevice.Create(Precision.Float, threads);
        var environment = PeersCommand.DescribeEnvironment(device.Name);
        Console.WriteLine($"{environment["processor"]}, {environment["cores"]} cores; {device.Name}, threads: {Numbers.Whole(threads)}");
        var rows = new List<StepRow>();
        foreach (var (problem, contenders) in chosen)
        {
            Console.Error.WriteLine($"{problem.Name}…");
            var measured = Measure(device, problem, contenders, repetitions);
            Write(problem, measured);
            rows.AddRange(measured);
        }

        environment["threads"] = threads;
        PeersCommand.WriteReport(output, environment, rows.Select(row => row.ToJson()));
        return ExitCode.Done;
    }

    private static string FullName(StepProblem problem, Contender contender) => $"{problem.Name}, {contender.Name}";

    private static StepRow[] Measure(Device device, StepProblem problem, IReadOnlyList<Contender> contenders, int repetitions)
    {
        var data = problem.Examples();
        var network = NetworkSpecification.Parse(problem.Network).Build(data.InputShape, data.Outputs, problem.Activation);
        var count = ProductCount.Of(network);
        using var other = new Stepper(device, Contender.Base, problem, network, data);
        return [.. contenders.Select(contender =>
        {
            using var own = new Stepper(device, contender, problem, network, data);
            var (times, baseTimes) = (new StepTime[repetitions], new StepTime[repetitions]);
            Turns.Take(repetitions, i => times[i] = own.Run(problem.Calls), i => baseTimes[i] = other.Run(problem.Calls));
            return new StepRow(problem, contender, contender.Products(count), times, baseTimes);
        })];
    }

    private static void Write(StepProblem problem, IReadOnlyList<StepRow> rows)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{problem.Name}: a step of gradient descent takes {1e3 * Row.Median(StepRow.Seconds(rows.SelectMany(row => row.BaseTimes))):F1} ms"));
        TextTable.Write(Console.Out, [StepRow.Header, .. rows.Select(row => row.Cells())], "  ");
        StepRow[] kept = [.. rows.Where(row => row.Contender.KeptFraction is not null)];
        if (kept.Length > 1)
        {
            // The line of least squares.
            double middle = kept.Average(row => row.Contender.KeptFraction!.Value);
            double mean = kept.Average(row => row.Ratio);
            double slope = kept.Sum(row => (row.Contender.KeptFraction!.Value - middle) * (row.Ratio - mean))
                / kept.Sum(row => Math.Pow(row.Contender.KeptFraction!.Value - middle, 2));
            double farthest = kept.Max(row => Math.Abs(row.Ratio - mean - (slope * (row.Contender.KeptFraction!.Value - middle))));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  K-SAM: ratio = {mean - (slope * middle):F2} + {slope:F2} k/B, to {farthest:F2}"));
        }
    }
}
