using Sam.Gpu.Devices;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Experiments;

/// <summary>A run as it is asked for.</summary>
public sealed record RunRequest
{
    /// <summary>The name of the recipe.</summary>
    public required string Name { get; init; }

    /// <summary>The configuration.</summary>
    public required RunConfiguration Configuration { get; init; }

    /// <summary>The folder that data sets lie in.</summary>
    public required string DataRoot { get; init; }

    /// <summary>The devices to choose from.</summary>
    public DeviceCatalog Devices { get; init; } = new([]);

    /// <summary>The folder to make for the run's files; null is the first free one of <c>runs/NAME</c>, <c>runs/NAME-2</c>, ….</summary>
    public string? Output { get; init; }

    /// <summary>Writes the figures, one file a figure and exporter; empty for none. Default SVG.</summary>
    public IReadOnlyList<IFigureExporter> Figures { get; init; } = FigureFolder.Default;

    /// <summary>The run to continue, in its folder; null begins one.</summary>
    public ResumedRun? Resume { get; init; }

    /// <summary>Whether to leave a checkpoint from which the run can be continued. Default true.</summary>
    public bool LeavesCheckpoint { get; init; } = true;

    /// <summary>The command line, for the record.</summary>
    public string CommandLine { get; init; } = "";
}
