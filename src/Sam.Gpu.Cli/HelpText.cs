using System.CommandLine;
using System.CommandLine.Help;

namespace Sam.Gpu.Cli;

/// <summary>The help of a command: what it does, its words, what they mean and are if left out, examples.</summary>
internal static class HelpText
{
    private const string Indent = "  ";
    private const string Gap = "  ";
    private const int WidestTerm = 26;

    /// <summary>Writes the help of a command.</summary>
    public static void Write(Command command, Terminal terminal)
    {
        var help = command as DocumentedCommand;
        var writer = terminal.Out;
        int width = terminal.TextWidth;
        Paragraph(writer, command.Description ?? "", width);
        writer.WriteLine();
        writer.WriteLine("Usage:");
        string arguments = string.Concat(command.Arguments.Select(argument => " " + Usage(argument)));
        writer.WriteLine($"{Indent}{FullName(command)}{(command.Subcommands.Count > 0 ? " COMMAND" : arguments)} [options]");
        Table(writer, "Commands:", [.. command.Subcommands.Select(known => (known.Name, FirstSentence(known.Description)))], width);
        Table(writer, "Arguments:", [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))], width);
        Table(
            writer, "Options:",
            [
                .. command.Options.Select(option => (Term(option), Meaning(option, help?.Help))),
                .. command is RootCommand ? [] : new[] { ("-h, --help", "show help") },
            ],
            width);
        if (help is not null)
        {
            writer.WriteLine();
            writer.WriteLine(help.Help.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var (line, meaning) in help.Help.Examples)
            {
                Paragraph(writer, line, width, Indent);
                Paragraph(writer, meaning, width, Indent + Indent + Indent);
            }

            foreach (string note in help.Help.Notes)
            {
                writer.WriteLine();
                Paragraph(writer, note, width);
            }
        }
        else if (command.Subcommands.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine($"{FullName(command)} COMMAND --help tells more about a command.");
        }
    }

    /// <summary>The command with those it is part of.</summary>
    public static string FullName(Command command) =>
        command is RootCommand ? "samgpu" : $"{FullName((Command)command.Parents.First())} {command.Name}";

    /// <summary>Lines of whole words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The columns that a line may take; a longer word stands alone.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        yield return line;
    }

    private static void Paragraph(TextWriter writer, string text, int width, string indent = "")
    {
        foreach (string line in Wrap(text, width - indent.Length))
        {
            writer.WriteLine(indent + line);
        }
    }

    private static void Table(TextWriter writer, string title, IReadOnlyList<(string Term, string Meaning)> rows, int width)
    {
        if (rows.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine(title);
        int column = Math.Min(WidestTerm, rows.Max(row => row.Term.Length));
        string indent = new(' ', Indent.Length + column + Gap.Length);
        foreach (var (term, meaning) in rows)
        {
            bool fits = term.Length <= column;
            if (!fits)
            {
                writer.WriteLine(Indent + term);
            }

            string begin = fits ? Indent + term.PadRight(column) + Gap : indent;
            foreach (string line in Wrap(meaning, width - indent.Length))
            {
                writer.WriteLine((begin + line).TrimEnd());
                begin = indent;
            }
        }
    }

    private static string Usage(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Term(Option option)
    {
        // The question mark is an alias of help that only Windows knows.
        string[] aliases = [.. option.Aliases.Where(alias => alias.Length == 2 && alias is ['-', not '?'])];
        string names = string.Join(", ", aliases.Append(option.Name));
        return option is HelpOption or VersionOption or Option<bool> ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static string Meaning(Option option, CommandHelp? help) =>
        option.Description + (help?.Default(option.Name) is { } value ? $" [{value}]" : "") + (option.Required ? " (required)" : "");

    private static string FirstSentence(string? text) => (text ?? "").Split(". ")[0].TrimEnd('.');
}
