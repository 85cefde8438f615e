using System.CommandLine;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;
using Sam.Gpu.Labs;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu lab</c>: known results of the field, run, checked and drawn.</summary>
internal static class LabCommand
{
    private const string ListName = "list";
    private const string AllName = "all";

    private static readonly CommandHelp Help = new()
    {
        Examples =
        [
            ("samgpu lab list", "the labs, and what each of them shows"),
            ("samgpu lab sam-edge", "the edge of SAM, on a quadratic and on a network"),
            ("samgpu lab all", "every lab that does not take long, one after the other"),
            ("samgpu lab accuracy --data-root DIR", "SAM's variants on images of CIFAR-10, five minutes of two cores"),
        ],
        Notes =
        [
            "A lab writes a table of what is expected, what was measured and whether that is as expected, and leaves figures, its runs and "
            + "lab.json in a folder. What is only reported has no verdict.",
            "Exit codes: 0 as expected, 1 not as expected, 2 usage, 3 data, 4 device, 130 and 143 interrupted.",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="arguments">The whole command line, for the record.</param>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(IReadOnlyList<string> arguments, DeviceCatalog devices, Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = $"a lab of samgpu lab {ListName}; {ListName}; or {AllName}" };
        var keys = ((string[])["device", "threads"]).Select(ConfigurationKeyOption).ToArray();
        var (output, dataRoot, quiet) = (RunCommand.Output("lab-NAME"), RunCommand.DataRootOption(), RunCommand.Quiet());
        var figures = FiguresOption.Create($", or {FigureFormats.None} alone");
        var command = new DocumentedCommand("lab", "Runs a known result of the field, checks it and draws it.", Help) { name };
        foreach (var option in (Option[])[.. keys, output, dataRoot, figures, quiet])
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            var request = new LabRequest
            {
                DataRoot = Data.DataRoot.Resolve(result.GetValue(dataRoot)),
                Devices = devices,
                Device = result.GetValue(keys[0]) ?? "cpu",
                Threads = Threads(result.GetValue(keys[1])),
                Output = result.GetValue(output),
                Figures = FiguresOption.Parse(result.GetValue(figures)),
                Progress = result.GetValue(quiet) ? _ => { } : text => terminal.Error.WriteLine($"  {text}"),
                CommandLine = RunCommand.Written(arguments),
            };
            return Run(result.GetValue(name)!, request, terminal);
        });
        return command;
    }

    private static Option<string> ConfigurationKeyOption(string key) => RunCommand.Option(ConfigurationKey.Find(key));

    private static int Threads(string? text) => text is null ? 0 : RunOptions.Apply(new RunConfiguration(), "threads", text).Threads;

    private static int Run(string name, LabRequest request, Terminal terminal)
    {
        if (name == ListName)
        {
            string Claim(Lab lab) => lab.Claim + (lab.IsLong ? $" Takes long: not among {AllName}." : "");
            TextTable.Write(terminal.Out, [.. LabCatalog.All.Select(lab => (string[])[lab.Name, Claim(lab)])]);
            return ExitCode.Done;
        }

        if (name == AllName && request.Output is not null)
        {
            throw new UsageException("--output is the folder of one lab: leave it out with 'all'.");
        }

        Lab[] labs = name == AllName ? [.. LabCatalog.All.Where(lab => !lab.IsLong)] : [LabCatalog.Find(name)];
        using var interruption = new Interruption(() => { });
        var results = new List<LabResult>();
        foreach (var lab in labs)
        {
            try
            {
                terminal.Error.WriteLine($"{lab.Name}: {lab.Claim}");
                results.Add(LabSession.Run(lab, request, interruption.Token));
            }
            catch (OperationCanceledException)
            {
                return interruption.ExitCode;
            }

            Write(terminal.Out, results[^1]);
        }

        if (results.Count > 1)
        {
            string seconds = Numbers.Short(results.Sum(result => result.Seconds));
            terminal.Out.WriteLine($"{results.Count(result => result.IsMet)} of {results.Count} labs as expected, in {seconds} s");
        }

        return results.All(result => result.IsMet) ? ExitCode.Done : ExitCode.NotAsExpected;
    }

    private static void Write(TextWriter writer, LabResult result)
    {
        writer.WriteLine($"{result.Lab.Name}: {result.Lab.Claim}");
        writer.WriteLine(result.Lab.Source);
        TextTable.Write(
            writer, [["quantity", "expected", "measured", "as expected"], .. result.Rows.Select(Row)], "  ");
        writer.WriteLine($"{(result.IsMet ? "as expected" : "not as expected")}, {Numbers.Short(result.Seconds)} s; in {result.Folder}:");
        foreach (string file in result.Figures)
        {
            writer.WriteLine($"  {Path.GetRelativePath(result.Folder, file)}");
        }

        writer.WriteLine();
    }

    private static string[] Row(LabRow row)
    {
        string expected = (double.IsNaN(row.Expected), double.IsFinite(row.From), double.IsFinite(row.To)) switch
        {
            (false, _, _) => $"{Numbers.Exact(row.Expected)} ± {Numbers.Short(row.To - row.Expected)}",
            (_, true, true) => $"{Numbers.Exact(row.From)} to {Numbers.Exact(row.To)}",
            (_, true, false) => $"at least {Numbers.Exact(row.From)}",
            (_, false, true) => $"at most {Numbers.Exact(row.To)}",
            _ => "–",
        };
        return [row.Quantity, expected, Numbers.Short(row.Measured), !row.IsClaim ? "reported" : row.IsMet ? "yes" : "no"];
    }
}
