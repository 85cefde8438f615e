using System.Globalization;
using System.Runtime.InteropServices;

namespace Sam.Gpu.Ilgpu.Vendor;

/// <summary>Matrix products by cuBLAS, NVIDIA's library, of any of the versions in the field: 11, 12, 13.</summary>
/// <remarks>
/// A binding of the few functions that we need, which are the same in all of these versions; ILGPU.Algorithms knows only some. Products
/// in float are computed in float unless tf32 is allowed. Atomic additions stay forbidden, as is cuBLAS's default: the same call gives
/// the same bits on the same GPU and version.
/// </remarks>
internal sealed unsafe class CublasProducts : IDisposable
{
    /// <summary>The environment variable with the path of the library, where the system does not find it by name.</summary>
    public const string Variable = "SAMGPU_CUBLAS";

    private const int NoTranspose = 0;
    private const int Transpose = 1;
    private const int DefaultMath = 0;
    private const int Tf32Math = 3;

    private static readonly int[] Versions = [13, 12, 11];

    private readonly nint library;
    private readonly nint handle;

    private CublasProducts(nint library, nint stream, bool allowsTf32)
    {
        this.library = library;
        nint created;
        Check(((delegate* unmanaged<nint*, int>)Function("cublasCreate_v2"))(&created), "cublasCreate");
        handle = created;
        Check(((delegate* unmanaged<nint, nint, int>)Function("cublasSetStream_v2"))(handle, stream), "cublasSetStream");
        Check(((delegate* unmanaged<nint, int, int>)Function("cublasSetMathMode"))(handle, allowsTf32 ? Tf32Math : DefaultMath), "cublasSetMathMode");
        int version;
        Check(((delegate* unmanaged<nint, int*, int>)Function("cublasGetVersion_v2"))(handle, &version), "cublasGetVersion");

        // 11xxxx, 12xxxx, …: major, two digits of minor, two of patch.
        Name = string.Create(CultureInfo.InvariantCulture, $"cuBLAS {version / 10000}.{version / 100 % 100}.{version % 100}, {(allowsTf32 ? "tf32" : "fp32")}");
    }

    /// <summary>The library with its version, and the precision of float products.</summary>
    public string Name { get; }

    /// <summary>Opens the library for the CUDA context that is current.</summary>
    /// <param name="names">The names to look for, such as those of <see cref="FileNames"/>.</param>
    /// <param name="stream">The stream to launch to.</param>
    /// <param name="allowsTf32">Whether float products may round their factors to tf32.</param>
    /// <returns>The library; null if it is not installed.</returns>
    /// <exception cref="DeviceException">It is installed but does not start.</exception>
    public static CublasProducts? TryOpen(IEnumerable<string> names, nint stream, bool allowsTf32)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new CublasProducts(library, stream, allowsTf32);
            }
        }

        return null;
    }

    /// <summary>The names under which the library is looked for.</summary>
    public static IEnumerable<string> FileNames()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            return [path];
        }

        return OperatingSystem.IsWindows()
            ? Versions.Select(version => $"cublas64_{version}.dll")
            : [.. Versions.Select(version => $"libcublas.so.{version}"), "libcublas.so"];
    }

    /// <summary>C = A B or C += A B for each matrix of a batch, in float.</summary>
    /// <param name="arguments">Shapes, strides and transpositions.</param>
    /// <param name="first">The device address of BLAS's first factor.</param>
    /// <param name="second">The device address of its second factor.</param>
    /// <param name="product">The device address of its product.</param>
    /// <param name="batch">The number of products.</param>
    /// <param name="accumulate">Whether to add to what the product holds.</param>
    public void Multiply(in GemmArguments arguments, float* first, float* second, float* product, int batch, bool accumulate)
    {
        float one = 1;
        float beta = accumulate ? 1 : 0;
        Check(
            ((delegate* unmanaged<nint, int, int, int, int, int, float*, float*, int, long, float*, int, long, float*, float*, int, long, int, int>)
                Function("cublasSgemmStridedBatched"))(
                handle, Operation(arguments.TransposeFirst), Operation(arguments.TransposeSecond), arguments.M, arguments.N, arguments.K,
                &one, first, arguments.FirstStride, arguments.FirstBatchStride, second, arguments.SecondStride, arguments.SecondBatchStride,
                &beta, product, arguments.ProductStride, arguments.ProductBatchStride, batch),
            "cublasSgemmStridedBatched");
    }

    /// <inheritdoc cref="Multiply(in GemmArguments, float*, float*, float*, int, bool)"/>
    public void Multiply(in GemmArguments arguments, double* first, double* second, double* product, int batch, bool accumulate)
    {
        double one = 1;
        double beta = accumulate ? 1 : 0;
        Check(
            ((delegate* unmanaged<nint, int, int, int, int, int, double*, double*, int, long, double*, int, long, double*, double*, int, long, int, int>)
                Function("cublasDgemmStridedBatched"))(
                handle, Operation(arguments.TransposeFirst), Operation(arguments.TransposeSecond), arguments.M, arguments.N, arguments.K,
                &one, first, arguments.FirstStride, arguments.FirstBatchStride, second, arguments.SecondStride, arguments.SecondBatchStride,
                &beta, product, arguments.ProductStride, arguments.ProductBatchStride, batch),
            "cublasDgemmStridedBatched");
    }

    /// <inheritdoc/>
    public void Dispose() => ((delegate* unmanaged<nint, int>)Function("cublasDestroy_v2"))(handle);

    private static int Operation(bool transposes) => transposes ? Transpose : NoTranspose;

    private static void Check(int status, string function)
    {
        if (status != 0)
        {
            throw new DeviceException(
                string.Create(CultureInfo.InvariantCulture, $"{function} of cuBLAS failed with status {status}. --matmul portable does without cuBLAS."));
        }
    }

    private nint Function(string name) => NativeLibrary.TryGetExport(library, name, out nint address)
        ? address
        : throw new DeviceException($"The cuBLAS that was found has no function {name}. --matmul portable does without cuBLAS.");
}
