using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>What passes 1 and 2 have stored of one layer, for a chunk of N examples.</summary>
/// <remarks>A span is empty where the layer below needs nothing: the input of the network has no gradient and no tangent.</remarks>
public readonly struct LayerState
{
    /// <summary>The device.</summary>
    public required Device Device { get; init; }

    /// <summary>N, the examples in the chunk.</summary>
    public required int Examples { get; init; }

    /// <summary>The layer's slice of θ.</summary>
    public required DeviceSpan Parameters { get; init; }

    /// <summary>The layer's input, [N, inputs].</summary>
    public required DeviceSpan Input { get; init; }

    /// <summary>The input of the outermost network, such as the tokens that tell a layer above what is padding.</summary>
    public DeviceSpan Source { get; init; }

    /// <summary>The layer's output, [N, outputs].</summary>
    public required DeviceSpan Output { get; init; }

    /// <summary>The gradient with respect to the output, [N, outputs]; valid after the pass 2 of the layer above.</summary>
    public required DeviceSpan OutputGradient { get; init; }

    /// <summary>What passes 1 and 2 leave for later, N times <see cref="Layer.MemorySize"/>.</summary>
    public DeviceSpan Memory { get; init; }

    /// <summary>Memory for the inside of a pass: at least <see cref="Layer.Workspace"/>. What it holds before and after is not defined.</summary>
    public DeviceSpan Workspace { get; init; }
}
