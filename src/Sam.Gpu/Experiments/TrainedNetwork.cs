using System.Text.Json;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Experiments;

/// <summary>A network with parameters, examples and a loss, read from what a run left or from files of any origin.</summary>
/// <param name="Network">The network.</param>
/// <param name="Parameters">θ, [P], finite.</param>
/// <param name="Data">The examples; their sizes are those of the network.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Source">The file of the parameters, for messages.</param>
internal sealed record TrainedNetwork(Network Network, double[] Parameters, DataSet Data, Loss Loss, string Source)
{
    private const string ParametersFile = "parameters.npz";

    /// <summary>Reads the files of an evaluation.</summary>
    /// <param name="network">The network, such as <c>mlp:200-200</c>.</param>
    /// <param name="activation">The activation function.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="parameters">The .npz file of the parameters.</param>
    /// <param name="inputs">The .npz file of the examples.</param>
    /// <exception cref="SamGpuException">A name is not known; or a file is missing or damaged, or does not fit the others.</exception>
    public static TrainedNetwork OfFiles(string network, string activation, string loss, string parameters, string inputs)
    {
        var specification = NetworkSpecification.Parse(network);
        var known = Loss.Parse(loss);
        var (built, vector) = ReadNetwork(specification, activation, parameters, () => NpzDataSet.ReadInputShape(inputs));
        var data = specification.SequenceLength is { } length
            ? NpzDataSet.LoadSequences(inputs, length, built.Outputs / length)
            : NpzDataSet.Load(inputs, built.Outputs);
        RequireFit(data, built, inputs, parameters);
        return new(built, vector, data, known, parameters);
    }

    /// <summary>Reads what a run left: its configuration, its parameters, and the data set that it names.</summary>
    /// <param name="run">The folder of the run, or its <c>run.json</c>.</param>
    /// <param name="dataRoot">The folder that data sets lie in.</param>
    /// <returns>The network, its folder, and the configuration of the run, its optimizer resolved.</returns>
    /// <exception cref="DataException">A file is missing or damaged; or the data set is another one than the run trained on.</exception>
    public static (TrainedNetwork Network, string Folder, Recipe Recipe) OfRun(string run, string dataRoot)
    {
        string file = RunFolder.FindRunFile(run, ParametersFile);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var recipe = Recipe.Load(file);
        recipe = recipe with { Configuration = OptimizerNames.Resolve(recipe.Configuration) };
        var configuration = recipe.Configuration;
        string parameters = Path.Combine(folder, ParametersFile);
        if (!File.Exists(parameters))
        {
            throw new DataException(
                $"'{run}' has no {ParametersFile}: expected the file that a run writes when it ends. Let the run end, or repeat it with "
                + $"samgpu run {file}.");
        }

        var specification = NetworkSpecification.Parse(configuration.Network);
        var loss = Loss.Parse(configuration.Loss);
        var data = DataSource.Parse(configuration.Data, dataRoot, specification.SequenceLength);
        data = configuration.Examples is { } examples ? data.Take(examples) : data;
        if (ReadHash(file) is { } hash && hash != data.Hash)
        {
            throw new DataException(
                $"The data set {data.Name} is not the one that '{run}' trained on: expected the SHA-256 {hash}, found {data.Hash}. "
                + "Give the folder of the data of that run with --data-root.");
        }

        var (network, vector) = ReadNetwork(specification, configuration.Activation, parameters, () => data.InputShape);
        RequireFit(data, network, data.Name, parameters);
        return (new(network, vector, data, loss, parameters), folder, recipe);
    }

    /// <summary>Throws where loss or gradient are not finite.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="gradientNorm">The norm of its gradient.</param>
    /// <param name="precision">The precision that they were computed in.</param>
    /// <exception cref="DataException">One of them is not finite.</exception>
    public void RequireFinite(double loss, double gradientNorm, Precision precision)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
        {
            throw new DataException(
                FormattableString.Invariant($"The loss at '{Source}' on '{Data.Name}' is {loss}, the norm of its gradient {gradientNorm}, ")
                + $"in {precision} precision; expected finite numbers. Give smaller parameters and inputs"
                + (precision == Precision.Float ? ", or --precision double." : "."));
        }
    }

    // A recipe has no hash of its data; a run has.
    private static string? ReadHash(string file)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("sha256", out var hash)
            ? hash.ToString()
            : null;
    }

    private static (Network Network, double[] Parameters) ReadNetwork(
        NetworkSpecification specification, string activation, string path, Func<IReadOnlyList<int>> inputShape)
    {
        using var archive = NumpyArchive.Open(path);
        var network = ParameterArrays.BuildNetwork(archive, path, specification, activation, inputShape);
        return (network, ParameterArrays.ReadParameters(archive, path, network));
    }

    private static void RequireFit(DataSet data, Network network, string inputs, string parameters)
    {
        RequireColumns("x", "features", data.Features, network.Inputs);
        RequireColumns("y", "outputs", data.Outputs * data.Positions, network.Outputs);

        void RequireColumns(string array, string kind, int found, int expected)
        {
            if (found != expected)
            {
                throw new DataException(
                    FormattableString.Invariant($"Array '{array}' of '{inputs}' has {found} {kind}; expected {expected}, ")
                    + $"as the network of '{parameters}' has. Give the parameters and the examples that belong together.");
            }
        }
    }
}
