namespace Sam.Gpu.Cli;

/// <summary>The process <c>samgpu</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        FileSizeLimit.Watch();
        return CommandLine.Run(args, Terminal.OfProcess());
    }
}
