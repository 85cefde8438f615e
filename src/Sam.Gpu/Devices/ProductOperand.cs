namespace Sam.Gpu.Devices;

/// <summary>A matrix in host memory: number (row, column) of item i lies at i · BatchStride + row · RowStride + column, or transposed.</summary>
internal readonly unsafe struct ProductOperand(void* origin, int rowStride, int batchStride, bool isTransposed)
{
    public readonly void* Origin = origin;
    public readonly int RowStride = rowStride;
    public readonly int BatchStride = batchStride;
    public readonly bool IsTransposed = isTransposed;
}

/// <summary>What the products begin with: a row for each item of a batch, which lies at i · BatchStride and is added to each row of C.</summary>
internal readonly unsafe struct ProductBias(void* origin, int batchStride)
{
    public readonly void* Origin = origin;
    public readonly int BatchStride = batchStride;

    public bool IsEmpty => Origin == null;
}
