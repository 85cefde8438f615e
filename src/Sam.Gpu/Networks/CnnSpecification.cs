using System.Globalization;

namespace Sam.Gpu.Networks;

/// <summary>Blocks of convolutions, each block ending in pooling, then a dense layer: <c>cnn:CHANNELS[,layers=L][,norm=layer|none][,pool=max|average]</c>.</summary>
/// <remarks>
/// <para>
/// CHANNELS are those of the blocks, joined by hyphens. A block is L times (convolution 3×3 SAME, activation, layer norm over the channels
/// with ε = 1e-6), then pooling 2×2 with stride 2. With relu, <c>cnn:16-32</c> is the network of Long and Bartlett's code
/// (google-deepmind/sam_edge), but that the dense layer sees the channels first, which permutes its weights. <c>cnn:32-32,norm=none</c> and
/// <c>cnn:32-32,norm=none,pool=average</c> are those of Cohen et al. (locuslab/edge-of-stability).
/// </para>
/// <para>Parameters are named as in an nn.Sequential of Conv2d, the activation, a layer norm over channels, MaxPool2d, …, Flatten, Linear.</para>
/// </remarks>
internal sealed class CnnSpecification : NetworkSpecification
{
    /// <summary>The name before the colon.</summary>
    public const string Family = "cnn";

    // flax's.
    private const double NormEpsilon = 1e-6;

    private readonly int[] channels;
    private readonly int layersOfBlock = 1;
    private readonly bool hasNorm = true;
    private readonly bool isAverage;

    /// <summary>Reads a specification.</summary>
    public CnnSpecification(string text)
        : base(text)
    {
        channels = ParseWidths("cnn:16-32");
        if (channels.Length == 0)
        {
            throw new UsageException($"--network {text}: give the channels of each block, such as cnn:16-32.");
        }

        foreach (string option in Options)
        {
            string[] parts = option.Split('=', 2);
            switch (option)
            {
                case "norm=layer" or "norm=none":
                    hasNorm = option == "norm=layer";
                    break;
                case "pool=max" or "pool=average":
                    isAverage = option == "pool=average";
                    break;
                case var _ when parts is ["layers", var count]
                    && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 100:
                    layersOfBlock = value;
                    break;
                default:
                    throw UnknownOption(option, "layers=1 to layers=100, norm=layer, norm=none, pool=max, pool=average");
            }
        }
    }

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> Forms { get; } =
    [
        ("cnn:C1-C2-…", "blocks of C1, C2, … channels: convolution 3×3, activation, layer norm; 2×2 max pooling; then a dense layer. For images"),
        ("cnn:C1-…,layers=L", "the same with L convolutions in each block; norm=none: without layer norm; pool=average: average pooling"),
    ];

    /// <inheritdoc/>
    public override bool NeedsInputShape => true;

    private protected override IReadOnlyList<Layer> Layers(
        IReadOnlyList<int> inputShape, int outputs, string activation, Predicate<string> hasBias)
    {
        var image = inputShape switch
        {
            [var depth, var height, var width] => new ImageShape(depth, height, width),
            [var height, var width] => new ImageShape(1, height, width),
            _ => throw new UsageException(
                $"--network {Text} needs images, [channels, height, width] or [height, width] an example; "
                + $"the examples have the shape [{string.Join(", ", inputShape)}]. Use --data cifar10 or mnist, or an mlp."),
        };
        var layers = new List<Layer>();
        foreach (int width in channels)
        {
            for (int i = 0; i < layersOfBlock; i++)
            {
                var window = new Window(3, 3, Padding: null);
                bool isBiased = hasBias(BiasOf(layers));
                layers.Add(layers.Count == 0 ? new PlanarConvolution(image, width, window, isBiased) : new Convolution(image, width, window, isBiased));
                image = image with { Channels = width };
                if (Activations.Create(activation, image.Size) is { } layer)
                {
                    layers.Add(layer);
                }

                if (hasNorm)
                {
                    layers.Add(new LayerNorm(width, NormEpsilon, image.Pixels));
                }
            }

            if (image.Height < 2 || image.Width < 2)
            {
                throw new UsageException(
                    $"--network {Text}: {image.Height}×{image.Width} pixels are left before the pooling of a block. Give fewer blocks.");
            }

            var pool = new Window(2, 2, Stride: 2);
            layers.Add(isAverage ? new AveragePooling(image, pool) : new MaximumPooling(image, pool));
            image = image with { Height = image.Height / 2, Width = image.Width / 2 };
        }

        layers.Add(new Flatten(image));
        layers.Add(new Dense(image.Size, outputs, hasBias(BiasOf(layers))));
        return layers;
    }
}
