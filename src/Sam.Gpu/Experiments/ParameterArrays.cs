using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Experiments;

/// <summary>Parameter vectors as named arrays in .npz files: one as the arrays themselves, K with a leading axis K.</summary>
internal static class ParameterArrays
{
    private const string ParametersCure =
        "Give the --network and --activation that the parameters belong to, or save the state_dict of that nn.Sequential with numpy.savez.";

    private const string DirectionsCure = "Save one float array for each parameter, under its name, with a leading axis of K directions.";

    /// <summary>Builds the network that a file of parameters belongs to: sizes and biases come from the file.</summary>
    /// <param name="archive">The parameters.</param>
    /// <param name="path">Their file, for messages.</param>
    /// <param name="specification">The hidden widths, and which biases there may be.</param>
    /// <param name="activation">The activation function.</param>
    /// <param name="inputShape">The shape of an example; asked for where the network depends on more of it than the first weight shows.</param>
    /// <exception cref="DataException">An array is missing or is one too many, or a weight is no matrix.</exception>
    public static Network BuildNetwork(
        NumpyArchive archive, string path, NetworkSpecification specification, string activation, Func<IReadOnlyList<int>> inputShape)
    {
        // The names do not depend on the sizes. A bias that the specification allows is there if the file has it.
        var shape = specification.NeedsInputShape ? inputShape() : [1];
        var parameters = specification.Build(shape, 1, activation, archive.Contains).Parameters;
        string[] names = [.. parameters.Select(p => p.Name)];
        CheckNames(archive, path, names, $"--network {specification.Text} with --activation {activation}", ParametersCure);

        string[] weights = [.. parameters.Where(p => !p.IsBias).Select(p => p.Name)];
        var last = ReadWeight(archive, path, weights[^1]);
        if (!specification.NeedsInputShape)
        {
            shape = [(weights.Length == 1 ? last : ReadWeight(archive, path, weights[0])).Shape[1]];
        }

        return specification.Build(shape, last.Shape[0], activation, archive.Contains);
    }

    /// <summary>Reads the parameters of a network.</summary>
    /// <param name="archive">The parameters, with the names of the network's.</param>
    /// <param name="path">Their file, for messages.</param>
    /// <param name="network">The network.</param>
    /// <returns>θ, [P].</returns>
    /// <exception cref="DataException">An array has a wrong shape or type, or a number that is not finite.</exception>
    public static double[] ReadParameters(NumpyArchive archive, string path, Network network)
    {
        var vector = new double[network.ParameterCount];
        foreach (var parameter in network.Parameters)
        {
            var array = archive.Read(parameter.Name);
            if (!array.Shape.SequenceEqual(parameter.Shape))
            {
                throw new DataException(
                    $"Array '{parameter.Name}' of '{path}' is {array.Description}; the network needs the shape "
                    + $"{NumpyArray.Describe(parameter.Shape)}. {ParametersCure}");
            }

            ReadFloats(array, path, parameter.Name, ParametersCure).CopyTo(vector, parameter.Offset);
        }

        return vector;
    }

    /// <summary>Reads directions in the parameter space of a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <returns>For each parameter of the network K arrays, one after the other, [K, …]; and K.</returns>
    /// <exception cref="DataException">
    /// The file or an array is missing or is one too many, has a wrong shape or type, or a number that is not finite.
    /// </exception>
    public static (int Count, IReadOnlyList<double[]> Arrays) ReadDirections(string path, Network network)
    {
        using var archive = NumpyArchive.Open(path);
        string[] names = [.. network.Parameters.Select(parameter => parameter.Name)];
        CheckNames(archive, path, names, "the network of --parameters", DirectionsCure);
        int count = 0;
        string origin = "";
        var arrays = new List<double[]>();
        foreach (var parameter in network.Parameters)
        {
            var array = archive.Read(parameter.Name);
            string shape = NumpyArray.Describe(parameter.Shape);
            if (array.Shape.Count == 0 || array.Shape[0] == 0 || !array.Shape.Skip(1).SequenceEqual(parameter.Shape))
            {
                throw new DataException(
                    $"Array '{parameter.Name}' of '{path}' is {array.Description}; "
                    + $"expected K ≥ 1 directions of the shape {shape}. {DirectionsCure}");
            }

            if (arrays.Count > 0 && array.Shape[0] != count)
            {
                throw new DataException(
                    $"Array '{parameter.Name}' of '{path}' is {array.Description}: {array.Shape[0]} directions of the shape {shape}; "
                    + $"expected {count}, as many as '{origin}' has. {DirectionsCure}");
            }

            count = array.Shape[0];
            origin = parameter.Name;
            arrays.Add(ReadFloats(array, path, parameter.Name, DirectionsCure));
        }

        return (count, arrays);
    }

