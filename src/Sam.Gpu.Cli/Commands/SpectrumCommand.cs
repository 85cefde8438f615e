using System.CommandLine;
using System.Globalization;
using Sam.Gpu.Cli.Display;
using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu spectrum</c>: eigenvalues, trace, density and alignment at the parameters of a run or of files.</summary>
internal static class SpectrumCommand
{
    private static readonly string[] OptionalKeys =
        ["eigenvalues", "eigenvalue-tolerance", "rho", "seed", "device", "matmul", "matmul-precision", "precision", "threads", "chunk"];

    private static readonly CommandHelp Help = new()
    {
        Default = option => option switch
        {
            "--eigenvalues" => Numbers.Whole(new SpectrumRequest().Eigenvalues),
            "--eigenvalue-tolerance" => "1e-4 in float, 1e-8 in double",
            "--rho" => "that of the run, else none",
            "--seed" => "that of the run, else 0",
            "--device" => "that of the run, else auto",
            "--matmul" => "that of the run, else auto",
            "--matmul-precision" => "that of the run, else fp32",
            "--precision" => "that of the run, else double",
            "--threads" => "that of the run, else 0",
            _ => null,
        },
        Examples =
        [
            ("samgpu spectrum runs/demo", "the Hessian at the end of a run: table, spectrum.npz and figures in runs/demo/spectrum"),
            ("samgpu spectrum runs/demo --matrix gauss-newton --layer whole --layer each", "the Gauss-Newton matrix, whole and by layer"),
            (
                "samgpu spectrum --network mlp:200-200 --activation tanh --loss mse --parameters P.npz --inputs D.npz --rho 0.05",
                "of parameters from elsewhere, with files as samgpu evaluate takes them"),
        ],
        Notes =
        [
            "spectrum.npz holds loss and gradient norms, and for each block: eigenvalues, residuals and eigenvectors at both ends; "
            + "traces with standard errors; nodes and weights of the quadrature; the density, its mass and mean; cosines of the gradients.",
            "The density's mass is checked to be 1 within 0.001, and its mean times the number of parameters to be the trace by "
            + "Hutch++ within 3 standard errors or 1 %. docs/spectrum.md says what each number means.",
            "M. F. Hutchinson, Comm. Stat. 18 (1989). R. A. Meyer et al., Hutch++, SOSA 2021. S. Ubaru, J. Chen, Y. Saad, SIAM J. "
            + "Matrix Anal. Appl. 38 (2017). B. Ghorbani, S. Krishnan, Y. Xiao, ICML 2019.",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="arguments">The whole command line, for the record.</param>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(IReadOnlyList<string> arguments, DeviceCatalog devices, Terminal terminal)
    {
        var run = new Argument<string?>("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = "the folder of a run, or its run.json" };
        var network = Named("--network", "NAME", "without a run: the network with its hidden widths: see 'samgpu list networks'");
        var activation = Named("--activation", "NAME", "without a run: activation function: see 'samgpu list activations'");
        var loss = Named("--loss", "NAME", "without a run: loss: see 'samgpu list losses'");
        var parameters = Named("--parameters", "P.npz", "without a run: the parameters");
        var inputs = Named("--inputs", "D.npz", "without a run: the examples");
        var matrix = Named("--matrix", "NAME", "hessian or gauss-newton [hessian]");
        var layers = new Option<string[]>("--layer")
        {
            HelpName = "NAME",
            Description = $"a block of the matrix: {ParameterMask.WholeName}, {SpectrumRequest.EachLayer} for each layer on its own, "
                + "or layers and parameters with commas between them such as 0,2.weight; may be given several times "
                + $"[{ParameterMask.WholeName}]",
        };
        var traceProducts = Counted("--trace-products", $"products of each estimate of the trace [{Hutchinson.DefaultProducts}]");
        var runs = Counted("--lanczos-runs", $"runs of the Lanczos method for the density [{StochasticLanczosQuadrature.DefaultRuns}]");
        var steps = Counted("--lanczos-steps", $"steps of each [{StochasticLanczosQuadrature.DefaultSteps}]");
        var width = Named("--width", "X", "standard deviation of the smoothing of the density [its range over the steps]");
        var keys = OptionalKeys.Select(ConfigurationKey.Find)
            .Select(key => Named($"--{key.Name}", key.Placeholder, Describe(key))).ToArray();
        var dataRoot = RunCommand.DataRootOption();
        var output = Named(
            "--output", "DIR", "the folder to make [the first free one of spectrum, spectrum-2, … in that of the run, else in runs]");
        output.Aliases.Add("-o");
        var size = SizeOption.Create();
        var figures = FiguresOption.Create($", or {FigureFormats.None} alone");
        var quiet = new Option<bool>("--quiet", "-q") { Description = "show no progress, only the results" };
        var command = new DocumentedCommand(
            "spectrum",
            "Measures the spectrum of the Hessian or the Gauss-Newton matrix at the end of a run: eigenvalues at both ends, trace, "
            + "density, and how the gradients lie to the top eigenvectors; whole or by layer.",
            Help) { run };
        foreach (var option in (Option[])
            [
                matrix, layers, .. keys, traceProducts, runs, steps, width, network, activation, loss, parameters, inputs, dataRoot, output, size,
                figures, quiet,
            ])
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            var given = keys.Where(option => result.GetValue(option) is not null).Select(option => option.Name[2..]).ToHashSet();
            var values = keys.Where(option => given.Contains(option.Name[2..])).Aggregate(
                new RunConfiguration(),
                (configuration, option) => RunOptions.Apply(configuration, option.Name[2..], result.GetValue(option)!));
            var request = new SpectrumRequest
            {
                Run = result.GetValue(run),
                DataRoot = DataRoot.Resolve(result.GetValue(dataRoot)),
                Network = result.GetValue(network),
                Activation = result.GetValue(activation),
                Loss = result.GetValue(loss),
                Parameters = result.GetValue(parameters),
                Inputs = result.GetValue(inputs),
                Matrix = ParseMatrix(result.GetValue(matrix)),
                Width = ParseWidth(result.GetValue(width)),
                EigenvalueTolerance = given.Contains("eigenvalue-tolerance") ? values.EigenvalueTolerance : null,
                Rho = given.Contains("rho") ? values.Rho : null,
                Seed = given.Contains("seed") ? values.Seed : null,
                Precision = given.Contains("precision") ? values.Precision : null,
                Devices = devices,
                Device = given.Contains("device") ? values.Device : null,
                MatrixProducts = given.Contains("matmul") ? values.MatrixProducts : null,
                AllowsTf32 = given.Contains("matmul-precision") ? values.AllowsTf32 : null,
                Threads = given.Contains("threads") ? values.Threads : null,
                Chunk = given.Contains("chunk") ? values.Chunk : null,
                Output = result.GetValue(output),
                Figures = FiguresOption.Parse(result.GetValue(figures)),
                FigureSize = SizeOption.Parse(result.GetValue(size)),
                CommandLine = RunCommand.Written(arguments),
                Progress = result.GetValue(quiet) ? null : terminal.Error.WriteLine,
            };
            var measured = SpectrumAnalysis.Run(request with
            {
                Layers = result.GetValue(layers) is { Length: > 0 } names ? names : request.Layers,
                Eigenvalues = given.Contains("eigenvalues") ? values.Eigenvalues : request.Eigenvalues,
                TraceProducts = ParseCount(result.GetValue(traceProducts), traceProducts.Name, HutchPlusPlus.FewestProducts)
                    ?? request.TraceProducts,
                LanczosRuns = ParseCount(result.GetValue(runs), runs.Name, 2) ?? request.LanczosRuns,
                LanczosSteps = ParseCount(result.GetValue(steps), steps.Name, 1) ?? request.LanczosSteps,
            });
            SpectrumReport.Write(terminal.Out, measured);
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Named(string name, string placeholder, string description) =>
        new(name) { HelpName = placeholder, Description = description };

    private static Option<string> Counted(string name, string description) => Named(name, "N", description);

    private static string Describe(ConfigurationKey key) => key.Name switch
    {
        "eigenvalues" => "eigenvalues to measure at each end of the spectrum",
        "rho" => "radius ρ ≥ 0 of SAM's ascent, for the alignment of its gradient",
        "seed" => "seed of every random vector",
        _ => key.Description,
    };

    private static CurvatureMatrix ParseMatrix(string? text) => text switch
    {
        null or "hessian" => CurvatureMatrix.Hessian,
        "gauss-newton" => CurvatureMatrix.GaussNewton,
        _ => throw Suggestions.Unknown("--matrix", text, ["hessian", "gauss-newton"]),
    };

    private static int? ParseCount(string? text, string option, int least) =>
        text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least
            ? count
            : throw new UsageException($"{option} '{text}' is not allowed: give an integer ≥ {Numbers.Whole(least)}.");

    private static double? ParseWidth(string? text) =>
        text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double width)
            && width > 0 && double.IsFinite(width)
            ? width
            : throw new UsageException($"--width '{text}' is not allowed: give a number above 0, such as 0.05.");
}
