namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>A matrix product of a recipe: C = op(A) op(B), [rows, columns] from [rows, depth] and [depth, columns].</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Rows">The rows of C.</param>
/// <param name="Columns">The columns of C.</param>
/// <param name="Depth">The terms of a sum.</param>
/// <param name="IsATransposed">Whether A is stored as [depth, rows].</param>
/// <param name="IsBTransposed">Whether B is stored as [columns, depth].</param>
internal sealed record ProductShape(string Name, int Rows, int Columns, int Depth, bool IsATransposed, bool IsBTransposed)
{
    private const int Examples = 5000;
    private const int Directions = 8;

    /// <summary>The products of a call.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Whether all products of a call have the same A.</summary>
    public bool SharesA { get; init; }

    /// <summary>Whether all products of a call have the same B.</summary>
    public bool SharesB { get; init; }

    /// <summary>The numbers of one A.</summary>
    public int ALength => Rows * Depth;

    /// <summary>The numbers of one B.</summary>
    public int BLength => Depth * Columns;

    /// <summary>The numbers of one C.</summary>
    public int CLength => Rows * Columns;

    /// <summary>The operations of a call, a multiplication and an addition counted as 2.</summary>
    public double Operations => 2.0 * Rows * Columns * Depth * Batch;

    /// <summary>The shapes, in the order to show.</summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        .. Layer("mlp 200-200", 784, 200, isFirst: true),
        .. Layer("mlp 200-200", 200, 200),
        .. Layer("mlp 200-200", 200, 10),
        .. Layer("mlp 1000×3", 784, 1000, isFirst: true),
        .. Layer("mlp 1000×3", 1000, 1000),
        .. Layer("mlp 1000×3", 1000, 10),
        // cnn:16-32 on 100 images of 32×32×3, windows of 3×3.
        new("cnn, first convolution", 100 * 32 * 32, 16, 27, false, true),
        new("cnn, second convolution", 100 * 16 * 16, 32, 144, false, true),
        new("cnn, second weight gradient", 32, 144, 100 * 16 * 16, true, false),
        // transformer:layers=2,heads=2,key=16,model=32,sequence=32 on 256 sequences.
        new("transformer, queries, keys and values", 256 * 32, 96, 32, false, true),
        new("transformer, scores", 32, 32, 16, false, true) { Batch = 512 },
        new("transformer, mix of values", 32, 16, 32, false, false) { Batch = 512 },
        new("transformer, feed forward", 256 * 32, 128, 32, false, true),
        new("square 64", 64, 64, 64, false, false),
        new("square 256", 256, 256, 256, false, false),
        new("square 1024", 1024, 1024, 1024, false, false),
    ];

    // The products of a dense layer in the passes 1 and 2, and of a block of directions in the passes 3 and 4.
    private static IEnumerable<ProductShape> Layer(string network, int inputs, int outputs, bool isFirst = false)
    {
        string name = FormattableString.Invariant($"{network}, {inputs}→{outputs}");
        yield return new($"{name}, forward", Examples, outputs, inputs, false, true);
        yield return new($"{name}, weight gradient", outputs, inputs, Examples, true, false);
        yield return new($"{name}, x RWᵀ", Examples, outputs, inputs, false, true) { Batch = Directions, SharesA = true };
        yield return new($"{name}, R∂zᵀ x", outputs, inputs, Examples, true, false) { Batch = Directions, SharesB = true };
        if (!isFirst)
        {
            yield return new($"{name}, input gradient", Examples, inputs, outputs, false, false);
            yield return new($"{name}, Rx Wᵀ", Examples, outputs, inputs, false, true) { Batch = Directions, SharesB = true };
            yield return new($"{name}, R∂z W", Examples, inputs, outputs, false, false) { Batch = Directions, SharesB = true };
            yield return new($"{name}, ∂z RW", Examples, inputs, outputs, false, false) { Batch = Directions, SharesA = true };
            yield return new($"{name}, ∂zᵀ Rx", outputs, inputs, Examples, true, false) { Batch = Directions, SharesA = true };
        }
    }
}
