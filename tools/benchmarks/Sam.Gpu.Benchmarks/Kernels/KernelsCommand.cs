using System.CommandLine;
using System.Globalization;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Cli;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary><c>bench kernels</c>: matrix products and passes over memory beside what the machine can do.</summary>
internal static class KernelsCommand
{
    private const string DefaultOutput = "artifacts/bench-kernels.json";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var threads = new Option<string>("--threads") { HelpName = "N", Description = "threads of either side; default one a core" };
        var precision = new Option<string>("--precision") { HelpName = "NAME", Description = "float or double; default both" };
        var only = new Option<string>("--only") { HelpName = "TEXT", Description = "only cases whose name contains TEXT" };
        var output = new Option<string>("--output") { HelpName = "FILE.json", Description = $"default {DefaultOutput}" };
        var command = new Command(
            "kernels",
            "Times matrix products and passes over memory beside ceilings measured in the same run: fused multiply-adds in registers, "
            + "OpenBLAS where it is installed, and copies of the same footprint.")
        {
            threads, precision, only, output,
        };
        command.SetAction(result => Run(
            PeersCommand.Count("--threads", result.GetValue(threads)) ?? Environment.ProcessorCount,
            Precisions(result.GetValue(precision)),
            result.GetValue(only) ?? "",
            result.GetValue(output) ?? DefaultOutput));
        return command;
    }

    private static Precision[] Precisions(string? name) => name switch
    {
        null => [Precision.Float, Precision.Double],
        "float" => [Precision.Float],
        "double" => [Precision.Double],
        _ => throw new UsageException($"--precision {name} is not allowed: give float or double."),
    };

    private static int Run(int threads, Precision[] precisions, string only, string output)
    {
        var blas = OpenBlas.Load(threads);
        Case[] all = [.. precisions.SelectMany(precision => Cases.All(precision, blas))];

        // The peak belongs to every table.
        Case[] chosen = [.. all.Where(one => one.Kind == CaseKind.Peak || one.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (!all.Any(one => one.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            string names = string.Join("; ", all.Select(one => one.Name).Distinct());
            throw new UsageException($"--only {only} is part of no name. Give a part of one of: {names}.");
        }

        PeersCommand.CreateFolder(output);
        Console.Error.WriteLine($"timing {Numbers.Whole(chosen.Length)} cases…");
        Result[] results =
        [
            .. Stopwatches.Measure(chosen, threads).Select((seconds, i) => new Result(
                chosen[i], seconds.Own, seconds.Ceiling,
                chosen[i].Kind == CaseKind.Pass || (chosen[i].Kind == CaseKind.Product && blas is not null))),
        ];
        using (var device = CpuDevice.Create(precisions[0], threads))
        {
            var environment = PeersCommand.DescribeEnvironment(device.Name);
            environment["openblas"] = blas?.Description;
            Console.WriteLine($"{environment["processor"]}, {environment["cores"]} cores; {device.Name}");
            Console.WriteLine(
                blas?.Description ?? "There is no OpenBLAS to compare with; on Debian and Ubuntu: apt-get install libopenblas0-pthread");
            WriteTables(results);
            PeersCommand.WriteReport(output, environment, results.Select(result => result.ToJson()));
        }

        return ExitCode.Done;
    }

    private static void WriteTables(IReadOnlyList<Result> results)
    {
        foreach (var group in results.GroupBy(result => (result.Case.Precision, result.Case.Kind)))
        {
            string precision = group.Key.Precision.ToString().ToLowerInvariant();
            if (group.Key.Kind == CaseKind.Peak)
            {
                Console.WriteLine();
                Console.WriteLine(FormattableString.Invariant(
                    $"{precision}: {group.Single().Rate:F1} GFLOP/s of fused multiply-adds in registers"));
                continue;
            }

            string ceiling = group.Key.Kind == CaseKind.Product ? "OpenBLAS" : "copy";
            Console.WriteLine();
            TextTable.Write(
                Console.Out,
                [
                    [$"{precision}, {group.Key.Kind.ToString().ToLowerInvariant()}", group.First().Unit, ceiling, "ratio"],
                    .. group.Select(result => result.Cells()),
                ],
                "  ");
            double[] ratios = [.. group.Where(result => result.HasCeiling && result.Case.IsMemoryBound).Select(result => result.Ratio)];
            if (ratios.Length > 0)
            {
                double mean = Math.Exp(ratios.Average(Math.Log));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  ratios: geometric mean {mean:F2}, smallest {ratios.Min():F2}"));
            }

            if (group.Any(result => !result.Case.IsMemoryBound))
            {
                Console.WriteLine("  * arithmetic, not memory, is what limits it; not in the mean");
            }
        }

        Console.WriteLine();
    }
}
