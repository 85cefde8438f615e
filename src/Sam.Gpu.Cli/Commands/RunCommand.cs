using System.CommandLine;
using Sam.Gpu.Cli.Display;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu run</c>: trains, measures, and leaves a folder.</summary>
internal static class RunCommand
{
    private static readonly CommandHelp Help = new()
    {
        Default = option => Demo(option[2..]),
        Examples =
        [
            ("samgpu run", "the recipe 'demo': a small network rides the SAM edge, within a minute"),
            ("samgpu run --rho 0.05 --seed 1", "the same with another radius and seed"),
            ("samgpu run --data mnist:data/mnist --examples 1000 --network mlp:200-200 --steps 600 --measure-every 25", "on digits"),
            ("samgpu run chebyshev --optimizer gd --set stop-loss=1e-6", "another recipe, by gradient descent, until the loss is small"),
            ("samgpu run mnist-mlp --estimate", "how long would a recipe take here?"),
            ("samgpu run runs/demo/run.json", "a run once more, from the file that it left"),
            ("samgpu run --resume runs/demo --steps 8000", "a run further on, from its checkpoint"),
        ],
        Notes =
        [
            "Values in brackets are those of the recipe 'demo', which runs if no recipe is given. Recipes come before --set, and --set "
            + "before the options. What is not set anywhere keeps its default: samgpu list keys.",
            "The folder holds run.json, metrics.csv (a row a step), spectrum.csv (a row a measurement), figures/, parameters.npz and "
            + "checkpoint.npz. With adam and rmsprop the edge is that of P⁻¹H, P the diagonal that they divide by, whose eigenvalues are "
            + "measured too. Ctrl+C and SIGTERM finish the step, or give up the measurement, and write all of them; a second Ctrl+C ends "
            + "at once.",
            "--resume continues in the folder of the run, to the bits that it would have had without an end. --steps, --stop-loss, "
            + "--stop-accuracy, --checkpoint-every and --threads may change, and --device to one of the same model; no other setting may.",
            "Exit codes: 0 done, 2 usage, 3 data, 4 device, 5 diverged, 130 and 143 interrupted.",
            "P. M. Long and P. L. Bartlett, Sharpness-Aware Minimization and the Edge of Stability, JMLR 25 (2024). J. Cohen et al., "
            + "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, ICLR 2021.",
        ],
    };

    /// <summary>The option of a key.</summary>
    public static Option<string> Option(ConfigurationKey key) => new($"--{key.Name}") { Description = key.Description, HelpName = key.Placeholder };

    /// <summary>The option of the folder to make.</summary>
    /// <param name="name">The name of the folder where none is given.</param>
    public static Option<string> Output(string name = "NAME") => new("--output", "-o")
    {
        Description = "the folder to make for the run's files [the first free one of runs/" + name + ", runs/" + name + "-2, …]",
        HelpName = "DIR",
    };

    /// <summary>The option of the folder with data sets.</summary>
    public static Option<string> DataRootOption() => new("--data-root")
    {
        Description = $"the folder with mnist/ and other data sets [{DataRoot.Variable}, else ./data]",
        HelpName = "DIR",
    };

    /// <summary>The option to show less.</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "show no progress, only the summary" };

    /// <summary>The keys that were given as options, with their values.</summary>
    public static IReadOnlyList<(string Key, string Value)> Given(IEnumerable<Option<string>> keys, ParseResult result) =>
    [
        .. keys.Select(option => (option.Name[2..], result.GetValue(option)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!)),
    ];

    /// <summary>The command line as a shell takes it.</summary>
    public static string Written(IReadOnlyList<string> arguments) => string.Join(' ', arguments.Prepend("samgpu").Select(Quoted));

    /// <summary>Runs, shows progress and writes the summary.</summary>
    /// <param name="request">The run.</param>
    /// <param name="isQuiet">Whether to show no progress.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="folder">The folder that the run left.</param>
    /// <returns>The exit code.</returns>
    public static int Run(RunRequest request, bool isQuiet, Terminal terminal, out string folder)
    {
        using var display = isQuiet ? (IRunDisplay)new NoDisplay() : terminal.IsLive ? new LiveDisplay(terminal) : new PlainDisplay(terminal.Error);
        using var interruption = new Interruption(display.Abandon);
        using var experiment = new Experiment(request);
        var summary = display.Show(() => experiment.Run(display, interruption.Token), interruption.Token);
        RunReport.Write(terminal.Out, experiment.Plan, summary);
        folder = summary.Folder;
        return summary.Status switch
        {
            RunStatus.Diverged => ExitCode.Diverged,
            RunStatus.Interrupted => interruption.ExitCode,
            _ => ExitCode.Done,
        };
    }

