using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Devices;

/// <summary>Makes the device of the machine's own CPU.</summary>
public static class CpuDevice
{
    /// <summary>The device over the widest lane that the CPU computes with.</summary>
    /// <param name="precision">The numbers it computes with.</param>
    /// <param name="threads">The number of threads; 0 is one a core.</param>
    /// <exception cref="UsageException">The number of threads is negative or above 1024.</exception>
    public static Device Create(Precision precision = Precision.Float, int threads = 0)
    {
        if (threads is < 0 or > 1024)
        {
            throw new UsageException($"--threads {threads} is not allowed: give 1 to 1024, or 0 for one thread a core.");
        }

        int count = threads == 0 ? Environment.ProcessorCount : threads;
        return (precision, Vector512.IsHardwareAccelerated, Vector256.IsHardwareAccelerated) switch
        {
            (Precision.Float, true, _) => new CpuDevice<Simd512<float>>(count),
            (Precision.Float, _, true) => new CpuDevice<Simd256<float>>(count),
            (Precision.Float, _, _) => new CpuDevice<Simd128<float>>(count),
            (_, true, _) => new CpuDevice<Simd512<double>>(count),
            (_, _, true) => new CpuDevice<Simd256<double>>(count),
            _ => new CpuDevice<Simd128<double>>(count),
        };
    }
}

