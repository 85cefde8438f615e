using System.CommandLine;
using System.CommandLine.Invocation;

namespace Sam.Gpu.Cli;

/// <summary>What <c>--help</c> does.</summary>
internal sealed class HelpAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        HelpText.Write(parseResult.CommandResult.Command, terminal);
        return ExitCode.Done;
    }
}
