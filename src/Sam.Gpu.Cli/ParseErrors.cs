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
        return FindOption(result, command) ?? FindStray(result, command) ?? FindMissing(result, command)
            ?? (result.Errors.Count > 0 ? new UsageException(result.Errors[0].Message) : null);
    }

    // An option that takes a value takes the next word, even if that is an option.
    private static UsageException? FindOption(ParseResult result, Command command)
    {
        string[] known = [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name))];
        foreach (var option in result.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit))
        {
            string name = option.Option.Name;
            int limit = option.Option.Arity.MaximumNumberOfValues;
            if (option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues || option.Tokens.Any(token => known.Contains(token.Value)))
            {
                return new UsageException($"{name} needs a value: {option.Option.Description}.");
            }

            if (option.Tokens.Count > limit)
            {
                return new UsageException(
                    $"{name} is given {option.Tokens.Count} times ({string.Join(", ", option.Tokens.Select(token => token.Value))}). Give it once.");
            }
        }

        return null;
    }

    // An unknown option is taken for an argument as long as there is place for one.
    private static UsageException? FindStray(ParseResult result, Command command)
    {
        bool hasEndOfOptions = result.Tokens.Any(token => token.Type == TokenType.DoubleDash);
        var arguments = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(child => child.Tokens).Select(token => token.Value);
        string? unknown = arguments.Where(_ => !hasEndOfOptions).Concat(result.UnmatchedTokens)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-');
        if (command.Subcommands.Count > 0 && result.UnmatchedTokens is [var first, ..] && first != unknown)
        {
            return Suggestions.Unknown("command", first, command.Subcommands.Select(subcommand => subcommand.Name));
        }

        if (unknown is not null)
        {
            string option = unknown.Split('=')[0];
            string? nearest = Suggestions.Nearest(option, command.Options.Select(known => known.Name).Append("--help"));
            return new UsageException($"Unknown option '{option}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}");
        }

        return result.UnmatchedTokens is [var extra, ..]
            ? new UsageException($"'{extra}' is one argument too many. Give it behind the option that it belongs to.")
            : null;
    }

    private static UsageException? FindMissing(ParseResult result, Command command)
    {
        string[] missing =
        [
            .. command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is not { Tokens.Count: > 0 })
                .Select(argument => argument.Name),
            .. command.Options.Where(option => option.Required && result.GetResult(option) is not { Implicit: false }).Select(option => option.Name),
        ];
        return missing.Length == 0 ? null : new UsageException($"{HelpText.FullName(command)} needs {string.Join(", ", missing)} as well.");
    }
}
