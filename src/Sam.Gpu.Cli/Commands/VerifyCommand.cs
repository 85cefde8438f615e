using System.CommandLine;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu verify</c>: runs a recipe and says whether what it claims came out.</summary>
internal static class VerifyCommand
{
    // What may be another without the claim being another: the last of these only moves rounding.
    private static readonly string[] Keys = ["seed", "device", "threads", "chunk"];

    private static readonly CommandHelp Help = new()
    {
        Examples =
        [
            ("samgpu verify demo", "does the first example ride the SAM edge here?"),
            ("samgpu verify cifar10-cnn-small --seed 1", "and the convolutional network, from another initialization?"),
        ],
        Notes =
        [
            "A recipe says what to expect in its member \"expected\": a list of { \"quantity\": …, \"from\": …, \"to\": … } with the quantities "
            + string.Join("; ", Expectation.Quantities.Select(row => $"{row.Name}, {row.Description}")) + ".",
            "The run leaves its folder as 'samgpu run' does.",
            "Exit codes: 0 as expected, 1 not as expected, 2 usage, 3 data, 4 device, 5 diverged, 130 and 143 interrupted.",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="arguments">The whole command line, for the record.</param>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(IReadOnlyList<string> arguments, DeviceCatalog devices, Terminal terminal)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "a recipe of samgpu list recipes, or a .json file of your own" };
        var keys = Keys.Select(ConfigurationKey.Find).Select(RunCommand.Option).ToArray();
        var (output, dataRoot, quiet) = (RunCommand.Output(), RunCommand.DataRootOption(), RunCommand.Quiet());
        var command = new DocumentedCommand("verify", "Runs a recipe and says whether what it claims of the run came out.", Help) { recipe };
        foreach (var option in (Option[])[.. keys, output, dataRoot, quiet])
        {
            command.Add(option);
        }

        command.SetAction(result => Run(
            new RunOptions
            {
                Recipe = result.GetValue(recipe),
                Options = RunCommand.Given(keys, result),
                Output = result.GetValue(output),
                DataRoot = result.GetValue(dataRoot),
                CommandLine = RunCommand.Written(arguments),
            },
            devices, result.GetValue(quiet), terminal));
        return command;
    }

    private static int Run(RunOptions options, DeviceCatalog devices, bool isQuiet, Terminal terminal)
    {
        var recipe = Recipe.Load(options.Recipe!);
        if (recipe.Expected.Count == 0)
        {
            throw new UsageException(
                $"The recipe '{recipe.Name}' claims nothing of its run. Give it a member \"expected\", or one of those that do: "
                + $"{string.Join(", ", Recipe.BuiltIn.Where(known => known.Expected.Count > 0).Select(known => known.Name))}.");
        }

        int code = RunCommand.Run(options.ToRequest() with { Devices = devices }, isQuiet, terminal, out string folder);
        if (code != ExitCode.Done)
        {
            return code;
        }

        var statistics = RunStatistics.Of(RunSeries.Read(folder));
        var rows = recipe.Expected.Select(expectation => (string[])
        [
            expectation.Description, expectation.Range, Numbers.Short(expectation.Measured(statistics)), expectation.IsMet(statistics) ? "yes" : "no",
        ]);
        terminal.Out.WriteLine();
        TextTable.Write(terminal.Out, [["quantity", "expected", "measured", "as expected"], .. rows]);
        bool isMet = recipe.Expected.All(expectation => expectation.IsMet(statistics));
        terminal.Out.WriteLine(isMet ? $"{recipe.Name}: as expected" : $"{recipe.Name}: not as expected");
        return isMet ? ExitCode.Done : ExitCode.NotAsExpected;
    }
}
