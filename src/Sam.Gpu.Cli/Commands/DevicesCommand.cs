using System.CommandLine;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu devices</c>: what there is to compute with, and what keeps other devices away.</summary>
internal static class DevicesCommand
{
    private static readonly CommandHelp Help = new()
    {
        Examples = [("samgpu devices", "name, kind, memory and driver of each device, and what is missing")],
        Notes =
        [
            "--device of run, evaluate and check takes the names of the first column. auto is the first CUDA device, else the first GPU of "
            + "OpenCL, else cpu. A device that is named never stands for another: where it is not there, the command ends with exit code 4.",
            "ilgpu-cpu runs the kernels of GPUs on the processor, one number at a time. It is for checks, and slower by orders of magnitude.",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(DeviceCatalog devices, Terminal terminal)
    {
        var command = new DocumentedCommand("devices", "Shows the devices that runs can use.", Help);
        command.SetAction(_ => Run(devices, terminal.Out));
        return command;
    }

    private static int Run(DeviceCatalog devices, TextWriter writer)
    {
        foreach (var device in devices.List())
        {
            double memory = device.Memory / (double)(1L << 30);
            writer.WriteLine(device.Id);
            TextTable.Write(
                writer,
                [
                    ["name", device.Name],
                    ["kind", Kind(device.Kind)],
                    ["memory", $"{Numbers.Short(memory)} GiB"],
                    ["driver", device.Driver],
                    ["precision", device.SupportsDouble ? "float, double" : "float"],
                ],
                "  ");
        }

        writer.WriteLine($"auto is {devices.Find("auto").Id}");
        var absent = devices.Providers.Where(provider => provider.Missing is null).SelectMany(provider => provider.Kinds)
            .Except(devices.List().Select(device => device.Kind)).Select(Kind).ToList();
        if (absent.Count > 0)
        {
            writer.WriteLine($"not found: {string.Join(", ", absent)}; docs/devices.md says what each needs installed.");
        }

        foreach (string missing in OptionalPackages.Missing)
        {
            writer.WriteLine($"missing: {missing}.");
        }

        return ExitCode.Done;
    }

    private static string Kind(DeviceKind kind) => kind switch
    {
        DeviceKind.Cpu => "processor",
        DeviceKind.Cuda => "GPU through CUDA",
        DeviceKind.OpenClGpu => "GPU through OpenCL",
        DeviceKind.OpenClOther => "another device through OpenCL",
        _ => "ILGPU's CPU accelerator, for checks",
    };
}
