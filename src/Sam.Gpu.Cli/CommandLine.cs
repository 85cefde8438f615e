using System.CommandLine;
using System.CommandLine.Help;
using Sam.Gpu.Cli.Commands;
using Sam.Gpu.Devices;
using Sam.Gpu.Ilgpu;

namespace Sam.Gpu.Cli;

/// <summary>The command line: reads the arguments, runs the command, and turns what goes wrong into a message and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            var result = CreateRoot(arguments, terminal).Parse(arguments);
            if (ParseErrors.Find(result) is { } error)
            {
                WriteError(terminal, error);
                terminal.Error.WriteLine($"see {HelpText.FullName(result.CommandResult.Command)} --help");
                return error.ExitCode;
            }

            return result.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (SamGpuException exception)
        {
            WriteError(terminal, exception);
            return exception.ExitCode;
        }
        catch (OutOfMemoryException)
        {
            terminal.Error.WriteLine(
                "samgpu: error: There is not enough memory. Give fewer --examples, a smaller --network, fewer --eigenvalues or a smaller --chunk.");
            return ExitCode.Device;
        }
#pragma warning disable CA1031 // The last stop of every bug: nothing above this frame can say more about it than the message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine($"samgpu: internal error: {exception.GetType().Name}: {exception.Message}");
            terminal.Error.WriteLine(
                terminal.ShowsTrace ? exception.ToString() : "This is a bug in samgpu. SAMGPU_TRACE=1 in the environment shows where it is.");
            return ExitCode.Internal;
        }
    }

    private static void WriteError(Terminal terminal, SamGpuException exception) =>
        terminal.Error.WriteLine($"samgpu: error: {exception.Message}");

    private static RootCommand CreateRoot(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var devices = new DeviceCatalog(new IlgpuProvider());
        var root = new RootCommand(
            "Trains networks with and without sharpness-aware minimization (SAM) and measures the top of the Hessian's spectrum "
            + "against the edge of stability.")
        {
            RunCommand.Create(arguments, devices, terminal),
            VerifyCommand.Create(arguments, devices, terminal),
            PlotCommand.Create(terminal),
            CompareCommand.Create(terminal),
            EvaluateCommand.Create(devices, terminal),
            SpectrumCommand.Create(arguments, devices, terminal),
            LabCommand.Create(arguments, devices, terminal),
            ListCommand.Create(terminal),
            DevicesCommand.Create(devices, terminal),
            CheckCommand.Create(devices, terminal),
        };
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption:
                    option.Description = "show help";
                    option.Action = new HelpAction(terminal);
                    break;
                case VersionOption:
                    option.Description = "show the version and the commit";
                    option.Action = new VersionAction(terminal);
                    break;
            }
        }

        root.SetAction(_ => HelpText.Write(root, terminal));
        return root;
    }
}
