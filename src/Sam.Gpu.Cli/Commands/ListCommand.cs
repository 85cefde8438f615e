using System.CommandLine;
using Sam.Gpu.Data;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu list</c>: the names that options take.</summary>
internal static class ListCommand
{
    private static readonly (string Name, Func<IReadOnlyList<string[]>> Rows)[] Lists =
    [
        ("recipes", () => [.. Recipe.BuiltIn.Select(recipe => (string[])[recipe.Name, recipe.Description])]),
        ("networks", () => Pairs(NetworkSpecification.List)),
        ("activations", () => Pairs(Activations.List)),
        ("losses", () => Pairs(Loss.List)),
        ("initializations", () => Pairs(Initialization.List)),
        ("optimizers", () => Pairs(OptimizerNames.List)),
        ("data", () => Pairs(DataSource.List)),
        ("keys", Keys),
    ];

    private static readonly CommandHelp Help = new()
    {
        Examples = [("samgpu list activations", "the names that --activation takes, with their formulas")],
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(Terminal terminal)
    {
        string names = string.Join(", ", Lists.Select(list => list.Name));
        var kind = new Argument<string?>("KIND") { Arity = ArgumentArity.ZeroOrOne, Description = $"one of {names}" };
        var command = new DocumentedCommand("list", $"Lists the names that options take: {names}.", Help) { kind };
        command.SetAction(result => Run(result.GetValue(kind), terminal));
        return command;
    }

    private static int Run(string? kind, Terminal terminal)
    {
        if (kind is null)
        {
            throw new UsageException($"samgpu list needs to know what to list. Give one of {string.Join(", ", Lists.Select(list => list.Name))}.");
        }

        var list = Array.Find(Lists, list => list.Name == kind);
        if (list.Name is null)
        {
            throw Suggestions.Unknown("list", kind, Lists.Select(known => known.Name));
        }

        TextTable.Write(terminal.Out, list.Rows());
        return ExitCode.Done;
    }

    private static IReadOnlyList<string[]> Pairs(IReadOnlyList<(string Name, string Description)> rows) =>
        [.. rows.Select(row => (string[])[row.Name, row.Description])];

    private static IReadOnlyList<string[]> Keys()
    {
        var defaults = new RunConfiguration();
        return
        [
            .. ConfigurationKey.All.Select(
                key => (string[])[key.Name, key.Placeholder, Display.RunText.Value(key.Get(defaults)), key.Description]),
        ];
    }
}
