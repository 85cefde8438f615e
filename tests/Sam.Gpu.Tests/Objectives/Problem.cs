using System.Globalization;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>A small network with a loss and random data on a device, and beside it the oracle with the same numbers.</summary>
internal sealed class Problem : NetworkProblem
{
    /// <summary>Creates a problem.</summary>
    /// <param name="device">The device; the problem does not own it.</param>
    /// <param name="text">network activation loss inputs outputs examples, separated by blanks, such as <c>mlp:4-3 tanh mse 3 2 7</c>.</param>
    /// <param name="chunk">The examples in a chunk.</param>
    /// <param name="memory">The memory of the objective: with 0, nothing is kept beyond a chunk.</param>
    public Problem(Device device, string text, int? chunk = null, long memory = NetworkObjective.DefaultMemory)
        : this(device, text.Split(' '), chunk, memory)
    {
    }

    private Problem(Device device, string[] parts, int? chunk, long memory)
        : base(device, NetworkSpecification.Parse(parts[0]).Build(Number(parts[3]), Number(parts[4]), parts[1]), parts[2], MakeData(parts),
            chunk, memory)
    {
        Activation = parts[1];
        Inputs = new double[Examples * Network.Inputs];
        Data.Inputs.CopyRows(0, Examples, Inputs.AsSpan());
        Targets = new double[Examples * Network.Outputs];
        Data.Targets.CopyRows(0, Examples, Targets.AsSpan());
        var dense = Network.Layers.OfType<Dense>().ToArray();
        Reference = new ReferenceNetwork(
            [Network.Inputs, .. dense.Select(layer => layer.Outputs)], [.. dense.Select(layer => layer.Parameters.Count == 2)], Activation, parts[2]);
    }

    public string Activation { get; }

    public double[] Inputs { get; }

    public double[] Targets { get; }

    public ReferenceNetwork Reference { get; }

    /// <summary>The largest step of a finite difference: tiny where a second derivative jumps, so that no jump lies in between.</summary>
    public double Step => Activation is "relu" or "hardtanh" or "elu" ? 1e-5 : 2e-3;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DataSet MakeData(string[] parts)
    {
        (int inputs, int outputs, int examples) = (Number(parts[3]), Number(parts[4]), Number(parts[5]));
        var matrix = ExampleMatrix.Dense(DeviceNumbers.Normal(1, examples * inputs), examples, inputs);
        if (parts[2] == "cross-entropy")
        {
            var random = new RandomStream(2, "test");
            int[] labels = [.. Enumerable.Range(0, examples).Select(_ => random.NextBelow(outputs))];
            return DataSet.ForClassification("random classes", matrix, labels, outputs);
        }

        double[] targets = DeviceNumbers.Normal(2, examples * outputs);
        return DataSet.ForRegression("random targets", matrix, ExampleMatrix.Dense(targets, examples, outputs));
    }
}
