using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Benchmarks.Scale;

/// <summary>What a point allocates on a device, the planning one or a real one.</summary>
internal sealed class ScaleMemory : IDisposable
{
    private readonly DeviceMemory[] vectors;

    /// <summary>Allocates it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="network">The network.</param>
    /// <param name="data">The examples.</param>
    /// <param name="directions">K.</param>
    public ScaleMemory(Device device, Network network, DataSet data, int directions)
    {
        int count = network.ParameterCount;
        Objective = new NetworkObjective(device, network, new HalfSquaredError(), data);
        Objective.Reserve(directions);
        vectors =
        [
            device.Allocate(count, "parameters"), device.Allocate(count, "gradient"), device.Allocate(1, "loss"),
            device.Allocate(checked(directions * count), "directions"), device.Allocate(checked(directions * count), "products"),
        ];
    }

    /// <summary>The objective.</summary>
    public NetworkObjective Objective { get; }

    /// <summary>θ, [P].</summary>
    public DeviceSpan Parameters => vectors[0].Span;

    /// <summary>[P].</summary>
    public DeviceSpan Gradient => vectors[1].Span;

    /// <summary>[1].</summary>
    public DeviceSpan Loss => vectors[2].Span;

    /// <summary>[K, P].</summary>
    public DeviceSpan Directions => vectors[3].Span;

    /// <summary>[K, P].</summary>
    public DeviceSpan Products => vectors[4].Span;

    public void Dispose()
    {
        Objective.Dispose();
        foreach (var vector in vectors)
        {
            vector.Dispose();
        }
    }
}
