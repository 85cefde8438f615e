using System.Text.Json.Nodes;
using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Experiments;

/// <summary>The folder that a measurement of the spectrum leaves: <c>spectrum.npz</c>, <c>spectrum.json</c>, <c>figures/</c>.</summary>
internal static class SpectrumFolder
{
    /// <summary>Writes all files into a new folder.</summary>
    /// <exception cref="DataException">The folder or a file cannot be written.</exception>
    public static void Write(
        SpectrumRequest request, RunConfiguration configuration, DataSet data, SpectrumResult result,
        IReadOnlyList<KeyValuePair<string, NumpyArray>> vectors)
    {
        try
        {
            Directory.CreateDirectory(result.Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"The folder '{result.Folder}' cannot be made: {exception.Message} Give another one with --output.", exception);
        }

        NumpyArchive.Write(Path.Combine(result.Folder, "spectrum.npz"), [.. Arrays(result), .. vectors], overwrite: false);
        RunFolder.WriteJson(Path.Combine(result.Folder, "spectrum.json"), Record(request, configuration, data, result));
        FigureFolder.Write(
            SpectrumFigures.Of(Series(result), request.FigureSize), Path.Combine(result.Folder, "figures"), request.Figures);
    }

    private static IEnumerable<KeyValuePair<string, NumpyArray>> Arrays(SpectrumResult result)
    {
        yield return Number("loss", result.Loss);
        yield return Number("gradient_norm", result.GradientNorm);
        yield return Number("sam_gradient_norm", result.SamGradientNorm);
        yield return Number("rho", result.Rho);
        yield return Number("base_edge", result.BaseEdge);
        yield return Number("sam_edge", result.SamEdge);
        foreach (var block in result.Blocks)
        {
            foreach (var (name, array) in Arrays(block))
            {
                yield return new($"{block.Mask.Name}/{name}", array);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, NumpyArray>> Arrays(SpectrumBlock block)
    {
        yield return new("dimension", NumpyArray.Of([(long)block.Mask.Dimension], []));
        foreach (var (end, pairs) in ((string, IReadOnlyList<EigenPair>)[])[("top", block.Top), ("bottom", block.Bottom)])
        {
            foreach (var array in Arrays(end, pairs))
            {
                yield return array;
            }
        }

        foreach (var array in Arrays("trace_hutchinson", block.Hutchinson).Concat(Arrays("trace_hutchpp", block.HutchPlusPlus))
            .Concat(Arrays("trace_density", block.DensityTrace)))
        {
            yield return array;
        }

        var (density, table) = (block.Density, block.Table);
        int steps = density.Runs == 0 ? 0 : Enumerable.Range(0, density.Runs).Max(run => density.Nodes(run).Count);
        yield return Vector("deflated_eigenvalues", density.Deflated);
        yield return new("lanczos_nodes", Rows(density.Runs, steps, density.Nodes));
        yield return new("lanczos_weights", Rows(density.Runs, steps, density.Weights));
        yield return Vector("density_points", table.Points);
        yield return Vector("density", table.Values);
        yield return Vector("density_standard_errors", table.StandardErrors);
        yield return Number("density_width", table.Width);
        yield return Number("density_mass", table.Mass);
        yield return Number("density_mean", table.Mean);
        foreach (var (name, alignment) in ((string, Alignment?)[])[("gradient", block.Gradient), ("sam_gradient", block.SamGradient)])
        {
            if (alignment is not null)
            {
                yield return Number($"{name}_norm", alignment.Norm);
                yield return Vector($"{name}_cosines", alignment.Cosines);
                yield return Vector($"{name}_shares", alignment.Shares);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, NumpyArray>> Arrays(string end, IReadOnlyList<EigenPair> pairs) =>
    [
        Vector($"{end}_eigenvalues", [.. pairs.Select(pair => pair.Value)]),
        Vector($"{end}_residuals", [.. pairs.Select(pair => pair.Residual)]),
        new($"{end}_converged", NumpyArray.Of(pairs.Select(pair => (byte)(pair.Converged ? 1 : 0)).ToArray(), pairs.Count)),
    ];

    private static IEnumerable<KeyValuePair<string, NumpyArray>> Arrays(string name, TraceEstimate estimate) =>
    [
        Number(name, estimate.Value),
        Number($"{name}_standard_error", estimate.StandardError),
        new($"{name}_products", NumpyArray.Of([(long)estimate.Products], [])),
    ];

    // A run that ended early is filled up with nodes of weight 0.
    private static NumpyArray Rows(int runs, int steps, Func<int, IReadOnlyList<double>> row)
    {
        var numbers = new double[runs * steps];
        for (int run = 0; run < runs; run++)
        {
            row(run).ToArray().CopyTo(numbers, run * steps);
        }

        return NumpyArray.Of(numbers, runs, steps);
    }

    private static KeyValuePair<string, NumpyArray> Number(string name, double number) => new(name, NumpyArray.Of([number], []));

    private static KeyValuePair<string, NumpyArray> Vector(string name, IReadOnlyList<double> numbers) =>
        new(name, NumpyArray.Of(numbers.ToArray(), numbers.Count));

    private static JsonObject Record(SpectrumRequest request, RunConfiguration configuration, DataSet data, SpectrumResult result) => new()
    {
        ["name"] = result.Name,
        ["matrix"] = MatrixName(result.Matrix),
        ["blocks"] = new JsonArray([.. result.Blocks.Select(block => (JsonNode)new JsonObject
        {
            ["layers"] = block.Mask.Name,
            ["parameters"] = block.Mask.Dimension,
            ["products"] = block.EigenvalueProducts + block.Hutchinson.Products + block.HutchPlusPlus.Products + block.Density.Products,
            ["unconverged"] = block.Top.Concat(block.Bottom).Count(pair => !pair.Converged),
            ["mass-agrees"] = block.MassAgrees,
            ["trace-agrees"] = block.TraceAgrees,
        })]),
        ["run"] = request.Run,
        ["parameters"] = request.Parameters,
        ["inputs"] = request.Inputs,
        ["network"] = configuration.Network,
        ["activation"] = configuration.Activation,
        ["loss"] = configuration.Loss,
        ["eigenvalues"] = request.Eigenvalues,
        ["eigenvalue-tolerance"] = request.EigenvalueTolerance,
        ["trace-products"] = request.TraceProducts,
        ["lanczos-runs"] = request.LanczosRuns,
        ["lanczos-steps"] = request.LanczosSteps,
        ["width"] = request.Width,
        ["rho"] = result.Rho,
        ["seed"] = result.Seed,
        ["precision"] = result.Precision == Precision.Double ? "double" : "float",
        ["data"] = RunFolder.ToJson(data),
        ["device"] = result.Device,
        ["versions"] = Version.ToJson(),
        ["command"] = request.CommandLine,
    };

    private static string MatrixName(CurvatureMatrix matrix) => matrix == CurvatureMatrix.Hessian ? "hessian" : "gauss-newton";

    private static IReadOnlyList<SpectrumSeries> Series(SpectrumResult result) =>
    [
        .. result.Blocks.Select(block => new SpectrumSeries
        {
            Name = block.Mask.Name,
            IsWhole = block.Mask.IsWhole,
            Matrix = BlockMeasurement.Describe(result.Matrix),
            Dimension = block.Mask.Dimension,
            Points = block.Table.Points,
            Density = block.Table.Values,
            Width = block.Table.Width,
            Top = [.. block.Top.Select(pair => pair.Value)],
            Bottom = [.. block.Bottom.Select(pair => pair.Value)],
            TopUnconverged = [.. block.Top.Select(pair => !pair.Converged)],
            BottomUnconverged = [.. block.Bottom.Select(pair => !pair.Converged)],
            BaseEdge = result.BaseEdge,
            SamEdge = result.SamEdge,
            Gradient = block.Gradient.Shares,
            SamGradient = block.SamGradient?.Shares ?? [],
            Provenance = string.Join('\n',
            [
                $"spectrum of: {result.Name}", $"matrix: {MatrixName(result.Matrix)}", $"layers: {block.Mask.Name}",
                FormattableString.Invariant($"seed: {result.Seed}"), $"samgpu: {Version.Number}", $"commit: {Version.Commit}",
                $"device: {result.Device}",
            ]),
        }),
    ];
}
