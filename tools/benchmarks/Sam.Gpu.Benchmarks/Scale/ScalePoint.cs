using System.Text.Json.Nodes;

namespace Sam.Gpu.Benchmarks.Scale;

/// <summary>A size of work, and what it took. Of a sweep one of the three sizes grows.</summary>
/// <param name="Sweep">The name of the sweep.</param>
/// <param name="Examples">N.</param>
/// <param name="Width">The width of both hidden layers.</param>
/// <param name="Directions">K, the directions of a block.</param>
internal sealed record ScalePoint(string Sweep, int Examples, int Width, int Directions)
{
    /// <summary>The sweep over examples.</summary>
    public const string ExamplesSweep = "examples";

    /// <summary>The sweep over the width.</summary>
    public const string WidthSweep = "width";

    /// <summary>The sweep over the size of a block.</summary>
    public const string BlockSweep = "block";

    /// <summary>All points, sweep by sweep.</summary>
    public static IReadOnlyList<ScalePoint> All { get; } =
    [
        .. from examples in (int[])[1000, 2000, 5000, 10_000, 20_000, 40_000, 60_000] select new ScalePoint(ExamplesSweep, examples, 200, 8),
        .. from width in (int[])[100, 200, 400, 1000, 2000, 4000] select new ScalePoint(WidthSweep, 1000, width, 8),
        .. from directions in (int[])[1, 2, 4, 8, 16, 32, 64] select new ScalePoint(BlockSweep, 5000, 200, directions),
    ];

    /// <summary>The size that grows.</summary>
    public int Size => Sweep switch { ExamplesSweep => Examples, WidthSweep => Width, _ => Directions };

    /// <summary>Seconds of a gradient, the fastest repetition.</summary>
    public double GradientSeconds { get; init; }

    /// <summary>Seconds of the products of a block after a gradient, the fastest repetition.</summary>
    public double BlockSeconds { get; init; }

    /// <summary>The operations that the products of a gradient need at least, 2 for a multiplication and an addition.</summary>
    public double GradientFloor { get; init; }

    /// <summary>The operations that the products of a block need at least.</summary>
    public double BlockFloor { get; init; }

    /// <summary>The bytes that were planned.</summary>
    public double PlannedBytes { get; init; }

    /// <summary>The bytes that the process grew by; NaN where the system does not tell.</summary>
    public double MeasuredBytes { get; init; }

    /// <summary>The point for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["sweep"] = Sweep,
        ["examples"] = Examples,
        ["width"] = Width,
        ["directions"] = Directions,
        ["gradientSeconds"] = GradientSeconds,
        ["blockSeconds"] = BlockSeconds,
        ["gradientFloorOperations"] = GradientFloor,
        ["blockFloorOperations"] = BlockFloor,
        ["plannedBytes"] = PlannedBytes,
        ["measuredBytes"] = double.IsNaN(MeasuredBytes) ? null : MeasuredBytes,
    };
}
