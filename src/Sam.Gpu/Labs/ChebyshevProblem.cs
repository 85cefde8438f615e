using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Labs;

/// <summary>The network of the recipe chebyshev before training, for labs that take its steps themselves.</summary>
internal sealed class ChebyshevProblem : IDisposable
{
    private readonly DeviceMemory parameters;

    /// <summary>Draws the network.</summary>
    /// <param name="device">The device.</param>
    /// <param name="seed">The seed of the initialization.</param>
    public ChebyshevProblem(Device device, ulong seed)
    {
        var configuration = Recipe.Load("chebyshev").Configuration;
        var data = DataSource.Parse(configuration.Data, ".");
        var network = NetworkSpecification.Parse(configuration.Network).Build(data.InputShape, data.Outputs, configuration.Activation);
        Objective = new NetworkObjective(device, network, Loss.Parse(configuration.Loss), data);
        parameters = device.Allocate(network.ParameterCount, "parameters");
        device.Upload(Initialization.Parse(configuration.Initialization).Draw(network, seed), parameters.Span);
    }

    /// <summary>The loss of the network.</summary>
    public NetworkObjective Objective { get; }

    /// <summary>θ, [P].</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        parameters.Dispose();
        Objective.Dispose();
    }
}