    /// <summary>A vector as the arrays of the parameters, in their order.</summary>
    /// <param name="prefix">What comes before the names.</param>
    /// <param name="network">The network.</param>
    /// <param name="vector">[P].</param>
    public static IEnumerable<KeyValuePair<string, NumpyArray>> Of(string prefix, Network network, double[] vector) =>
        network.Parameters.Select(parameter => KeyValuePair.Create(
            prefix + parameter.Name,
            NumpyArray.Of(vector.AsSpan(parameter.Offset, parameter.Length).ToArray(), [.. parameter.Shape])));

    /// <summary>K vectors as the arrays of the parameters, in their order, with a leading axis K.</summary>
    /// <param name="prefix">What comes before the names.</param>
    /// <param name="network">The network.</param>
    /// <param name="count">K.</param>
    /// <param name="arrays">For each parameter K arrays, one after the other.</param>
    public static IEnumerable<KeyValuePair<string, NumpyArray>> Of(
        string prefix, Network network, int count, IReadOnlyList<double[]> arrays) =>
        network.Parameters.Select((parameter, i) => KeyValuePair.Create(
            prefix + parameter.Name, NumpyArray.Of(arrays[i], [count, .. parameter.Shape])));

    /// <summary>K vectors on the device as the arrays of parameters, in their order, with a leading axis K.</summary>
    /// <param name="prefix">What comes before the names.</param>
    /// <param name="parameters">The parameters; together they make up a vector.</param>
    /// <param name="rows">The vectors, one after the other.</param>
    /// <param name="count">K.</param>
    public static IEnumerable<KeyValuePair<string, NumpyArray>> Of(
        string prefix, IReadOnlyList<Parameter> parameters, DeviceSpan rows, int count)
    {
        double[][] arrays = [.. parameters.Select(parameter => new double[count * parameter.Length])];
        CopyRows(parameters, rows, 0, count, arrays);
        return parameters.Select((parameter, i) => KeyValuePair.Create(
            prefix + parameter.Name, NumpyArray.Of(arrays[i], [count, .. parameter.Shape])));
    }

    /// <summary>Copies vectors on the device into the rows from first on of an array for each parameter.</summary>
    /// <param name="parameters">The parameters; together they make up a vector.</param>
    /// <param name="rows">The vectors, one after the other.</param>
    /// <param name="first">The first row to write.</param>
    /// <param name="count">The vectors.</param>
    /// <param name="arrays">For each parameter its arrays, one after the other.</param>
    public static void CopyRows(IReadOnlyList<Parameter> parameters, DeviceSpan rows, int first, int count, double[][] arrays)
    {
        double[] row = new double[parameters.Sum(parameter => parameter.Length)];
        for (int k = 0; k < count; k++)
        {
            var span = rows.Slice(k * row.Length, row.Length);
            span.Memory!.Device.Download(span, row);
            for (int i = 0; i < arrays.Length; i++)
            {
                var parameter = parameters[i];
                row.AsSpan(parameter.Offset, parameter.Length).CopyTo(arrays[i].AsSpan((first + k) * parameter.Length, parameter.Length));
            }
        }
    }

    private static void CheckNames(NumpyArchive archive, string path, string[] needed, string needs, string cure)
    {
        string[] missing = [.. needed.Where(name => !archive.Contains(name))];
        string[] unexpected = [.. archive.Names.Except(needed)];
        if (missing.Length > 0 || unexpected.Length > 0)
        {
            throw new DataException(
                $"'{path}' does not hold the arrays of {needs}."
                + $"{(missing.Length > 0 ? $" Missing: {string.Join(", ", missing)}." : "")}"
                + $"{(unexpected.Length > 0 ? $" Not expected: {string.Join(", ", unexpected)}." : "")}"
                + $" Expected: {string.Join(", ", needed)}. {cure}");
        }
    }

    private static NumpyArray ReadWeight(NumpyArchive archive, string path, string name)
    {
        var array = archive.Read(name);
        return array.Shape.Count == 2 && array.Count > 0
            ? array
            : throw new DataException(
                $"Array '{name}' of '{path}' is {array.Description}; expected a weight (outputs, inputs). {ParametersCure}");
    }

    private static double[] ReadFloats(NumpyArray array, string path, string name, string cure)
    {
        if (array.IsInteger)
        {
            throw new DataException($"Array '{name}' of '{path}' is {array.Description}; expected float32 or float64. {cure}");
        }

        double[] numbers = array.ToDoubles();
        int wrong = Array.FindIndex(numbers, number => !double.IsFinite(number));
        return wrong < 0
            ? numbers
            : throw new DataException(
                $"Array '{name}' of '{path}', {array.Description}, has {(double.IsNaN(numbers[wrong]) ? "NaN" : "an infinite value")} "
                + $"at its flat index {wrong}; expected finite numbers. Save numbers from before the training diverged.");
    }
}
