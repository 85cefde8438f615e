using System.Globalization;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>A piece of work that both sides do.</summary>
/// <param name="Kind">The name that the PyTorch side has for it.</param>
/// <param name="Name">The name shown.</param>
/// <param name="Calls">How often it is done between two looks at the clock.</param>
/// <param name="Count">The directions of a product, the eigenpairs of a measurement; 0 where there are none.</param>
internal sealed record Work(string Kind, string Name, int Calls, int Count)
{
    /// <summary>The name of gradients.</summary>
    public const string GradientKind = "gradient";

    /// <summary>The name of SAM steps.</summary>
    public const string SamStepKind = "sam-step";

    /// <summary>The name of products; on the PyTorch side by double backward.</summary>
    public const string ProductsKind = "products";

    /// <summary>The name of products that the PyTorch side forms by forward over reverse mode, all directions in one batch.</summary>
    public const string ForwardProductsKind = "forward-products";

    /// <summary>The name of eigenpairs; on the PyTorch side by SciPy's eigsh.</summary>
    public const string EigenpairsKind = "eigenpairs";

    /// <summary>
    /// The name of eigenpairs that the PyTorch side finds by deflated power iteration, as far as it comes with 100 products a vector.
    /// </summary>
    public const string PowerIterationKind = "power-iteration";

    /// <summary>The name of a run of SAM that measures eigenpairs on the way, from warm starts.</summary>
    public const string MeasuredRunKind = "measured-run";

    /// <summary>The relative residual, ‖Hv − λv‖ / |λ|, that eigenpairs are wanted to.</summary>
    public const double Residual = 1e-3;

    /// <summary>The steps of a measured run.</summary>
    public const int RunSteps = 50;

    /// <summary>The steps between its measurements; the first is before the first step.</summary>
    public const int MeasuredEvery = 25;

    // Enough to see a wrong step, few enough that rounding has not been amplified yet: a run at the edge is chaotic.
    private const int MostComparedCalls = 10;

    /// <summary>The calls that one time stands for: 1, but for steps that are too short to be shown alone.</summary>
    public int ShownCalls { get; private init; } = 1;

    /// <summary>The most repetitions: work that takes seconds is not done more often by default.</summary>
    public int MostRepetitions { get; private init; } = int.MaxValue;

    /// <summary>The directions of a product; 0 where there are none.</summary>
    public int Directions => Kind is ProductsKind or ForwardProductsKind ? Count : 0;

    /// <summary>Whether the work gives eigenvalues, and how many products it takes is not known beforehand.</summary>
    public bool MeasuresEigenpairs => Kind is EigenpairsKind or PowerIterationKind or MeasuredRunKind;

    /// <summary>How often it is done before the results are compared.</summary>
    public int ComparedCalls => Math.Min(ShownCalls, MostComparedCalls);

    /// <summary>Loss and gradient.</summary>
    /// <param name="calls">How often it is done between two looks at the clock.</param>
    public static Work Gradient(int calls = 1) => new(GradientKind, "gradient", calls, 0);

    /// <summary>A SAM step: two gradients and the update.</summary>
    /// <param name="calls">How often it is done between two looks at the clock.</param>
    public static Work SamStep(int calls = 1) => new(SamStepKind, "SAM step", calls, 0);

    /// <summary>Many SAM steps, shown as one piece of work.</summary>
    /// <param name="count">How many.</param>
    public static Work SamSteps(int count) =>
        new(SamStepKind, $"{count.ToString(CultureInfo.InvariantCulture)} SAM steps", count, 0) { ShownCalls = count };

    /// <summary>Loss, gradient and the Hessian times some directions at a new point.</summary>
    /// <param name="directions">K.</param>
    public static Work Products(int directions) =>
        new(ProductsKind, directions == 1 ? "one product" : $"block of {directions.ToString(CultureInfo.InvariantCulture)}", 1, directions);

    /// <summary>The same as <see cref="Products"/>, against another form of it in PyTorch.</summary>
    /// <param name="directions">K.</param>
    public static Work ForwardProducts(int directions)
    {
        var work = Products(directions);
        return work with { Kind = ForwardProductsKind, Name = work.Name + ", forward over reverse" };
    }

    /// <summary>The largest eigenvalues of the Hessian with their vectors at a new point, from a random start.</summary>
    /// <param name="count">How many.</param>
    /// <param name="kind"><see cref="EigenpairsKind"/> or <see cref="PowerIterationKind"/>.</param>
    public static Work Eigenpairs(int count, string kind)
    {
        var (way, repetitions) = kind == EigenpairsKind ? ("eigsh", 3) : ("power iteration", 1);
        return new(kind, $"top {count.ToString(CultureInfo.InvariantCulture)} eigenpairs, {way}", 1, count) { MostRepetitions = repetitions };
    }

    /// <summary>SAM steps with measurements of the largest eigenvalues on the way.</summary>
    /// <param name="eigenpairs">How many eigenvalues.</param>
    public static Work MeasuredRun(int eigenpairs) =>
        new(MeasuredRunKind, $"measured run of {RunSteps.ToString(CultureInfo.InvariantCulture)} steps", 1, eigenpairs) { MostRepetitions = 3 };

    /// <summary>
    /// The operations of the matrix products that this work needs at least: 2 for a multiplication and an addition. Null where it depends on
    /// how many products it takes.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">The examples.</param>
    public double? Floor(Network network, int examples)
    {
        if (MeasuresEigenpairs)
        {
            return null;
        }

        var count = ProductCount.Of(network);
        return 2.0 * examples * ShownCalls * (((Kind == SamStepKind ? 2 : 1) * count.Gradient) + (Directions * count.Direction));
    }
}
