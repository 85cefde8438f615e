using Sam.Gpu.Devices;

namespace Sam.Gpu.Ilgpu.Vendor;

/// <summary>A batch of our products in the terms of BLAS: C ← α op(A) op(B) + β C, everything stored column by column.</summary>
/// <remarks>
/// <para>
/// Memory that we read as a matrix row by row, BLAS reads as its transpose. So it is asked for Cᵀ = Bᵀ Aᵀ: its first factor is our right
/// one, its rows are our columns, and a leading dimension is a row stride. A factor that we hold untransposed is already the one BLAS
/// needs (N), one that we hold transposed is not (T).
/// </para>
/// <para>m, n, k: rows and columns of BLAS's C, and the depth.</para>
/// </remarks>
internal readonly record struct GemmArguments
{
    private GemmArguments(DeviceMatrix left, DeviceMatrix right, DeviceMatrix product)
    {
        TransposeFirst = right.IsTransposed;
        TransposeSecond = left.IsTransposed;
        M = product.Columns;
        N = product.Rows;
        K = left.Columns;
        FirstStride = Math.Max(1, right.RowStride);
        SecondStride = Math.Max(1, left.RowStride);
        ProductStride = Math.Max(1, product.RowStride);
        FirstBatchStride = right.BatchStride;
        SecondBatchStride = left.BatchStride;
        ProductBatchStride = product.BatchStride;
    }

    /// <summary>Whether op(A), of our right factor, transposes.</summary>
    public bool TransposeFirst { get; }

    /// <summary>Whether op(B), of our left factor, transposes.</summary>
    public bool TransposeSecond { get; }

    /// <summary>m.</summary>
    public int M { get; }

    /// <summary>n.</summary>
    public int N { get; }

    /// <summary>k.</summary>
    public int K { get; }

    /// <summary>The leading dimension of A.</summary>
    public int FirstStride { get; }

    /// <summary>The leading dimension of B.</summary>
    public int SecondStride { get; }

    /// <summary>The leading dimension of C.</summary>
    public int ProductStride { get; }

    /// <summary>The numbers from one A to the next.</summary>
    public long FirstBatchStride { get; }

    /// <summary>The numbers from one B to the next.</summary>
    public long SecondBatchStride { get; }

    /// <summary>The numbers from one C to the next.</summary>
    public long ProductBatchStride { get; }

    /// <summary>The arguments for our product of two factors.</summary>
    /// <param name="left">Our left factor.</param>
    /// <param name="right">Our right factor.</param>
    /// <param name="product">Our product.</param>
    public static GemmArguments Of(DeviceMatrix left, DeviceMatrix right, DeviceMatrix product) => new(left, right, product);
}
