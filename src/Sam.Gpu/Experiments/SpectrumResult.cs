using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>What a measurement of the spectrum found; all of it is in the files that were written.</summary>
public sealed record SpectrumResult
{
    /// <summary>The name of the run, or of the file of the parameters.</summary>
    public required string Name { get; init; }

    /// <summary>The matrix.</summary>
    public required CurvatureMatrix Matrix { get; init; }

    /// <summary>The loss function.</summary>
    public required string LossName { get; init; }

    /// <summary>N, the examples in the mean.</summary>
    public required int Examples { get; init; }

    /// <summary>P.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>The precision.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The loss.</summary>
    public required double Loss { get; init; }

    /// <summary>The Euclidean norm of its gradient.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>ρ of the ascent; 0 without one.</summary>
    public required double Rho { get; init; }

    /// <summary>The norm of SAM's gradient; NaN without an ascent.</summary>
    public required double SamGradientNorm { get; init; }

    /// <summary>The edge of stability of the run's base step, such as 2/η; NaN where there is no run.</summary>
    public required double BaseEdge { get; init; }

    /// <summary>The edge of SAM at this gradient norm; NaN without an ascent or a run.</summary>
    public required double SamEdge { get; init; }

    /// <summary>The blocks, in the order that they were asked for.</summary>
    public required IReadOnlyList<SpectrumBlock> Blocks { get; init; }

    /// <summary>The folder with the files.</summary>
    public required string Folder { get; init; }
}
