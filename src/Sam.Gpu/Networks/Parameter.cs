namespace Sam.Gpu.Networks;

/// <summary>A named array of a network's parameters: its place in the flat vector θ, and what an initialization needs to know.</summary>
/// <param name="Name">As PyTorch's <c>nn.Sequential</c> names it, such as <c>0.weight</c>.</param>
/// <param name="Shape">As PyTorch shapes it: [outputs, inputs] for a weight, [outputs] for a bias.</param>
/// <param name="Offset">The index of its first number in θ.</param>
/// <param name="FanIn">The inputs of one output.</param>
/// <param name="FanOut">The outputs of one input.</param>
/// <param name="IsBias">Whether it is a bias, or scales or shifts a normalization: not a weight that an initialization draws.</param>
public sealed record Parameter(string Name, IReadOnlyList<int> Shape, int Offset, int FanIn, int FanOut, bool IsBias)
{
    /// <summary>What every number begins as, whatever the initialization; null where that decides.</summary>
    public double? Start { get; init; }

    /// <summary>
    /// The standard deviation, before it is cut off at two of them, of the normal distribution that the initialization <c>network</c>
    /// draws from; null where the network has none of its own.
    /// </summary>
    public double? Deviation { get; init; }

    /// <summary>The number of numbers.</summary>
    public int Length => Shape.Aggregate(1, (product, size) => checked(product * size));
}
