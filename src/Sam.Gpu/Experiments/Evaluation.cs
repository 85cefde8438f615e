using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Experiments;

/// <summary>Loss, gradient, products and eigenvalues of parameters and examples that come from files: the bridge to Python.</summary>
/// <remarks>
/// <para>The file that is written holds float64 arrays, but for <c>converged</c>; NAME is that of a parameter, [...] its shape:</para>
/// <list type="bullet">
/// <item><c>loss</c> [], <c>gradient/NAME</c> [...];</item>
/// <item>with directions: <c>hvp/NAME</c> and <c>ggn/NAME</c>, [K, ...], the Hessian and the Gauss-Newton matrix times each of them;</item>
/// <item>with eigenvalues: <c>eigenvalues</c> [K], the largest first; <c>residuals</c> [K], ‖Hv − λv‖, absolute; <c>converged</c> [K],
/// uint8, 1 where the residual met the tolerance; <c>eigenvectors/NAME</c> [K, ...], together of norm 1.</item>
/// </list>
/// </remarks>
public static class Evaluation
{
    // Directions held on the device at once.
    private const int LargestBlock = 16;

    /// <summary>Evaluates and writes the output file, whole or not at all.</summary>
    /// <param name="request">What to evaluate.</param>
    /// <exception cref="UsageException">A name or number is not allowed, or the output file exists.</exception>
    /// <exception cref="DataException">
    /// A file is missing or damaged; its arrays do not fit the network or each other; the loss is not finite; or the output cannot be
    /// written.
    /// </exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public static EvaluationResult Run(EvaluationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Eigenvalues < 0)
        {
            throw new UsageException(Text($"--eigenvalues {request.Eigenvalues} is not allowed: give 0 for none, or how many."));
        }

        CheckOutput(request.Output);
        var trained = TrainedNetwork.OfFiles(request.Network, request.Activation, request.Loss, request.Parameters, request.Inputs);
        var (network, data) = (trained.Network, trained.Data);
        var (count, directions) = request.Directions is null ? (0, []) : ParameterArrays.ReadDirections(request.Directions, network);

        using var device = request.Devices.Create(
            request.Devices.Find(request.Device, request.Precision),
            new DeviceOptions
            {
                Precision = request.Precision, Threads = request.Threads, Products = request.MatrixProducts, AllowsTf32 = request.AllowsTf32,
            });
        using var objective = new NetworkObjective(device, network, trained.Loss, data);
        using var theta = device.Allocate(network.ParameterCount, "parameters");
        using var gradient = device.Allocate(network.ParameterCount, "gradient");
        using var numbers = device.Allocate(2, "loss and gradient norm");
        device.Upload(trained.Parameters, theta.Span);
        var linearization = objective.Linearize(theta.Span, gradient.Span, numbers.Span.Slice(0, 1));
        device.Norm(gradient.Span, numbers.Span.Slice(1, 1));
        double[] lossAndNorm = Download(numbers.Span);
        trained.RequireFinite(lossAndNorm[0], lossAndNorm[1], request.Precision);
        double? accuracy = objective.Accuracy.IsEmpty ? null : Download(objective.Accuracy)[0];
        var output = new List<KeyValuePair<string, NumpyArray>> { new("loss", NumpyArray.Of([lossAndNorm[0]], [])) };
        output.AddRange(ParameterArrays.Of("gradient/", network, Download(gradient.Span)));
        if (count > 0)
        {
            output.AddRange(Products("hvp/", new HessianOperator(linearization), network, count, directions));
            output.AddRange(Products("ggn/", new GaussNewtonOperator(linearization), network, count, directions));
        }

        var (pairs, explanation) = request.Eigenvalues == 0 ? ([], null) : Spectrum(request, network, linearization, output);
        NumpyArchive.Write(request.Output, output, overwrite: false);
        return new EvaluationResult(
            data.Examples, network.ParameterCount, count, lossAndNorm[0], lossAndNorm[1], accuracy, pairs, explanation);
    }

    private static void CheckOutput(string path)
    {
        if (Path.Exists(path))
        {
            throw new UsageException($"--output {path} exists, and nothing is overwritten. Give another name, or remove it first.");
        }

        // Said before the work, not after it.
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
        {
            throw new DataException($"--output {path}: there is no folder '{folder}'. Create it or choose another one.");
        }
    }

    private static IEnumerable<KeyValuePair<string, NumpyArray>> Products(
        string prefix, ILinearOperator linear, Network network, int count, IReadOnlyList<double[]> directions)
    {
        int dimension = network.ParameterCount;
        int block = Math.Min(count, Math.Clamp(int.MaxValue / dimension, 1, LargestBlock));
        using var vectors = linear.Device.Allocate(block * dimension, "directions");
        using var products = linear.Device.Allocate(block * dimension, "products");
        double[][] results = [.. directions.Select(array => new double[array.Length])];
        double[] row = new double[dimension];
        for (int first = 0; first < count; first += block)
        {
            int part = Math.Min(block, count - first);
            for (int k = 0; k < part; k++)
            {
                for (int i = 0; i < network.Parameters.Count; i++)
                {
                    Row(network.Parameters[i], directions[i], first + k).CopyTo(row.AsSpan(network.Parameters[i].Offset));
                }

                linear.Device.Upload(row, vectors.Span.Slice(k * dimension, dimension));
            }

            linear.Apply(vectors.Span.Slice(0, part * dimension), products.Span.Slice(0, part * dimension), part);
            ParameterArrays.CopyRows(network.Parameters, products.Span, first, part, results);
        }

        return ParameterArrays.Of(prefix, network, count, results);
    }

    private static (IReadOnlyList<EigenPair> Pairs, string Explanation) Spectrum(
        EvaluationRequest request, Network network, Linearization linearization, List<KeyValuePair<string, NumpyArray>> output)
    {
        var options = new EigensolverOptions { Count = request.Eigenvalues, Tolerance = request.EigenvalueTolerance };
        using var solver = new Eigensolver(linearization.Objective.Device, network.ParameterCount, options);
        var result = solver.Solve(new HessianOperator(linearization));
        int count = result.Pairs.Count;
        output.Add(new("eigenvalues", NumpyArray.Of(result.Pairs.Select(pair => pair.Value).ToArray(), count)));
        output.Add(new("residuals", NumpyArray.Of(result.Pairs.Select(pair => pair.Residual).ToArray(), count)));
        output.Add(new("converged", NumpyArray.Of(result.Pairs.Select(pair => (byte)(pair.Converged ? 1 : 0)).ToArray(), count)));
        output.AddRange(ParameterArrays.Of("eigenvectors/", network.Parameters, result.Vectors, count));
        return (result.Pairs, result.Explanation);
    }

    private static Span<double> Row(Parameter parameter, double[] array, int index) =>
        array.AsSpan(index * parameter.Length, parameter.Length);

    private static double[] Download(DeviceSpan span)
    {
        double[] numbers = new double[span.Length];
        span.Memory!.Device.Download(span, numbers);
        return numbers;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
