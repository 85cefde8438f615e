using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Experiments;

/// <summary>Whose spectrum to measure, and how: the options of <c>samgpu spectrum</c>.</summary>
/// <remarks>Either <see cref="Run"/> is given, or <see cref="Network"/>, <see cref="Activation"/>, <see cref="Loss"/>,
/// <see cref="Parameters"/> and <see cref="Inputs"/>, as <see cref="EvaluationRequest"/> has them.</remarks>
public sealed record SpectrumRequest
{
    /// <summary>The value in <see cref="Layers"/> that stands for each layer on its own.</summary>
    public const string EachLayer = "each";

    /// <summary>The folder of a run, or its <c>run.json</c>.</summary>
    public string? Run { get; init; }

    /// <summary>The folder that the data sets of runs lie in.</summary>
    public string DataRoot { get; init; } = "data";

    /// <summary>The network with its hidden widths, such as <c>mlp:200-200</c>.</summary>
    public string? Network { get; init; }

    /// <summary>The activation function.</summary>
    public string? Activation { get; init; }

    /// <summary>The loss.</summary>
    public string? Loss { get; init; }

    /// <summary>The .npz file of the parameters.</summary>
    public string? Parameters { get; init; }

    /// <summary>The .npz file of the examples.</summary>
    public string? Inputs { get; init; }

    /// <summary>The matrix.</summary>
    public CurvatureMatrix Matrix { get; init; } = CurvatureMatrix.Hessian;

    /// <summary>
    /// The blocks to measure: names as <see cref="ParameterMask.Of"/> reads them, or <see cref="EachLayer"/>. Default the whole.
    /// </summary>
    public IReadOnlyList<string> Layers { get; init; } = [ParameterMask.WholeName];

    /// <summary>K, the eigenvalues at each end, 1 … 100. Of a block with fewer than 2K numbers, all.</summary>
    /// <remarks>Default 5: in classification the outliers are about as many as the classes, in regression fewer.</remarks>
    public int Eigenvalues { get; init; } = 5;

    /// <summary>The relative residual at which an eigenvalue has converged; null is the solver's default.</summary>
    public double? EigenvalueTolerance { get; init; }

    /// <summary>The products of each of the two estimates of the trace.</summary>
    public int TraceProducts { get; init; } = Hutchinson.DefaultProducts;

    /// <summary>The runs of the Lanczos method for the density.</summary>
    public int LanczosRuns { get; init; } = StochasticLanczosQuadrature.DefaultRuns;

    /// <summary>The steps of each.</summary>
    public int LanczosSteps { get; init; } = StochasticLanczosQuadrature.DefaultSteps;

    /// <summary>The standard deviation of the smoothing; null for <see cref="SpectralDensity.DefaultWidth"/>.</summary>
    public double? Width { get; init; }

    /// <summary>ρ of the ascent for the alignment of SAM's gradient; null is that of the run, or none.</summary>
    public double? Rho { get; init; }

    /// <summary>The seed of every random vector; null is that of the run, or 0.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The precision; null is that of the run, or double.</summary>
    public Precision? Precision { get; init; }

    /// <summary>The devices to choose from.</summary>
    public DeviceCatalog Devices { get; init; } = new([]);

    /// <summary>The device, as <see cref="DeviceCatalog.Find"/> reads it; null is that of the run, or auto.</summary>
    public string? Device { get; init; }

    /// <summary>Whose matrix products to use; null is as in the run, or auto.</summary>
    public MatrixProducts? MatrixProducts { get; init; }

    /// <summary>Whether the vendor's float products may round their factors to tf32; null is as in the run, or not.</summary>
    public bool? AllowsTf32 { get; init; }

    /// <summary>The threads of a CPU; null is as in the run, 0 is one a core. No result depends on it.</summary>
    public int? Threads { get; init; }

    /// <summary>The examples taken through the network at once; null is as in the run, or as many as fit.</summary>
    public int? Chunk { get; init; }

    /// <summary>
    /// The folder to make; null is the first free one of <c>spectrum</c>, <c>spectrum-2</c>, … in that of the run, or in <c>runs</c>.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>Writes the figures, one file a figure and exporter; empty for none. Default SVG.</summary>
    public IReadOnlyList<IFigureExporter> Figures { get; init; } = FigureFolder.Default;

    /// <summary>The printed size of the figures; null for one column.</summary>
    public FigureSize? FigureSize { get; init; }

    /// <summary>The command line, for the record.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Is told what is done next, for people who wait.</summary>
    public Action<string>? Progress { get; init; }
}
