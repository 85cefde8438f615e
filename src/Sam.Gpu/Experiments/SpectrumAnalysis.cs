using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Experiments;

/// <summary>The spectrum of the Hessian or the Gauss-Newton matrix of a trained network, whole or by layer, into a folder.</summary>
/// <remarks>
/// Eigenvalues at both ends, trace, spectral density and the alignment of the gradients with the top eigenvectors, of each block that is
/// asked for. docs/spectrum.md says what each number means. Nothing is written before all is computed.
/// </remarks>
public static class SpectrumAnalysis
{
    private const string FolderName = "spectrum";
    private const int MostEigenvalues = 100;

    /// <summary>Measures, and writes <c>spectrum.npz</c>, <c>spectrum.json</c> and the figures.</summary>
    /// <param name="request">What to measure.</param>
    /// <exception cref="UsageException">A name or number is not allowed, or the folder exists.</exception>
    /// <exception cref="DataException">A file is missing, damaged or does not fit; or loss or curvature are not finite.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public static SpectrumResult Run(SpectrumRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        var (trained, configuration, name, parent) = Read(request);
        ParameterMask[] masks = [.. request.Layers.SelectMany(layers => Masks(trained.Network, layers)).DistinctBy(mask => mask.Name)];

        using var device = request.Devices.Create(
            request.Devices.Find(configuration.Device, configuration.Precision), configuration.DeviceOptions);
        int count = trained.Network.ParameterCount;
        using var objective = new NetworkObjective(device, trained.Network, trained.Loss, trained.Data, chunk: configuration.Chunk);
        using var optimizer = new OptimizerFactory(configuration, device, trained.Network, trained.Data, objective).Create();
        using var theta = device.Allocate(count, "parameters");
        using var gradient = device.Allocate(count, "gradient");
        using var samGradient = device.Allocate(count, "gradient of the ascent");
        using var numbers = device.Allocate(4, "losses and norms of the gradients");
        device.Upload(trained.Parameters, theta.Span);
        objective.Gradient(theta.Span, gradient.Span, numbers.Span.Slice(0, 1));
        device.Norm(gradient.Span, numbers.Span.Slice(1, 1));
        optimizer.AscentGradient(
            objective, theta.Span, gradient.Span, numbers.Span.Slice(1, 1), samGradient.Span, numbers.Span.Slice(2, 1));
        device.Norm(samGradient.Span, numbers.Span.Slice(3, 1));

        // The ascent was an evaluation elsewhere: back to θ.
        var linearization = objective.Linearize(theta.Span, gradient.Span, numbers.Span.Slice(0, 1));
        double[] host = new double[4];
        device.Download(numbers.Span, host);
        trained.RequireFinite(host[0], host[1], configuration.Precision);
        ILinearOperator whole = request.Matrix == CurvatureMatrix.Hessian
            ? new HessianOperator(linearization)
            : new GaussNewtonOperator(linearization);

