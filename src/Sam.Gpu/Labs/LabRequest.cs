using Sam.Gpu.Devices;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Labs;

/// <summary>How a lab is to be run.</summary>
public sealed record LabRequest
{
    /// <summary>The folder that data sets lie in.</summary>
    public required string DataRoot { get; init; }

    /// <summary>The devices to choose from.</summary>
    public DeviceCatalog Devices { get; init; } = new([]);

    /// <summary>The device, as <see cref="DeviceCatalog.Find"/> reads it. Labs are small: a CPU is the default.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The threads of a CPU; 0 is one a core.</summary>
    public int Threads { get; init; }

    /// <summary>The folder to make; null is the first free one of <c>runs/lab-NAME</c>, <c>runs/lab-NAME-2</c>, ….</summary>
    public string? Output { get; init; }

    /// <summary>Writes the figures, one file a figure and exporter; empty for none. Default SVG.</summary>
    public IReadOnlyList<IFigureExporter> Figures { get; init; } = FigureFolder.Default;

    /// <summary>Hears what the lab is at.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>The command line, for the record.</summary>
    public string CommandLine { get; init; } = "";
}
