using System.CommandLine;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu devices</c>: what there is to compute with.</summary>
internal static class DevicesCommand
{
    private static readonly CommandHelp Help = new()
    {
        Examples = [("samgpu devices", "the processor, its threads, the width of its vectors, its memory")],
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new DocumentedCommand("devices", "Shows the devices that runs can use.", Help);
        command.SetAction(_ => Run(terminal.Out));
        return command;
    }

    private static int Run(TextWriter writer)
    {
        using var device = CpuDevice.Create(Precision.Float);
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        writer.WriteLine("cpu");
        TextTable.Write(
            writer,
            [
                ["processor", CpuProvider.ProcessorName()],
                ["device", device.Name],
                ["memory", $"{Numbers.Short(memory)} GiB"],
                ["precision", "float, double"],
            ],
            "  ");
        foreach (string missing in OptionalPackages.Missing)
        {
            writer.WriteLine();
            writer.WriteLine($"missing: {missing}.");
        }

        return ExitCode.Done;
    }
}