        var vectors = new List<KeyValuePair<string, NumpyArray>>();
        var measurement = new BlockMeasurement(request, configuration, gradient.Span, optimizer.HasAscent ? samGradient.Span : default);
        SpectrumBlock[] blocks = [.. masks.Select(mask => measurement.Measure(whole, mask, vectors))];
        var result = new SpectrumResult
        {
            Name = name,
            Matrix = request.Matrix,
            LossName = trained.Loss.Name,
            Examples = trained.Data.Examples,
            ParameterCount = count,
            Device = device.Name,
            Precision = configuration.Precision,
            Seed = configuration.Seed,
            Loss = host[0],
            GradientNorm = host[1],
            Rho = optimizer.HasAscent ? configuration.Rho : 0,
            SamGradientNorm = optimizer.HasAscent ? host[3] : double.NaN,
            BaseEdge = request.Run is null || optimizer.HasPreconditioner ? double.NaN : optimizer.BaseEdge,
            SamEdge = request.Run is null || !optimizer.HasAscent ? double.NaN : optimizer.Edge(host[1]),
            Blocks = blocks,
            Folder = request.Output ?? FreeFolder.In(parent, FolderName),
        };
        SpectrumFolder.Write(request, configuration, trained.Data, result, vectors);
        return result;
    }

    private static void Check(SpectrumRequest request)
    {
        if (request.Eigenvalues is < 1 or > MostEigenvalues)
        {
            throw new UsageException(Text($"--eigenvalues {request.Eigenvalues} is not allowed: give 1 to {MostEigenvalues} at each end."));
        }

        if (request.TraceProducts < HutchPlusPlus.FewestProducts)
        {
            throw new UsageException(
                Text($"--trace-products {request.TraceProducts} is not allowed: give at least {HutchPlusPlus.FewestProducts}."));
        }

        if (request.LanczosRuns < 2 || request.LanczosSteps < 1)
        {
            throw new UsageException(
                Text($"{request.LanczosRuns} --lanczos-runs of {request.LanczosSteps} --lanczos-steps are not allowed: ")
                + "give at least 2 runs, or there is no standard error, of at least 1 step.");
        }

        if (request.Output is { } output && Path.Exists(output))
        {
            throw new UsageException(
                $"--output '{output}' exists, and nothing is overwritten: give another folder, or move that one away.");
        }
    }

    // The network, the settings with what the request changes of them, a name, and the folder that the results belong in.
    private static (TrainedNetwork Network, RunConfiguration Configuration, string Name, string Parent) Read(SpectrumRequest request)
    {
        (string Option, string? Value)[] files =
        [
            ("--network", request.Network), ("--activation", request.Activation), ("--loss", request.Loss),
            ("--parameters", request.Parameters), ("--inputs", request.Inputs),
        ];
        string[] missing = [.. files.Where(file => file.Value is null).Select(file => file.Option)];
        if (request.Run is { } run)
        {
            string[] given = [.. files.Where(file => file.Value is not null).Select(file => file.Option)];
            if (given.Length > 0)
            {
                throw new UsageException(
                    $"'{run}' and {string.Join(", ", given)}: a run brings its own. Give the run alone, or the files alone.");
            }

            var (trained, folder, recipe) = TrainedNetwork.OfRun(run, request.DataRoot);
            return (trained, Configure(recipe.Configuration, request), recipe.Name, folder);
        }

        if (missing.Length > 0)
        {
            throw new UsageException(
                missing.Length == files.Length
                    ? "Whose spectrum? Give the folder of a run, such as runs/demo, or --network, --activation, --loss, --parameters "
                    + "and --inputs."
                    : $"{string.Join(", ", missing)} must be given as well, or the folder of a run alone.");
        }

        var network = TrainedNetwork.OfFiles(
            request.Network!, request.Activation!, request.Loss!, request.Parameters!, request.Inputs!);
        var configuration = new RunConfiguration
        {
            Data = network.Data.Name, Network = request.Network!, Activation = request.Activation!, Loss = request.Loss!, Rho = 0,
            Precision = Precision.Double,
        };
        return (network, Configure(configuration, request), Path.GetFileNameWithoutExtension(request.Parameters!), "runs");
    }

    private static RunConfiguration Configure(RunConfiguration configuration, SpectrumRequest request)
    {
        configuration = configuration with
        {
            Precision = request.Precision ?? configuration.Precision,
            Device = request.Device ?? configuration.Device,
            MatrixProducts = request.MatrixProducts ?? configuration.MatrixProducts,
            AllowsTf32 = request.AllowsTf32 ?? configuration.AllowsTf32,
            Threads = request.Threads ?? configuration.Threads,
            Chunk = request.Chunk ?? configuration.Chunk,
            Seed = request.Seed ?? configuration.Seed,
        };
        if (request.Rho is not { } rho)
        {
            return configuration;
        }

        // A run without an ascent can be asked what SAM's would see.
        string optimizer = OptimizerNames.IsSam(configuration.Optimizer) ? configuration.Optimizer : "sam";
        return configuration with { Optimizer = optimizer, Rho = rho };
    }

    private static IEnumerable<ParameterMask> Masks(Network network, string layers) =>
        layers == SpectrumRequest.EachLayer ? ParameterMask.Layers(network) : [ParameterMask.Of(network, layers)];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