    /// <summary>Creates the command.</summary>
    /// <param name="arguments">The whole command line, for the record.</param>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(IReadOnlyList<string> arguments, DeviceCatalog devices, Terminal terminal)
    {
        var recipe = new Argument<string?>("RECIPE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "a recipe of samgpu list recipes, or a .json file: your own, or the run.json of a run",
        };
        var keys = ConfigurationKey.All.Select(Option).ToArray();
        var set = new Option<string[]>("--set")
        {
            Description = "set a key of samgpu list keys; may be given several times",
            HelpName = "KEY=VALUE",
        };
        var resume = new Option<string>("--resume")
        {
            Description = "continue a run from its checkpoint, by its folder or its run.json; --steps may be raised",
            HelpName = "RUN",
        };
        var (output, dataRoot, quiet) = (Output(), DataRootOption(), Quiet());
        var name = new Option<string>("--name") { Description = "the name of the run [that of the recipe]", HelpName = "NAME" };
        var figures = FiguresOption.Create($", or {FigureFormats.None} alone");
        var dryRun = new Option<bool>("--dry-run") { Description = "show what would run, and make nothing" };
        var estimate = new Option<bool>("--estimate")
        {
            Description = $"take {RunEstimate.StepsTaken} steps and one measurement, say how long the whole would take, and make nothing",
        };
        var command = new DocumentedCommand(
            "run",
            "Trains a network, measures the largest eigenvalues of its Hessian against the edges, and leaves tables and figures in a folder.",
            Help) { recipe };
        foreach (var option in (Option[])[.. keys, set, resume, output, dataRoot, name, figures, quiet, dryRun, estimate])
        {
            command.Add(option);
        }

        command.SetAction(result => Run(
            new RunOptions
            {
                Recipe = result.GetValue(recipe),
                Resume = result.GetValue(resume),
                Set = result.GetValue(set) ?? [],
                Options = Given(keys, result),
                Output = result.GetValue(output),
                DataRoot = result.GetValue(dataRoot),
                Name = result.GetValue(name),
                Figures = result.GetValue(figures),
                CommandLine = Written(arguments),
            },
            devices, result.GetValue(quiet), result.GetValue(dryRun), result.GetValue(estimate), terminal));
        return command;
    }

    private static int Run(RunOptions options, DeviceCatalog devices, bool isQuiet, bool isDry, bool isEstimate, Terminal terminal)
    {
        var request = options.ToRequest() with { Devices = devices };
        foreach (string key in options.WithoutEffect(request.Configuration))
        {
            terminal.Error.WriteLine($"samgpu: note: {key} has no effect with this optimizer ({RunText.Optimizer(request.Configuration)}).");
        }

        if (isDry)
        {
            using var experiment = new Experiment(request);
            RunReport.WritePlan(terminal.Out, experiment.Plan);
            return ExitCode.Done;
        }

        if (isEstimate && request.Resume is not null)
        {
            throw new UsageException("--estimate and --resume exclude each other: an estimate is of a whole run. Give its run.json instead of --resume.");
        }

        return isEstimate ? Estimate(request, terminal) : Run(request, isQuiet, terminal, out _);
    }

    private static int Estimate(RunRequest request, Terminal terminal)
    {
        using var interruption = new Interruption(() => { });
        using var experiment = new Experiment(request);
        if (experiment.Estimate(interruption.Token) is { } estimate)
        {
            RunReport.WriteEstimate(terminal.Out, experiment.Plan, estimate);
            return ExitCode.Done;
        }

        if (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }

        terminal.Error.WriteLine("samgpu: error: The run diverged within its first steps. Try a smaller --step-size.");
        return ExitCode.Diverged;
    }

    private static string? Demo(string key)
    {
        var known = ConfigurationKey.All.FirstOrDefault(candidate => candidate.Name == key);
        var configuration = Recipe.Load(Recipe.Default).Configuration;
        return known?.Get(configuration) is { } value ? RunText.Value(value) : null;
    }

    /// <summary>A word as a shell takes it.</summary>
    /// <param name="argument">The word.</param>
    public static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_=:./,+@%".Contains(letter, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
