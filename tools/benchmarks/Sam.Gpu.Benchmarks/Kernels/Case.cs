using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>What is timed, with the ceiling that it is held against.</summary>
internal sealed class Case
{
    /// <summary>The name shown.</summary>
    public required string Name { get; init; }

    /// <summary>The numbers it computes with.</summary>
    public required Precision Precision { get; init; }

    /// <summary>What kind of work it is, which decides the unit and the ceiling.</summary>
    public required CaseKind Kind { get; init; }

    /// <summary>The work of a call: operations, a multiplication and an addition counted as 2, or bytes read and written.</summary>
    public required double Work { get; init; }

    /// <summary>The work of a call of the ceiling, in the same unit.</summary>
    public required double CeilingWork { get; init; }

    /// <summary>Whether memory can be what limits it; else the ratio to a copy says nothing about what is left to gain.</summary>
    public bool IsMemoryBound { get; init; } = true;

    /// <summary>Makes, on a device, what is to be called, and its ceiling or null where there is none.</summary>
    public required Func<Operands, (Action Own, Action? Ceiling)> Prepare { get; init; }
}