/// <summary>The machine's own CPU: every core, a vector at a time. The same seed gives the same bits for any number of threads.</summary>
/// <typeparam name="V">The lane.</typeparam>
public sealed unsafe class CpuDevice<V> : KernelDevice<V, HostBuffer<V>>
    where V : unmanaged, IHostLane<V>
{
    // Work below this many numbers is done before a sleeping thread would wake up.
    private const int SmallestShare = 16384;

    private readonly WorkerPool pool;
    private readonly CpuMatrixProduct<V> matrixProduct;

    /// <summary>Creates the device and starts its threads.</summary>
    /// <param name="threads">The number of threads, ≥ 1.</param>
    public CpuDevice(int threads)
        : base($"CPU, {threads} thread{(threads == 1 ? "" : "s")}, {V.Width * V.ElementSize * 8}-bit SIMD")
    {
        pool = new WorkerPool(threads);
        matrixProduct = new CpuMatrixProduct<V>(pool);
    }

    /// <inheritdoc/>
    public override string Model => $"CPU, {V.Width * V.ElementSize * 8}-bit SIMD";

    /// <inheritdoc/>
    public override long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <inheritdoc/>
    public override bool SharesHostMemory => true;

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name) => new CpuMemory(this, name, length);

    /// <inheritdoc/>
    public override HostBuffer<V> Buffer(DeviceSpan span) => new(Address(span));

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (V.IsDouble)
        {
            source.CopyTo(new Span<double>(Address(destination), destination.Length));
        }
        else
        {
            var target = new Span<float>(Address(destination), destination.Length);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (float)source[i];
            }
        }
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (V.IsDouble)
        {
            var target = new Span<double>(Address(destination), destination.Length);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = source[i];
            }
        }
        else
        {
            source.CopyTo(new Span<float>(Address(destination), destination.Length));
        }
    }

    /// <inheritdoc/>
    public override void Download(DeviceSpan source, Span<double> destination)
    {
        CheckLengths(destination.Length, source);
        if (V.IsDouble)
        {
            new ReadOnlySpan<double>(Address(source), source.Length).CopyTo(destination);
        }
        else
        {
            var numbers = new ReadOnlySpan<float>(Address(source), source.Length);
            for (int i = 0; i < numbers.Length; i++)
            {
                destination[i] = numbers[i];
            }
        }
    }

    /// <inheritdoc/>
    public override void Copy(DeviceSpan source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        long bytes = (long)source.Length * V.ElementSize;
        System.Buffer.MemoryCopy(Address(source), Address(destination), bytes, bytes);
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override void LaunchElements<K>(in K kernel, int length)
    {
        // Pieces are whole lanes, so that where they meet does not show.
        int pieces = Math.Min(pool.Size * 4, length / SmallestShare);
        if (pieces <= 1 || pool.Size == 1)
        {
            RunElements(in kernel, 0, length, length);
            return;
        }

        int lanes = (length + V.Width - 1) / V.Width;
        int share = (lanes + pieces - 1) / pieces * V.Width;
        K copy = kernel;
        var launch = new Launch(Unsafe.AsPointer(ref copy), length, share);
        pool.Run(&RunElementsPiece<K>, &launch, (length + share - 1) / share);
    }

    /// <inheritdoc/>
    public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
    {
        int pieces = (int)Math.Min(Math.Min(pool.Size * 4, rows), (long)rows * Math.Max(rowLength, 1) / SmallestShare);
        if (pieces <= 1 || pool.Size == 1)
        {
            RunRows(in kernel, 0, rows);
            return;
        }

        int share = (rows + pieces - 1) / pieces;
        K copy = kernel;
        var launch = new Launch(Unsafe.AsPointer(ref copy), rows, share);
        pool.Run(&RunRowsPiece<K>, &launch, (rows + share - 1) / share);
    }

    /// <inheritdoc/>
    /// <remarks>What is packed of the factors, and the sums of blocks of the depth.</remarks>
    public override long ProductMemory(in DeviceProduct product)
    {
        var (a, b, c) = (product.A, product.B, product.C);
        return product.IsEmpty
            ? 0
            : matrixProduct.WorkingBytes(
                Operand(a, null), Operand(b, null), Operand(c, null), c.Rows, c.Columns, a.Columns, product.Batch,
                new ProductBias(null, product.BiasStride));
    }

    /// <inheritdoc/>
    /// <remarks>The kernel runs on each part of the product while it is in a cache.</remarks>
    public override void MultiplyThen<K>(in DeviceProduct product, in K kernel, int length)
    {
        product.RequireBlock(length);
        if (!product.IsEmpty)
        {
            K copy = kernel;
            int columns = product.C.Columns;
            Multiply(product, new ProductEpilogue(&RunBlock<K>, Unsafe.AsPointer(ref copy), length / columns, columns));
        }
    }

    /// <inheritdoc/>
    protected override bool AddsBias => true;

    /// <inheritdoc/>
    protected override void MultiplyChecked(in DeviceProduct product) => Multiply(product, default);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            matrixProduct.Dispose();
            pool.Dispose();
        }
    }

    private static void RunElementsPiece<K>(void* launch, int piece, int worker)
        where K : struct, IElementKernel
    {
        ref Launch work = ref *(Launch*)launch;
        int start = piece * work.Share;
        RunElements(in Unsafe.AsRef<K>(work.Kernel), start, Math.Min(start + work.Share, work.Length), work.Length);
    }

    private static void RunRowsPiece<K>(void* launch, int piece, int worker)
        where K : struct, IRowKernel<V>
    {
        ref Launch work = ref *(Launch*)launch;
        int start = piece * work.Share;
        RunRows(in Unsafe.AsRef<K>(work.Kernel), start, Math.Min(start + work.Share, work.Length));
    }

    private static void RunElements<K>(in K kernel, int start, int end, int length)
        where K : struct, IElementKernel
    {
        // A copy on the stack keeps the kernel's fields in registers; whole lanes take a constant count, so that the JIT drops the
        // partial-lane branch from the loop.
        K local = kernel;
        int index = start;
        for (; index <= end - V.Width; index += V.Width)
        {
            local.Run(index, V.Width);
        }

        if (index < end)
        {
            local.Run(index, length - index);
        }
    }

    private static void RunRows<K>(in K kernel, int start, int end)
        where K : struct, IRowKernel<V>
    {
        K local = kernel;
        for (int row = start; row < end; row++)
        {
            local.Run(default(OneCore<V>), row);
        }
    }

    private static void RunBlock<K>(void* kernel, int direction, int index, int rows, int count, int stride)
        where K : struct, IBlockKernel
    {
        var one = new OneDirection<K>(Unsafe.AsRef<K>(kernel), direction);
        for (int row = 0; row < rows; row++)
        {
            RunElements(in one, index, index + count, index + count);
            index += stride;
        }
    }

    private void Multiply(in DeviceProduct product, ProductEpilogue epilogue)
    {
        var (a, b, c) = (product.A, product.B, product.C);
        matrixProduct.Run(
            Operand(a, Address(a.Span)), Operand(b, Address(b.Span)), Operand(c, Address(c.Span)),
            c.Rows, c.Columns, a.Columns, product.Batch, product.Accumulate,
            new ProductBias(Address(product.Bias), product.BiasStride), epilogue);
    }

    private static ProductOperand Operand(DeviceMatrix matrix, void* origin) =>
        new(origin, matrix.RowStride, matrix.BatchStride, matrix.IsTransposed);

    private void* Address(DeviceSpan span)
    {
        if (span.Memory is not CpuMemory memory)
        {
            return span.Memory is null ? null : throw new ArgumentException($"'{span.Memory.Name}' is memory of another device.");
        }

        return memory.Device == this
            ? (byte*)memory.Origin + ((long)span.Offset * V.ElementSize)
            : throw new ArgumentException($"'{memory.Name}' is memory of another device.");
    }

    // The elements of one direction of a block.
    private readonly struct OneDirection<K>(K kernel, int direction) : IElementKernel
        where K : struct, IBlockKernel
    {
        private readonly K kernel = kernel;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(int index, int count) => kernel.Run(index, count, direction, direction + 1);
    }

    private readonly struct Launch(void* kernel, int length, int share)
    {
        public readonly void* Kernel = kernel;
        public readonly int Length = length;
        public readonly int Share = share;
    }
}
