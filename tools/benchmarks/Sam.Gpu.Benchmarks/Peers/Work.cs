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

    /// <summary>
    /// The operations of the matrix products that this work needs at least, counted: 2 for a multiplication and an addition.
    /// </summary>
    /// <remarks>
    /// With N examples, A weights and B weights above the first layer, a gradient takes 2 N (2 A + B): forward, gradient of the weights,
    /// gradient of the inputs of all layers but the first. A direction takes 2 N (2 A + 4 B) more: in each of the passes 3 and 4 one
    /// product over all layers; above the first layer one more in pass 3 and three more in pass 4.
    /// </remarks>
    public double Floor(Network network, int examples)
    {
        double[] weights = [.. network.Parameters.Where(parameter => !parameter.IsBias).Select(parameter => (double)parameter.Length)];
        double all = weights.Sum();
        double above = all - weights[0];
        double gradient = 2.0 * examples * ((2 * all) + above);
        double direction = 2.0 * examples * ((2 * all) + (4 * above));
        return ShownCalls * (((Kind == SamStepKind ? 2 : 1) * gradient) + (Directions * direction));
    }
}
