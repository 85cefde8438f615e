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

    /// <summary>A pass over memory, against a copy of the same footprint.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="precision">The numbers it computes with.</param>
    /// <param name="moved">The numbers that a call reads and writes at least; one that is updated in place counts twice.</param>
    /// <param name="prepare">Makes, on a device, what is to be called.</param>
    /// <param name="isMemoryBound">Whether memory can be what limits it.</param>
    /// <param name="inPlace">The numbers among them that are updated in place: they count once in the footprint.</param>
    public static Case Pass(
        string name, Precision precision, long moved, Func<Operands, Action> prepare, bool isMemoryBound = true, long inPlace = 0)
    {
        int size = precision == Precision.Double ? sizeof(double) : sizeof(float);
        int half = (int)((moved - inPlace) / 2);
        return new Case
        {
            Name = name,
            Precision = precision,
            Kind = CaseKind.Pass,
            Work = (double)moved * size,
            CeilingWork = 2.0 * half * size,
            IsMemoryBound = isMemoryBound,
            Prepare = operands =>
            {
                var own = prepare(operands);
                var (x, y) = (operands.Span(half), operands.Span(half));
                return (own, () => operands.Device.Execute(new CopyOperation(x, y)));
            },
        };
    }
}
