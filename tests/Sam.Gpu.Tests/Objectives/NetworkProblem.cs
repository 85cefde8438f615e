using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>A network with a loss and examples on a device, looked at at one θ.</summary>
internal class NetworkProblem : IDisposable
{
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;

    /// <summary>Creates a problem.</summary>
    /// <param name="device">The device; the problem does not own it.</param>
    /// <param name="network">The network.</param>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="data">The examples.</param>
    /// <param name="chunk">The examples in a chunk.</param>
    /// <param name="memory">The memory of the objective: with 0, nothing is kept beyond a chunk.</param>
    public NetworkProblem(Device device, Network network, string loss, DataSet data, int? chunk = null, long memory = NetworkObjective.DefaultMemory)
    {
        Device = device;
        Network = network;
        Data = data;
        Theta = [.. DeviceNumbers.Normal(3, network.ParameterCount).Select(number => 0.7 * number)];
        Objective = new NetworkObjective(device, network, Loss.Parse(loss), data, chunk: chunk, memory: memory);
        parameters = device.Place(Theta, "parameters");
        gradient = device.Allocate(Theta.Length, "gradient");
        this.loss = device.Allocate(1, "loss");
    }

    public Device Device { get; }

    public int Examples => Data.Examples;

    public Network Network { get; }

    public DataSet Data { get; }

    /// <summary>θ at which the problem is looked at, [P].</summary>
    public double[] Theta { get; }

    public NetworkObjective Objective { get; }

    public double[] Gradient(double[] theta)
    {
        Device.Upload(theta.AsSpan(), parameters.Span);
        Objective.Gradient(parameters.Span, gradient.Span, loss.Span);
        return Device.Read(gradient.Span);
    }

    public double LossAt(double[] theta)
    {
        _ = Gradient(theta);
        return Device.Read(loss.Span)[0];
    }

    public Linearization Linearize()
    {
        Device.Upload(Theta.AsSpan(), parameters.Span);
        return Objective.Linearize(parameters.Span, gradient.Span, loss.Span);
    }

    /// <summary>Products with a block of directions [K, P] at θ.</summary>
    public double[] Products(double[] directions, bool isGaussNewton = false) => Products(Linearize(), directions, isGaussNewton);

    public double[] Products(Linearization linearization, double[] directions, bool isGaussNewton = false)
    {
        int count = directions.Length / Theta.Length;
        using var block = Device.Place(directions, "directions");
        using var products = Device.Allocate(directions.Length, "products");
        if (isGaussNewton)
        {
            linearization.GaussNewtonProducts(block.Span, products.Span, count);
        }
        else
        {
            linearization.HessianProducts(block.Span, products.Span, count);
        }

        return Device.Read(products.Span);
    }

    /// <summary>The whole matrix [P, P], from products with all unit directions in one block.</summary>
    public double[] Matrix(bool isGaussNewton = false)
    {
        double[] directions = new double[Theta.Length * Theta.Length];
        for (int i = 0; i < Theta.Length; i++)
        {
            directions[(i * Theta.Length) + i] = 1;
        }

        return Products(directions, isGaussNewton);
    }

    public void Dispose()
    {
        parameters.Dispose();
        gradient.Dispose();
        loss.Dispose();
        Objective.Dispose();
    }
}
