using System.CommandLine;
using Sam.Gpu.Benchmarks.Kernels;
using Sam.Gpu.Benchmarks.Optimizers;
using Sam.Gpu.Benchmarks.Peers;
using Sam.Gpu.Benchmarks.Scale;
using Sam.Gpu.Cli;

namespace Sam.Gpu.Benchmarks;

/// <summary>The process behind <c>tools/bench</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var root = new RootCommand("The benchmarks of Sam.Gpu.")
        {
            PeersCommand.Create(), KernelsCommand.Create(), OptimizersCommand.Create(), ScaleCommand.Create(),
        };
        try
        {
            var result = root.Parse(args);
            if (ParseErrors.Find(result) is { } error)
            {
                throw error;
            }

            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (SamGpuException exception)
        {
            Console.Error.WriteLine($"bench: error: {exception.Message}");
            if (exception is UsageException)
            {
                Console.Error.WriteLine("see tools/bench --help");
            }

            return exception.ExitCode;
        }
    }
}
