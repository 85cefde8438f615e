using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>What pass 3 has stored of one layer: derivatives in K directions of parameter space at once.</summary>
public readonly struct LayerTangent
{
    /// <summary>K, the directions.</summary>
    public required int Directions { get; init; }

    /// <summary>The layer's slice of the directions, R{θ}.</summary>
    public required ParameterBlock Parameters { get; init; }

    /// <summary>R{input}, [K, N, inputs]; empty where the input does not depend on θ.</summary>
    public required DeviceSpan Input { get; init; }

    /// <summary>R{output}, [K, N, outputs].</summary>
    public required DeviceSpan Output { get; init; }

    /// <summary>What pass 3 leaves for pass 4, K times N times <see cref="Layer.TangentMemorySize"/>.</summary>
    public DeviceSpan Memory { get; init; }
}
