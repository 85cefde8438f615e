using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Sam.Gpu.Devices;
using Sam.Gpu.Ilgpu.Vendor;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Ilgpu;

/// <summary>A device that ILGPU reaches: CUDA, OpenCL, or ILGPU's CPU accelerator for checks.</summary>
/// <remarks>
/// A kernel is compiled once for each instantiation, at its first launch. All launches and copies go to one stream in order; only copies
/// to and from the host and <see cref="Synchronize"/> wait.
/// </remarks>
/// <typeparam name="V">The lane, of width one: <see cref="Float1"/> or <see cref="Double1"/>.</typeparam>
internal sealed class IlgpuDevice<V> : GroupDevice<V, ViewBuffer<V>>
    where V : unmanaged, ILane<V>
{
    // Large enough to hide the latency of memory, small enough that the last group wastes little.
    private const int ElementGroup = 256;

    private readonly LoadedAccelerator loaded;
    private readonly Accelerator accelerator;
    private readonly DeviceDescription description;
    private readonly bool usesShuffles;
    private readonly CublasProducts? vendor;
    private long used;
    private float[] staging = [];
    private bool isDisposed;

    /// <summary>Takes an accelerator, which it returns in the end.</summary>
    /// <param name="loaded">The accelerator.</param>
    /// <param name="description">What to call it.</param>
    /// <param name="options">How it is to compute.</param>
    /// <exception cref="DeviceException">The vendor's matrix products are asked for and not there.</exception>
    public IlgpuDevice(LoadedAccelerator loaded, DeviceDescription description, DeviceOptions options)
        : base($"{description.Id}, {description.Name}")
    {
        this.loaded = loaded;
        accelerator = loaded.Accelerator;
        this.description = description;

        vendor = OpenVendor(accelerator, description, options);

        // OpenCL's subgroups come in any size and, on some drivers, without shuffles.
        usesShuffles = description.Kind is DeviceKind.Cuda or DeviceKind.IlgpuCpu;
        LargestGroup = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(accelerator.MaxNumThreadsPerGroup, KernelEntry.LargestGroup) + 1) / 2;
    }

    /// <inheritdoc/>
    public override string Model => $"{description.Id.Split(':')[0]}, {description.Name}";

    /// <inheritdoc/>
    public override long Memory => accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() + used : description.Memory;

    /// <inheritdoc/>
    public override bool SharesHostMemory => false;

    /// <inheritdoc/>
    public override string MatrixProductName => vendor?.Name ?? base.MatrixProductName;

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name)
    {
        if (length == 0)
        {
            return new IlgpuMemory<V>(this, name, 0, null);
        }

        long bytes = (long)length * ElementSize;
        try
        {
            if (bytes > description.Memory - used || length > int.MaxValue - ElementGroup)
            {
                throw NoMemory(bytes, name, null);
            }

            var memory = new IlgpuMemory<V>(this, name, length, accelerator.Allocate1D<V>(length));
            used += bytes;
            return memory;
        }
        catch (AcceleratorException exception)
        {
            throw NoMemory(bytes, name, exception);
        }
    }

    /// <summary>Takes note of memory that is freed.</summary>
    /// <param name="bytes">Its size.</param>
    public void Freed(long bytes) => used -= bytes;

    /// <inheritdoc/>
    public override ViewBuffer<V> Buffer(DeviceSpan span) => new(View(span));

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (V.IsDouble)
        {
            CopyIn(source, destination);
            return;
        }

        var numbers = Staging(source.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)source[i];
        }

        CopyIn<float>(numbers, destination);
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (!V.IsDouble)
        {
            CopyIn(source, destination);
            return;
        }

        double[] numbers = new double[source.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = source[i];
        }

        CopyIn<double>(numbers, destination);
    }

    /// <inheritdoc/>
    public override void Download(DeviceSpan source, Span<double> destination)
    {
        CheckLengths(destination.Length, source);
        if (V.IsDouble)
        {
            CopyOut(source, destination);
            return;
        }

        var numbers = Staging(source.Length);
        CopyOut(source, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            destination[i] = numbers[i];
        }
    }

    /// <inheritdoc/>
    public override void Copy(DeviceSpan source, DeviceSpan destination)
    {
        CheckLengths(source.Length, destination);
        if (!source.IsEmpty)
        {
            View(source).CopyTo(accelerator.DefaultStream, View(destination));
        }
    }

    /// <inheritdoc/>
    public override void Synchronize() => accelerator.Synchronize();

    /// <inheritdoc/>
    protected override int LargestGroup { get; }

    /// <inheritdoc/>
    public override void LaunchElements<K>(in K kernel, int length)
    {
        if (length > 0)
        {
            int group = Math.Min(ElementGroup, LargestGroup);
            Launcher<K, Action<KernelConfig, K, int>>(static accelerator => accelerator.LoadStreamKernel<K, int>(KernelEntry.Elements))(
                new KernelConfig((length + group - 1) / group, group), kernel, length);
        }
    }

    /// <inheritdoc/>
    public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
    {
        if (rows > 0)
        {
            // A warp for short rows; more threads as long as each has several numbers to work on.
            int group = Math.Min(LargestGroup, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(rowLength / 4, 32, KernelEntry.LargestGroup)));
            var launch = usesShuffles
                ? Launcher<K, Action<KernelConfig, K>>(static accelerator => accelerator.LoadStreamKernel<K>(KernelEntry.ShuffleRows<K, V>))
                : Launcher<K, Action<KernelConfig, K>>(static accelerator => accelerator.LoadStreamKernel<K>(KernelEntry.SharedRows<K, V>));
            launch(new KernelConfig(rows, group), kernel);
        }
    }

    /// <inheritdoc/>
    public override void LaunchTiles<K>(in K kernel, int tiles)
    {
        if (tiles > 0)
        {
            Launcher<K, Action<KernelConfig, K>>(
                static accelerator => accelerator.LoadStreamKernel<K>(KernelEntry.Tiles<K, V>, KernelEntry.TileSpecialization(K.TeamSize)))(
                new KernelConfig(tiles, K.TeamSize), kernel);
        }
    }

    /// <inheritdoc/>
    public override long ProductMemory(in DeviceProduct product) => vendor is null ? base.ProductMemory(product) : 0;

    /// <inheritdoc/>
    protected override unsafe void MultiplyChecked(in DeviceProduct product)
    {
        if (vendor is null)
        {
            base.MultiplyChecked(product);
            return;
        }

        accelerator.Bind();
        var arguments = GemmArguments.Of(product.A, product.B, product.C);
        void* first = Address(product.B.Span);
        void* second = Address(product.A.Span);
        void* result = Address(product.C.Span);
        if (V.IsDouble)
        {
            vendor.Multiply(arguments, (double*)first, (double*)second, (double*)result, product.Batch, product.Accumulate);
        }
        else
        {
            vendor.Multiply(arguments, (float*)first, (float*)second, (float*)result, product.Batch, product.Accumulate);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !isDisposed)
        {
            isDisposed = true;
            vendor?.Dispose();
            loaded.Return();
        }
    }

    private static CublasProducts? OpenVendor(Accelerator accelerator, DeviceDescription description, DeviceOptions options)
    {
        if (description.Kind != DeviceKind.Cuda)
        {
            MatrixProductRequest.RefuseVendor(description, options);
            return null;
        }

        if (options.Products == MatrixProducts.Portable)
        {
            return options.AllowsTf32
                ? throw new DeviceException("--matmul-precision tf32: our own products compute in fp32. Use --matmul vendor with it, or fp32.")
                : null;
        }

        accelerator.Bind();
        var found = CublasProducts.TryOpen(CublasProducts.FileNames(), ((CudaStream)accelerator.DefaultStream).StreamPtr, options.AllowsTf32);
        return found is null && (options.Products == MatrixProducts.Vendor || options.AllowsTf32)
            ? throw new DeviceException(
                $"--matmul vendor: cuBLAS is not there (looked for {string.Join(", ", CublasProducts.FileNames())}). Install it with the CUDA toolkit, "
                + $"or set {CublasProducts.Variable} to the library's path, or use --matmul portable.")
            : found;
    }

    private L Launcher<K, L>(Func<Accelerator, L> load)
        where L : Delegate
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        try
        {
            return loaded.Launcher<K, L>(load);
        }
        catch (Exception exception) when (exception is InternalCompilerException or AcceleratorException or NotSupportedException)
        {
            throw new DeviceException(
                $"{Name} cannot compile the kernel {typeof(K).Name.Split('`')[0]}: {exception.InnerException?.Message ?? exception.Message} "
                + "Another --device, such as cpu, computes the same.",
                exception);
        }
    }

    private unsafe void* Address(DeviceSpan span) => span.IsEmpty ? null : (void*)View(span).LoadEffectiveAddressAsPtr();

    private ArrayView<V> View(DeviceSpan span) => span.Memory switch
    {
        null => ArrayView<V>.Empty,
        IlgpuMemory<V> memory when memory.Device == this => memory.View(span.Offset, span.Length),
        _ => throw new ArgumentException($"'{span.Memory.Name}' is memory of another device."),
    };

    // ILGPU takes the address of what it copies and does not pin it.
    private unsafe void CopyIn<T>(ReadOnlySpan<T> source, DeviceSpan destination)
        where T : unmanaged
    {
        if (!destination.IsEmpty)
        {
            fixed (T* first = source)
            {
                View(destination).CopyFromCPU(accelerator.DefaultStream, ref *(V*)first, destination.Length);
            }
        }
    }

    private unsafe void CopyOut<T>(DeviceSpan source, Span<T> destination)
        where T : unmanaged
    {
        if (!source.IsEmpty)
        {
            fixed (T* first = destination)
            {
                View(source).CopyToCPU(accelerator.DefaultStream, ref *(V*)first, source.Length);
            }
        }
    }

    private Span<float> Staging(int length)
    {
        if (staging.Length < length)
        {
            staging = new float[length];
        }

        return staging.AsSpan(0, length);
    }

    private DeviceException NoMemory(long bytes, string name, Exception? cause)
    {
        const double Mebi = 1 << 20;
        return new DeviceException(
            $"{Name} has no {bytes / Mebi:F0} MiB of memory for '{name}': {used / Mebi:F0} of {description.Memory / Mebi:F0} MiB are in use here. "
            + "Use a smaller --chunk, fewer --examples, a smaller network or fewer --eigenvalues.",
            cause);
    }
}
