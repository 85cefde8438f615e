using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>A matrix in host memory: number (row, column) of item i lies at i · BatchStride + row · RowStride + column, or transposed.</summary>
internal readonly unsafe struct ProductOperand(void* origin, int rowStride, int batchStride, bool isTransposed)
{
    public readonly void* Origin = origin;
    public readonly int RowStride = rowStride;
    public readonly int BatchStride = batchStride;
    public readonly bool IsTransposed = isTransposed;
}

/// <summary>The matrix product of a CPU.</summary>
internal sealed unsafe class CpuMatrixProduct<V>(WorkerPool pool) : IDisposable
    where V : unmanaged, IHostLane<V>
{
    /// <summary>C = op(A) op(B) or C += op(A) op(B), for each item of a batch.</summary>
    public void Run(ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, bool accumulate)
    {
        _ = pool;
        for (int item = 0; item < batch; item++)
        {
            byte* pa = (byte*)a.Origin + ((long)item * a.BatchStride * V.ElementSize);
            byte* pb = (byte*)b.Origin + ((long)item * b.BatchStride * V.ElementSize);
            byte* pc = (byte*)c.Origin + ((long)item * c.BatchStride * V.ElementSize);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    byte* target = pc + ((((long)row * c.RowStride) + column) * V.ElementSize);
                    V sum = accumulate ? V.Broadcast(target) : V.Constant(0);
                    for (int k = 0; k < depth; k++)
                    {
                        long left = a.IsTransposed ? ((long)k * a.RowStride) + row : ((long)row * a.RowStride) + k;
                        long right = b.IsTransposed ? ((long)column * b.RowStride) + k : ((long)k * b.RowStride) + column;
                        sum = V.FusedMultiplyAdd(V.Broadcast(pa + (left * V.ElementSize)), V.Broadcast(pb + (right * V.ElementSize)), sum);
                    }

                    V.StoreFirst(target, sum);
                }
            }
        }
    }

    public void Dispose()
    {
    }
}
