namespace Sam.Gpu.Cli.Tests;

/// <summary>How a command ended and what it wrote.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error);
