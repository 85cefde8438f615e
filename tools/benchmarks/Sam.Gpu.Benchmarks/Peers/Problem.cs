using Sam.Gpu.Devices;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>A network, its data and its loss, and the work that both sides do on it.</summary>
internal sealed record Problem
{
    /// <summary>The name shown.</summary>
    public required string Name { get; init; }

    /// <summary>The network, as <see cref="NetworkSpecification"/> reads it.</summary>
    public required string Network { get; init; }

    /// <summary>The activation: one that the PyTorch side knows.</summary>
    public required string Activation { get; init; }

    /// <summary>The loss: one that the PyTorch side knows.</summary>
    public required string Loss { get; init; }

    /// <summary>The initialization.</summary>
    public required string Initialization { get; init; }

    /// <summary>The data set, as <see cref="Data.DataSource"/> names it. What stands in for files that are not there, <see cref="StandIns"/> says.</summary>
    public required string Data { get; init; }

    /// <summary>The examples taken of it; null for all.</summary>
    public int? Examples { get; init; }

    /// <summary>The numbers that both sides compute with.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The threads; null for as many as the benchmark is given.</summary>
    public int? Threads { get; init; }

    /// <summary>η of the SAM steps: large enough that a step is far above the rounding of the parameters.</summary>
    public required double StepSize { get; init; }

    /// <summary>ρ of the SAM steps.</summary>
    public required double Rho { get; init; }

    /// <summary>How often each side is timed, unless the user says otherwise.</summary>
    public required int Repetitions { get; init; }

    /// <summary>The work.</summary>
    public required IReadOnlyList<Work> Works { get; init; }

    /// <summary>The largest relative difference of results that is taken for rounding.</summary>
    /// <remarks>
    /// Sums of thousands of terms in another order leave some 10⁻⁶ in float and 10⁻¹⁵ in double; a wrong factor or a missing term leaves
    /// more than 10⁻². Where rounding moves an input of relu across its kink, the derivative jumps by 1: of 15 million inputs in float that
    /// befalls a few, and they leave some 10⁻⁴ of a product. An eigenvalue whose pair has the relative residual r is off by r at most;
    /// power iteration gives up before it is there.
    /// </remarks>
    /// <param name="work">The work.</param>
    public double Tolerance(Work work) =>
        work.Kind == Work.PowerIterationKind ? 0.02
        : work.MeasuresEigenpairs ? Work.Residual
        : Precision == Precision.Double ? 1e-10
        : Activation == "relu" && work.Directions > 0 ? 5e-4
        : 1e-4;

    /// <summary>The problems, in the order to show.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        new()
        {
            Name = "mlp 784-200-200-10 tanh",
            Network = "mlp:200-200",
            Activation = "tanh",
            Loss = "half-squared-error",
            Initialization = "glorot-normal",
            Data = StandIns.Digits,
            Examples = 5000,
            Precision = Precision.Float,
            StepSize = 0.05,
            Rho = 0.1,
            Repetitions = 11,
            Works =
            [
                Work.Gradient(3), Work.SamStep(3), Work.Products(1), Work.Products(8), Work.ForwardProducts(1), Work.ForwardProducts(8),
                Work.Eigenpairs(5, Work.EigenpairsKind), Work.Eigenpairs(5, Work.PowerIterationKind), Work.MeasuredRun(5),
            ],
        },
        new()
        {
            Name = "mlp 784-1000-1000-1000-10 relu",
            Network = "mlp:1000-1000-1000",
            Activation = "relu",
            Loss = "mse",
            Initialization = "he-normal",
            Data = StandIns.Digits,
            Examples = 5000,
            Precision = Precision.Float,
            StepSize = 0.5,
            Rho = 0.1,
            Repetitions = 3,
            Works =
            [
                Work.Gradient(), Work.SamStep(), Work.Products(1), Work.Products(8), Work.ForwardProducts(1), Work.ForwardProducts(8),
            ],
        },
        new()
        {
            Name = "cnn 16-32 relu",
            Network = "cnn:16-32",
            Activation = "relu",
            Loss = "mse",
            Initialization = "glorot-truncated",
            Data = StandIns.Images,
            Examples = 1000,
            Precision = Precision.Float,
            StepSize = 0.05,
            Rho = 0.05,
            Repetitions = 5,
            Works = [Work.Gradient(), Work.SamStep(), Work.Products(1), Work.Products(8)],
        },
        new()
        {
            Name = "transformer 2 layers gelu",
            Network = "transformer:layers=2,heads=2,key=16,model=32,sequence=32",
            Activation = "gelu-tanh",
            Loss = "cross-entropy",
            Initialization = "network",
            Data = StandIns.Text,
            Examples = 256,
            Precision = Precision.Float,
            StepSize = 0.5,
            Rho = 0.03,
            Repetitions = 11,
            Works = [Work.Gradient(3), Work.SamStep(3), Work.Products(1), Work.Products(8)],
        },
        new()
        {
            Name = "chebyshev",
            Network = "mlp:100,bias=hidden",
            Activation = "tanh",
            Loss = "half-squared-error",
            Initialization = "glorot-normal:1.9-1",
            Data = "chebyshev-5-20",
            Precision = Precision.Double,
            Threads = 1,
            StepSize = 0.1,
            Rho = 0.03,
            Repetitions = 5,
            Works = [Work.SamSteps(2000), Work.SamSteps(10_000)],
        },
    ];
}
