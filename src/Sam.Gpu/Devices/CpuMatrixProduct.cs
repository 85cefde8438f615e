using System.Runtime.InteropServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>The matrix product of a CPU: decides how a product is cut up, and shares the parts out.</summary>
/// <remarks>
/// <para>
/// After K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008, and the BLIS papers:
/// the depth is cut into blocks so short that a panel of B stays in the first-level cache, rows into blocks whose part of A stays in the
/// second, and <see cref="CpuMatrixTile{V}"/> does the rest in registers.
/// </para>
/// <para>
/// One rule makes every number of C independent of all other choices: its terms are summed in order within a block of the depth,
/// starting from zero, by fused multiply-adds; the sums of the blocks are added in order, to what C or the bias begins with; and where the
/// blocks end depends on the depth alone. So neither the batch, the shape of C, the strides, the number of threads nor the way the work is
/// shared out changes a bit.
/// </para>
/// </remarks>
internal sealed unsafe class CpuMatrixProduct<V>(WorkerPool pool) : IDisposable
    where V : unmanaged, IHostLane<V>
{
    /// <summary>The longest block of the depth: a panel of B of two lanes and this depth is 20 KiB with AVX2.</summary>
    internal const int LongestBlock = 320;

    // Multiply-adds that take about as long as it takes to wake a thread up.
    private const long SmallestShare = 1 << 17;

    // A C of at most this many numbers is cheap to keep once for each block of the depth.
    private const long LargestPartial = 1 << 16;
    private const long PartialNumbers = 1 << 20;

    // What each worker packs by itself, and behind that what all of them pack or the sums of blocks of the depth.
    private readonly NativeBuffer room = new();

    /// <summary>The most bytes that a product has worked in so far.</summary>
    public long Reserved => room.Capacity;

    /// <summary>The length of the blocks of the depth; the last may be shorter.</summary>
    /// <param name="depth">The depth, ≥ 1.</param>
    internal static int BlockLength(int depth)
    {
        int blocks = DivideUp(depth, LongestBlock);
        return DivideUp(DivideUp(depth, blocks), 8) * 8;
    }

    /// <summary>How many parts of at most a size there are: the quotient, rounded up.</summary>
    internal static int DivideUp(int value, int divisor) => (int)(((long)value + divisor - 1) / divisor);

    /// <summary>C = op(A) op(B), with a bias added to each row, or C += op(A) op(B), for each item of a batch; then the epilogue on C.</summary>
    /// <remarks>With a bias or an epilogue, C has no gaps.</remarks>
    public void Run(
        ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, bool accumulate,
        ProductBias bias = default, ProductEpilogue epilogue = default)
    {
        // Lanes that run along a single column, and sums of nothing, know no bias and no epilogue: they come before and after.
        bool isApart = depth == 0 || columns == 1;
        if (isApart && !bias.IsEmpty)
        {
            Begin(c, rows, columns, batch, bias);
            accumulate = true;
        }

        if (depth == 0 && !accumulate)
        {
            Clear(c, rows, columns, batch);
        }

        if (depth > 0)
        {
            var work = new CpuMatrixWork<V>(
                a, b, c, rows, columns, depth, batch, accumulate, isApart ? default : bias, isApart ? default : epilogue, BlockLength(depth));
            Run(ref work, (long)rows * columns * depth * batch);
        }

        if (isApart && !epilogue.IsEmpty)
        {
            epilogue.Run(0, rows * batch, 0, columns);
        }
    }

    /// <summary>What a product works in beside its operands, in bytes.</summary>
    /// <remarks>Nothing is read or written at the origins of the operands and of the bias.</remarks>
    public long WorkingBytes(ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, ProductBias bias)
    {
        if (depth == 0)
        {
            return 0;
        }

        var work = new CpuMatrixWork<V>(a, b, c, rows, columns, depth, batch, false, columns == 1 ? default : bias, default, BlockLength(depth));
        long size = (long)rows * columns * depth * batch;
        bool isParallel = IsParallel(size);
        if (work.OuterItems > 1)
        {
            if (SharesItems(work, isParallel))
            {
                return OwnBytes(work, isParallel);
            }

            isParallel = IsParallel(size / work.OuterItems);
        }

        if (SharesBlocks(work, isParallel))
        {
            return OwnBytes(work, isParallel) + PartialBytes(work);
        }

        Share(ref work, isParallel);
        return OwnBytes(work, isParallel) + work.SharedSpace;
    }

    public void Dispose() => room.Dispose();

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

    // C, which has no gaps, is the bias in each row.
    private static void Begin(ProductOperand c, int rows, int columns, int batch, ProductBias bias)
    {
        long rowBytes = (long)columns * V.ElementSize;
        for (long row = 0; row < (long)rows * batch; row++)
        {
            byte* source = (byte*)bias.Origin + (row / rows * bias.BatchStride * V.ElementSize);
            Buffer.MemoryCopy(source, (byte*)c.Origin + (row * rowBytes), rowBytes, rowBytes);
        }
    }

    private void Run(ref CpuMatrixWork<V> work, long size)
    {
        bool isParallel = IsParallel(size);
        if (work.OuterItems == 1)
        {
            RunOne(ref work, isParallel);
        }
        else if (SharesItems(work, isParallel))
        {
            RunItems(ref work);
        }
        else
        {
            for (int item = 0; item < work.OuterItems; item++)
            {
                var one = work.Item(item);
                RunOne(ref one, IsParallel(size / work.OuterItems));
            }
        }
    }

    private bool IsParallel(long size) => pool.Size > 1 && size >= SmallestShare;

    private bool SharesItems(in CpuMatrixWork<V> work, bool isParallel) => isParallel && work.OuterItems >= 2 * pool.Size;

    private bool SharesBlocks(in CpuMatrixWork<V> work, bool isParallel) =>
        isParallel && work.Blocks >= 2 * pool.Size && work.Numbers <= LargestPartial;

    private void Share(ref CpuMatrixWork<V> work, bool isParallel)
    {
        if (isParallel || pool.Size == 1)
        {
            work.Share(pool.Size);
        }
    }

    private long OwnBytes(in CpuMatrixWork<V> work, bool isParallel) => (isParallel ? pool.Size : 1) * work.Space;

    // The blocks whose sums are kept at once.
    private int Group(in CpuMatrixWork<V> work) => (int)Math.Min(work.Blocks, Math.Max(2 * pool.Size, PartialNumbers / work.Numbers));

    private long PartialBytes(in CpuMatrixWork<V> work) => Group(work) * work.Numbers * V.ElementSize;

    private void RunOne(ref CpuMatrixWork<V> work, bool isParallel)
    {
        if (SharesBlocks(work, isParallel))
        {
            RunBlocks(ref work);
            return;
        }

        Share(ref work, isParallel);
        long ownBytes = OwnBytes(work, isParallel);
        work.Own = room.Reserve(ownBytes + work.SharedSpace);
        work.Packed = work.Own + ownBytes;
        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            if (!work.SharesB)
            {
                pool.Run(&RunTask, pointer, work.Tasks);
                return;
            }

            for (bool more = work.FirstChunk(); more; more = work.NextChunk())
            {
                pool.Run(&RunPack, pointer, work.PackParts);
                pool.Run(&RunMultiply, pointer, work.Tasks);
            }
        }
    }

    // Products of a batch that share no factor: each is the business of one worker.
    private void RunItems(ref CpuMatrixWork<V> work)
    {
        work.Own = room.Reserve(OwnBytes(work, true));
        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            pool.Run(&RunItem, pointer, work.OuterItems);
        }
    }

    // A long depth and a small C, as in the gradient of weights: each block of the depth is the business of one worker, which leaves its
    // sums in a place of their own; they are added in order afterwards.
    private void RunBlocks(ref CpuMatrixWork<V> work)
    {
        long ownBytes = OwnBytes(work, true);
        work.Own = room.Reserve(ownBytes + PartialBytes(work));
        work.Partials = work.Own + ownBytes;
        int group = Group(work);
        fixed (CpuMatrixWork<V>* pointer = &work)
        {
            for (work.GroupStart = 0; work.GroupStart < work.Blocks; work.GroupStart += group)
            {
                work.GroupLength = Math.Min(group, work.Blocks - work.GroupStart);
                pool.Run(&RunBlock, pointer, work.GroupLength);
                pool.Run(&RunSum, pointer, work.SumPieces(pool.Size));
            }
        }
    }

    private static void RunTask(void* argument, int task, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        work->Run(task, work->Own + (worker * work->Space));
    }

    private static void RunPack(void* work, int part, int worker) => ((CpuMatrixWork<V>*)work)->Pack(part);

    private static void RunMultiply(void* argument, int task, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        work->Multiply(task, work->Own + (worker * work->Space));
    }

    private static void RunItem(void* argument, int item, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        work->Item(item).Run(0, work->Own + (worker * work->Space));
    }

    private static void RunBlock(void* argument, int block, int worker)
    {
        var work = (CpuMatrixWork<V>*)argument;
        work->Block(block).Run(0, work->Own + (worker * work->Space));
    }

    private static void RunSum(void* work, int piece, int worker) => ((CpuMatrixWork<V>*)work)->SumBlocks(piece);
}
