using System.CommandLine;
using System.CommandLine.Invocation;

namespace Sam.Gpu.Cli;

/// <summary>What <c>--version</c> does.</summary>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        terminal.Out.WriteLine($"samgpu {Experiments.Version.Number} ({Experiments.Version.Commit})");
        return ExitCode.Done;
    }
}
