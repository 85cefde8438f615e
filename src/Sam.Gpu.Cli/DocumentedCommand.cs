using System.CommandLine;

namespace Sam.Gpu.Cli;

/// <summary>A command with examples in its help.</summary>
/// <param name="name">The name.</param>
/// <param name="description">What it does: a sentence, then more.</param>
/// <param name="help">What else its help says.</param>
internal sealed class DocumentedCommand(string name, string description, CommandHelp help) : Command(name, description)
{
    /// <summary>What its help says beside its options.</summary>
    public CommandHelp Help => help;
}
