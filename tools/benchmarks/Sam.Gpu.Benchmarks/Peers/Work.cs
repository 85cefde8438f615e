using System.Globalization;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>A piece of work that both sides do.</summary>
/// <param name="Kind">The name that the PyTorch side has for it.</param>
/// <param name="Name">The name shown.</param>
/// <param name="Calls">How often it is done between two looks at the clock.</param>
/// <param name="Directions">The directions of a product; 0 where there are none.</param>
internal sealed record Work(string Kind, string Name, int Calls, int Directions)
{
    /// <summary>The name of gradients.</summary>
    public const string GradientKind = "gradient";

    /// <summary>The name of SAM steps.</summary>
    public const string SamStepKind = "sam-step";

    /// <summary>The name of products.</summary>
    public const string ProductsKind = "products";

    // Enough to see a wrong step, few enough that rounding has not been amplified yet: a run at the edge is chaotic.
    private const int MostComparedCalls = 10;

    /// <summary>The calls that one time stands for: 1, but for steps that are too short to be shown alone.</summary>
    public int ShownCalls { get; private init; } = 1;

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

    /// <summary>The operations of the matrix products that this work needs at least: 2 for a multiplication and an addition.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">The examples.</param>
    public double Floor(Network network, int examples)
    {
        var count = ProductCount.Of(network);
        return 2.0 * examples * ShownCalls * (((Kind == SamStepKind ? 2 : 1) * count.Gradient) + (Directions * count.Direction));
    }
}
