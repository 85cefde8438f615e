using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>The multiplications, each with its addition, that the matrix products of a network's passes need at least for one example.</summary>
/// <remarks>
/// A weight that meets R rows of an example (the pixels of a convolution's output, the positions of a sequence, else 1) counts R times its
/// numbers: A in all, B above the first layer that has weights, whose input depends on no parameter. An embedding looks rows up and counts
/// as nothing. C is the products Q Kᵀ and P V of attention, the positions that are seen alone, which passes 2 to 4 take 2, 2 and 4 times.
/// </remarks>
/// <param name="All">A.</param>
/// <param name="Above">B.</param>
/// <param name="Attention">C.</param>
internal readonly record struct ProductCount(double All, double Above, double Attention)
{
    /// <summary>A forward pass: A + C.</summary>
    public double Forward => All + Attention;

    /// <summary>Forward, the gradient of the weights, and above the first layer that of the inputs: 2 A + B + 3 C.</summary>
    public double Gradient => (2 * All) + Above + (3 * Attention);

    /// <summary>
    /// A direction: in each of the passes 3 and 4 one product over all layers; above the first one more in pass 3 and three more in pass 4:
    /// 2 A + 4 B + 6 C.
    /// </summary>
    public double Direction => (2 * All) + (4 * Above) + (6 * Attention);

    /// <summary>Counts the products of a network.</summary>
    /// <param name="network">The network.</param>
    public static ProductCount Of(Network network)
    {
        var layers = network.Layers.SelectMany(Inner).ToArray();
        double[] weights =
        [
            .. from layer in layers
               where layer is Dense or Convolution or PlanarConvolution
               let weight = layer.Parameters[0]
               select (double)(layer.Outputs / weight.Shape[0]) * weight.Length,
        ];

        // Of T positions, each sees T/2 on average and half of itself. The network's inputs are the tokens then.
        double attention = layers.OfType<CausalAttention>().Sum(layer => (double)layer.Outputs * (network.Inputs + 1));
        return new ProductCount(weights.Sum(), weights.Sum() - (layers[0] is Embedding ? 0 : weights[0]), attention);
    }

    private static IEnumerable<Layer> Inner(Layer layer) => layer is Residual residual ? residual.Layers.SelectMany(Inner) : [layer];
}
