using System.Runtime.InteropServices;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The matrix products of OpenBLAS, where its library is installed.</summary>
/// <remarks>It is told to use the instructions that this library uses: see <see cref="OpenBlasCore"/>.</remarks>
internal sealed unsafe class OpenBlas
{
    private const string LibraryName = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void> single;
    private readonly delegate* unmanaged<int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void> @double;

    private OpenBlas(nint library, int threads)
    {
        single = (delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        @double = (delegate* unmanaged<int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void>)
            NativeLibrary.GetExport(library, "cblas_dgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
        string core = Text(library, "openblas_get_corename");
        Description = $"{Text(library, "openblas_get_config").Trim()}, kernels for {core}";
    }

    /// <summary>Version and the processor that its kernels are for.</summary>
    public string Description { get; }

    /// <summary>Loads the library; null if there is none.</summary>
    /// <param name="threads">The threads it is to use.</param>
    public static OpenBlas? Load(int threads)
    {
        // The runtime's own copy of the environment does not reach a native library.
        if (OperatingSystem.IsLinux() && OpenBlasCore.Name is { } core)
        {
            _ = SetEnvironment(OpenBlasCore.Variable, core, 0);
        }

        return NativeLibrary.TryLoad(LibraryName, out nint library) ? new OpenBlas(library, threads) : null;
    }

    /// <summary>C = op(A) op(B), all row-major without gaps.</summary>
    public void Multiply(Precision precision, ProductShape shape, void* a, void* b, void* c)
    {
        int transposeA = shape.IsATransposed ? Transposed : Plain;
        int transposeB = shape.IsBTransposed ? Transposed : Plain;
        int aColumns = shape.IsATransposed ? shape.Rows : shape.Depth;
        int bColumns = shape.IsBTransposed ? shape.Depth : shape.Columns;
        if (precision == Precision.Double)
        {
            @double(
                RowMajor, transposeA, transposeB, shape.Rows, shape.Columns, shape.Depth, 1, a, aColumns, b, bColumns, 0, c, shape.Columns);
        }
        else
        {
            single(
                RowMajor, transposeA, transposeB, shape.Rows, shape.Columns, shape.Depth, 1, a, aColumns, b, bColumns, 0, c, shape.Columns);
        }
    }

    private static string Text(nint library, string function) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, function))()) ?? "";

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
