namespace Sam.Gpu.Devices;

/// <summary>A batch of matrix products to compute: C = A B with a bias added to each row, or C += A B. A value; it computes nothing.</summary>
/// <remarks>
/// The terms of a number of C are summed in an order that depends on their number alone: neither the batch nor the number of threads changes a
/// bit. With no terms the products are 0, or the bias.
/// </remarks>
public readonly struct DeviceProduct
{
    /// <summary>Describes products without a bias.</summary>
    /// <param name="a">The left factors, m×k; <see cref="DeviceMatrix.Transposed"/> views are allowed.</param>
    /// <param name="b">The right factors, k×n; likewise.</param>
    /// <param name="c">The products, m×n, not transposed; they overlap no factor and not each other.</param>
    /// <param name="batch">The number of products, ≥ 1. A factor with batch stride 0 is shared by all.</param>
    /// <param name="accumulate">Whether to add to what <paramref name="c"/> holds; if not, that is not read.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other or their spans.</exception>
    public DeviceProduct(DeviceMatrix a, DeviceMatrix b, DeviceMatrix c, int batch = 1, bool accumulate = false)
    {
        if (batch < 1 || c.IsTransposed || (batch > 1 && c.BatchStride < 1)
            || a.Rows != c.Rows || b.Columns != c.Columns || a.Columns != b.Rows
            || a.Extent(batch) > a.Span.Length || b.Extent(batch) > b.Span.Length || c.Extent(batch) > c.Span.Length)
        {
            throw new ArgumentException(
                $"A product of {a.Rows}×{a.Columns} and {b.Rows}×{b.Columns} into {c.Rows}×{c.Columns}, batch {batch}, does not fit: the "
                + $"inner sizes must agree and the spans ({a.Span.Length}, {b.Span.Length}, {c.Span.Length} numbers) must hold the batch.");
        }

        (A, B, C, Batch, Accumulate) = (a, b, c, batch, accumulate);
    }

    /// <summary>The left factors, m×k.</summary>
    public DeviceMatrix A { get; }

    /// <summary>The right factors, k×n.</summary>
    public DeviceMatrix B { get; }

    /// <summary>The products, m×n.</summary>
    public DeviceMatrix C { get; }

    /// <summary>The number of products.</summary>
    public int Batch { get; }

    /// <summary>Whether they are added to what <see cref="C"/> holds.</summary>
    public bool Accumulate { get; }

    /// <summary>The biases, n numbers each, that of product i from i · <see cref="BiasStride"/> on; empty for none.</summary>
    public DeviceSpan Bias { get; private init; }

    /// <summary>The distance between the biases of two products; 0 for one that all share.</summary>
    public int BiasStride { get; private init; }

    /// <summary>Whether there is no number to compute.</summary>
    internal bool IsEmpty => C.Rows == 0 || C.Columns == 0;

    /// <summary>The same products with a bias.</summary>
    /// <param name="bias">The biases.</param>
    /// <param name="stride">The distance between those of two products; 0 for one that all share.</param>
    /// <exception cref="ArgumentException">The products are to be added to <see cref="C"/>, that has gaps, or the span is too short.</exception>
    public DeviceProduct WithBias(DeviceSpan bias, int stride = 0)
    {
        long needed = ((long)(Batch - 1) * stride) + C.Columns;
        if (Accumulate || HasGaps || stride < 0 || needed > bias.Length)
        {
            throw new ArgumentException(
                $"A bias of {bias.Length} numbers with stride {stride} does not fit a product into {C.Rows}×{C.Columns}, batch {Batch}: it takes {needed} "
                + $"numbers, and C without gaps that is written, not added to.",
                nameof(bias));
        }

        return this with { Bias = bias, BiasStride = stride };
    }

    /// <summary>The same products without their bias.</summary>
    internal DeviceProduct WithoutBias => this with { Bias = default, BiasStride = 0 };

    private bool HasGaps => C.RowStride != C.Columns || (Batch > 1 && C.BatchStride != C.Rows * C.Columns);

    /// <summary>Throws where C is not a block without gaps of directions of so many numbers.</summary>
    /// <param name="length">The numbers of a direction: whole rows.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    internal void RequireBlock(int length)
    {
        if (!IsEmpty && (HasGaps || length < 1 || length % C.Columns != 0 || (long)Batch * C.Rows % (length / C.Columns) != 0))
        {
            throw new ArgumentException(
                $"Products into {C.Rows}×{C.Columns}, batch {Batch}, are not a block without gaps of directions of {length} numbers.", nameof(length));
        }
    }
}
