using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sam.Gpu.Cli;

/// <summary>What is wrong with the words of a command line, before any of their values is looked at.</summary>
internal static class ParseErrors
{
    /// <summary>The first error, or null if there is none.</summary>
    /// <param name="result">The command line as it was read.</param>
    public static UsageException? Find(ParseResult result)
    {
        if (result.Action is HelpAction or VersionAction)
        {
            return null;
        }

        var command = result.CommandResult.Command;
        return FindStray(result, command) ?? FindMissing(result, command) ?? FindOption(result)
            ?? (result.Errors.Count > 0 ? new UsageException(result.Errors[0].Message) : null);
    }

    // An unknown option is taken for an argument as long as there is place for one.
    private static UsageException? FindStray(ParseResult result, Command command)
    {
        bool hasEndOfOptions = result.Tokens.Any(token => token.Type == TokenType.DoubleDash);
        string[] arguments = [.. result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(child => child.Tokens).Select(token => token.Value)];
        foreach (string word in hasEndOfOptions ? result.UnmatchedTokens : [.. arguments, .. result.UnmatchedTokens])
        {
            if (word.Length > 1 && word[0] == '-')
            {
                string option = word.Split('=')[0];
                string? nearest = Suggestions.Nearest(option, command.Options.Select(known => known.Name).Append("--help"));
                return new UsageException($"Unknown option '{option}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}");
            }

            if (!arguments.Contains(word))
            {
                return command.Subcommands.Count > 0
                    ? Suggestions.Unknown("command", word, command.Subcommands.Select(known => known.Name))
                    : new UsageException($"'{word}' is one argument too many. Give it behind the option that it belongs to.");
            }
        }

        return null;
    }

    private static UsageException? FindMissing(ParseResult result, Command command)
    {
        string[] missing = [.. command.Options.Where(option => option.Required && result.GetResult(option) is not { Implicit: false }).Select(option => option.Name)];
        return missing.Length == 0 ? null : new UsageException($"{HelpText.FullName(command)} needs {string.Join(", ", missing)} as well.");
    }

    private static UsageException? FindOption(ParseResult result)
    {
        foreach (var error in result.Errors)
        {
            if (error.SymbolResult is OptionResult option)
            {
                string name = option.Option.Name;
                return option.Tokens.Count switch
                {
                    0 => new UsageException($"{name} needs a value: {option.Option.Description}."),
                    > 1 => new UsageException(
                        $"{name} is given {option.Tokens.Count} times ({string.Join(", ", option.Tokens.Select(token => token.Value))}). Give it once."),
                    _ => new UsageException($"{name}: {error.Message}"),
                };
            }
        }

        return null;
    }
}
