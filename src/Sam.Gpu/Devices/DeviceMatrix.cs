namespace Sam.Gpu.Devices;

/// <summary>A batch of matrices in a device's memory, as an operand of a <see cref="DeviceProduct"/>. A value; it frees nothing.</summary>
/// <remarks>
/// Number (row, column) of matrix i of the batch lies at <c>i · BatchStride + row · RowStride + column</c> in <see cref="Span"/>; for a
/// <see cref="Transposed"/> view, row and column change places. A batch stride of 0 is one matrix for the whole batch.
/// </remarks>
public readonly struct DeviceMatrix
{
    /// <summary>Describes a matrix or a batch of them, stored row by row.</summary>
    /// <param name="span">Where the numbers lie.</param>
    /// <param name="rows">The rows, ≥ 0.</param>
    /// <param name="columns">The columns, ≥ 0.</param>
    /// <param name="rowStride">The distance between rows; default <paramref name="columns"/>.</param>
    /// <param name="batchStride">The distance between the matrices of a batch; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first matrix does not lie in the span.</exception>
    public DeviceMatrix(DeviceSpan span, int rows, int columns, int? rowStride = null, int batchStride = 0)
        : this(span, rows, columns, rowStride ?? columns, batchStride, false)
    {
        if (rows < 0 || columns < 0 || RowStride < columns || Extent(1) > span.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(span),
                $"A {rows}×{columns} matrix with row stride {RowStride} does not lie in the span of {span.Length} numbers of '{span.Memory?.Name}'.");
        }
    }

    private DeviceMatrix(DeviceSpan span, int rows, int columns, int rowStride, int batchStride, bool isTransposed)
    {
        Span = span;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        BatchStride = batchStride;
        IsTransposed = isTransposed;
    }

    /// <summary>Where the numbers lie.</summary>
    public DeviceSpan Span { get; }

    /// <summary>The rows of the matrix as an operand, transposition included.</summary>
    public int Rows { get; }

    /// <summary>The columns of the matrix as an operand, transposition included.</summary>
    public int Columns { get; }

    /// <summary>The distance in memory between stored rows.</summary>
    public int RowStride { get; }

    /// <summary>The distance in memory between the matrices of a batch.</summary>
    public int BatchStride { get; }

    /// <summary>Whether stored rows are columns of the operand.</summary>
    public bool IsTransposed { get; }

    /// <summary>The same memory read as the transposed matrix.</summary>
    public DeviceMatrix Transposed => new(Span, Columns, Rows, RowStride, BatchStride, !IsTransposed);

    /// <summary>How many numbers from the start of the span the first matrices of a batch reach over.</summary>
    /// <param name="batch">The number of matrices, ≥ 1.</param>
    internal long Extent(int batch)
    {
        var (rows, columns) = IsTransposed ? (Columns, Rows) : (Rows, Columns);
        return rows == 0 || columns == 0 ? 0 : ((long)(batch - 1) * BatchStride) + ((long)(rows - 1) * RowStride) + columns;
    }
}
