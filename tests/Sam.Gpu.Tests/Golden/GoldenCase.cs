using System.Text.Json;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Tests.Data;

namespace Sam.Gpu.Tests.Golden;

/// <summary>A network with parameters, examples and what PyTorch in double says of them; tools/golden.py describes the arrays.</summary>
internal sealed class GoldenCase(JsonElement description, IReadOnlyDictionary<string, NumpyArray> arrays)
{
    public JsonElement Description => description;

    public IReadOnlyDictionary<string, NumpyArray> Arrays => arrays;

    public double[] this[string name] =>
        arrays.TryGetValue(name, out var array) ? array.ToDoubles() : throw GoldenData.Stale($"{Text("file")} has no array '{name}'");

    /// <summary>Writes the parameters, examples and directions to files as Python users would, and asks for all of it.</summary>
    public EvaluationRequest Request(TemporaryFolder folder, string output, Precision precision = Precision.Double)
    {
        Write("parameters/", folder["P.npz"]);
        Write("inputs/", folder["D.npz"]);
        Write("directions/", folder["V.npz"]);
        return new EvaluationRequest
        {
            Network = Text("network"),
            Activation = Text("activation"),
            Loss = Text("loss"),
            Parameters = folder["P.npz"],
            Inputs = folder["D.npz"],
            Directions = folder["V.npz"],
            Precision = precision,
            Threads = 2,
            Output = folder[output],
        };
    }

    /// <summary>The objective of the case on a device, and its parameters.</summary>
    public (NetworkObjective Objective, Network Network, double[] Parameters) Bind(Device device, TemporaryFolder folder)
    {
        Write("parameters/", folder["P.npz"]);
        Write("inputs/", folder["D.npz"]);
        using var archive = NumpyArchive.Open(folder["P.npz"]);
        var specification = NetworkSpecification.Parse(Text("network"));
        var network = ParameterArrays.BuildNetwork(
            archive, folder["P.npz"], specification, Text("activation"), () => NpzDataSet.ReadInputShape(folder["D.npz"]));
        var data = specification.SequenceLength is { } length
            ? NpzDataSet.LoadSequences(folder["D.npz"], length, network.Outputs / length)
            : NpzDataSet.Load(folder["D.npz"], network.Outputs);
        return (
            new NetworkObjective(device, network, Loss.Parse(Text("loss")), data), network,
            ParameterArrays.ReadParameters(archive, folder["P.npz"], network));
    }

    private string Text(string key) => description.GetProperty(key).GetString()!;

    private void Write(string prefix, string path) =>
        NumpyArchive.Write(
            path,
            arrays.Where(array => array.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(array => KeyValuePair.Create(array.Key[prefix.Length..], array.Value)));
}
