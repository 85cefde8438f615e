using System.Runtime.InteropServices;
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

/// <summary>The matrix product of a CPU: decides how a product is cut up, and shares the parts out.</summary>
/// <remarks>
/// <para>
/// After K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008, and the BLIS papers:
/// the depth is cut into blocks so short that a panel of B stays in the first-level cache, rows into blocks whose part of A stays in the
/// second, and <see cref="CpuMatrixTile{V}"/> does the rest in registers.
/// </para>
/// <para>
/// One rule makes every number of C independent of all other choices: its terms are summed in order within a block of the depth,
/// starting from zero, by fused multiply-adds; the sums of the blocks are added in order; and where the blocks end depends on the depth
/// alone. So neither the batch, the shape of C, the strides, the number of threads nor the way the work is shared out changes a bit.
/// </para>
/// </remarks>
internal sealed unsafe class CpuMatrixProduct<V>(WorkerPool pool) : IDisposable
    where V : unmanaged, IHostLane<V>
{
    /// <summary>The longest block of the depth: a panel of B of two lanes and this depth is 20 KiB with AVX2.</summary>
    internal const int LongestBlock = 320;

    // A part of A of so many rows and the longest depth takes half of a second-level cache of 512 KiB.
    private static readonly int RowsOfPiece = 768 / V.ElementSize;

    // Multiply-adds that take about as long as it takes to wake a thread up.
    private const long SmallestShare = 1 << 17;

    // What is packed of B at once: it stays in the last-level cache, or in the second where each worker packs its own.
    private const long LargestShared = 4 << 20;
    private const long LargestOwn = 1 << 20;

    // A C of at most this many numbers is cheap to keep once for each block of the depth.
    private const long LargestPartial = 1 << 16;
    private const long PartialNumbers = 1 << 20;

    private readonly NativeBuffer packed = new();
    private readonly NativeBuffer own = new();
    private readonly NativeBuffer partials = new();

    /// <summary>The most bytes that products work in, all in all.</summary>
    public long LargestWork =>
        LargestShared + (pool.Size * (LargestOwn + ((long)RowsOfPiece * LongestBlock * V.ElementSize)))
        + (Math.Max(PartialNumbers, 2 * pool.Size * LargestPartial) * V.ElementSize);

    /// <summary>The length of the blocks of the depth; the last may be shorter.</summary>
    /// <param name="depth">The depth, ≥ 1.</param>
    internal static int BlockLength(int depth)
    {
        int blocks = DivideUp(depth, LongestBlock);
        return DivideUp(DivideUp(depth, blocks), 8) * 8;
    }

    /// <summary>C = op(A) op(B) or C += op(A) op(B), for each item of a batch.</summary>
    public void Run(ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, bool accumulate)
    {
        if (depth == 0)
        {
            if (!accumulate)
            {
                Clear(c, rows, columns, batch);
            }

            return;
        }

        var work = new CpuMatrixWork<V>(a, b, c, rows, columns, depth, batch, accumulate, BlockLength(depth));
        long size = (long)rows * columns * depth * batch;
        bool isParallel = pool.Size > 1 && size >= SmallestShare;
        if (work.OuterItems == 1)
        {
            RunOne(ref work, isParallel);
        }
        else if (isParallel && work.OuterItems >= 2 * pool.Size)
        {
            RunItems(ref work);
        }
        else
        {
            for (int item = 0; item < work.OuterItems; item++)
            {
                var one = work.Item(item);
                RunOne(ref one, isParallel && size / work.OuterItems >= SmallestShare);
            }
        }
    }

    public void Dispose()
    {
        packed.Dispose();
        own.Dispose();
        partials.Dispose();
    }

    private static int DivideUp(int value, int divisor) => (int)(((long)value + divisor - 1) / divisor);

    private static void Clear(ProductOperand c, int rows, int columns, int batch)
    {
        for (int item = 0; item < batch; item++)
        {
            for (int row = 0; row < rows; row++)
            {
                long start = ((long)item * c.BatchStride) + ((long)row * c.RowStride);
                NativeMemory.Clear((byte*)c.Origin + (start * V.ElementSize), (nuint)columns * (nuint)V.ElementSize);
            }
        }
    }

    private void RunOne(ref CpuMatrixWork<V> work, bool isParallel)
    {
        if (isParallel && work.Blocks >= 2 * pool.Size && work.Numbers <= LargestPartial)
        {
            RunBlocks(ref work);
            return;
        }

        work.Share(RowsOfPiece, isParallel ? 4 * pool.Size : 1);
        work.Chunk(LargestShared);
        work.PackedB = packed.Reserve(work.PackedBytes);
        work.Own = own.Reserve((isParallel ? pool.Size : 1) * work.OwnBytes);
        if (!isParallel)
        {
            work.RunAll(work.Own);
            return;
        }

        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            for (bool more = work.FirstChunk(); more; more = work.NextChunk())
            {
                if (work.PacksB)
                {
                    pool.Run(&PackPiece, pointer, work.PackPieces);
                }

                pool.Run(&MultiplyPiece, pointer, work.Pieces);
            }
        }
    }

    // Products of a batch that share no factor: each is the business of one worker.
    private void RunItems(ref CpuMatrixWork<V> work)
    {
        work.Share(RowsOfPiece, 1);
        work.Chunk(LargestOwn);
        work.Own = own.Reserve(pool.Size * (work.OwnBytes + work.PackedBytes));
        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            pool.Run(&ItemPiece, pointer, work.OuterItems);
        }
    }

    // A long depth and a small C, as in the gradient of weights: each block of the depth is the business of one worker, which leaves its
    // sums in a place of their own; they are added in order afterwards.
    private void RunBlocks(ref CpuMatrixWork<V> work)
    {
        work.Share(RowsOfPiece, 1);
        work.Chunk(LargestOwn);
        work.Own = own.Reserve(pool.Size * (work.OwnBytes + work.PackedBytes));
        int group = (int)Math.Min(work.Blocks, Math.Max(2 * pool.Size, PartialNumbers / work.Numbers));
        work.Partials = partials.Reserve(group * work.Numbers * V.ElementSize);
        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            for (work.GroupStart = 0; work.GroupStart < work.Blocks; work.GroupStart += group)
            {
                work.GroupLength = Math.Min(group, work.Blocks - work.GroupStart);
                pool.Run(&BlockPiece, pointer, work.GroupLength);
                pool.Run(&SumPiece, pointer, work.SumPieces(pool.Size));
            }
        }
    }

    private static void PackPiece(void* work, int piece, int worker) => ((CpuMatrixWork<V>*)work)->Pack(piece);

    private static void MultiplyPiece(void* argument, int piece, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        work->Multiply(piece, work->Own + (worker * work->OwnBytes));
    }

    private static void ItemPiece(void* argument, int piece, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        byte* space = work->Own + (worker * (work->OwnBytes + work->PackedBytes));
        var item = work->Item(piece);
        item.PackedB = space + work->OwnBytes;
        item.RunAll(space);
    }

    private static void BlockPiece(void* argument, int piece, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        byte* space = work->Own + (worker * (work->OwnBytes + work->PackedBytes));
        var block = work->Block(piece);
        block.PackedB = space + work->OwnBytes;
        block.RunAll(space);
    }

    private static void SumPiece(void* work, int piece, int worker) => ((CpuMatrixWork<V>*)work)->SumBlocks(piece);
}
