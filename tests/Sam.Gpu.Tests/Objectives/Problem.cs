using System.Globalization;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>A small network with a loss and random data on a device, and beside it the oracle with the same numbers.</summary>
internal sealed class Problem : IDisposable
{
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;

    /// <summary>Creates a problem.</summary>
    /// <param name="device">The device; the problem does not own it.</param>
    /// <param name="text">network activation loss inputs outputs examples, separated by blanks, such as <c>mlp:4-3 tanh mse 3 2 7</c>.</param>
    /// <param name="chunk">The examples in a chunk.</param>
    public Problem(Device device, string text, int? chunk = null)
    {
        string[] parts = text.Split(' ');
        int Number(int i) => int.Parse(parts[i], CultureInfo.InvariantCulture);
        Device = device;
        Activation = parts[1];
        (int inputs, int outputs, Examples) = (Number(3), Number(4), Number(5));
        Network = NetworkSpecification.Parse(parts[0]).Build(inputs, outputs, Activation);
        Inputs = DeviceNumbers.Normal(1, Examples * inputs);
        Data = MakeData(parts[2], inputs, outputs);
        Targets = new double[Examples * outputs];
        Data.Targets.CopyRows(0, Examples, Targets.AsSpan());
        Theta = [.. DeviceNumbers.Normal(3, Network.ParameterCount).Select(number => 0.7 * number)];
        var dense = Network.Layers.OfType<Dense>().ToArray();
        Reference = new ReferenceNetwork(
            [inputs, .. dense.Select(layer => layer.Outputs)], [.. dense.Select(layer => layer.Parameters.Count == 2)], Activation, parts[2]);
        Objective = new NetworkObjective(device, Network, Loss.Parse(parts[2]), Data, chunk: chunk);
        parameters = device.Place(Theta, "parameters");
        gradient = device.Allocate(Theta.Length, "gradient");
        loss = device.Allocate(1, "loss");
    }

    public Device Device { get; }

    public string Activation { get; }

    public int Examples { get; }

    public Network Network { get; }

    public DataSet Data { get; }

    public double[] Inputs { get; }

    public double[] Targets { get; }

    /// <summary>θ at which the problem is looked at, [P].</summary>
    public double[] Theta { get; }

    public ReferenceNetwork Reference { get; }

    public NetworkObjective Objective { get; }

    /// <summary>The largest step of a finite difference: tiny where a second derivative jumps, so that no jump lies in between.</summary>
    public double Step => Activation is "relu" or "hardtanh" or "elu" ? 1e-5 : 2e-3;

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

    private DataSet MakeData(string loss, int inputs, int outputs)
    {
        var matrix = ExampleMatrix.Dense(Inputs, Examples, inputs);
        if (loss == "cross-entropy")
        {
            var random = new RandomStream(2, "test");
            int[] labels = [.. Enumerable.Range(0, Examples).Select(_ => random.NextBelow(outputs))];
            return DataSet.ForClassification("random classes", matrix, labels, outputs);
        }

        double[] targets = DeviceNumbers.Normal(2, Examples * outputs);
        return DataSet.ForRegression("random targets", matrix, ExampleMatrix.Dense(targets, Examples, outputs));
    }
}
