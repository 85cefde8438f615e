using System.Diagnostics;
using Sam.Gpu.Devices;
using Sam.Gpu.Ilgpu.Vendor;
using Xunit;

namespace Sam.Gpu.Ilgpu.Tests.Vendor;

/// <summary>The binding of cuBLAS calls what it means to, against a stand-in with the same signatures that a C compiler makes.</summary>
public sealed unsafe class CublasProductsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("samgpu-").FullName;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void Products_in_both_precisions_are_those_of_the_CPU(bool transposesLeft, bool transposesRight, bool accumulate)
    {
        using var products = Open(allowsTf32: false);
        Assert.Equal("cuBLAS 12.4.3, fp32", products.Name);
        using var device = CpuDevice.Create(Precision.Double, 1);
        var left = Matrix(device, 3, 5, transposesLeft);
        var right = Matrix(device, 5, 4, transposesRight);
        var product = Matrix(device, 3, 4, false);
        var arguments = GemmArguments.Of(left, right, product);
        double[] a = Numbers(device, left);
        double[] b = Numbers(device, right);
        double[] c = Numbers(device, product);
        float[] single = [.. c.Select(number => (float)number)];
        fixed (double* first = b, second = a, result = c)
        {
            products.Multiply(arguments, first, second, result, 2, accumulate);
        }

        fixed (float* first = b.Select(number => (float)number).ToArray(), second = a.Select(number => (float)number).ToArray(), result = single)
        {
            products.Multiply(arguments, first, second, result, 2, accumulate);
        }

        // Small integers: exact in both precisions.
        device.Multiply(left, right, product, 2, accumulate);
        Assert.Equal(Numbers(device, product), c);
        Assert.Equal(Numbers(device, product), single.Select(number => (double)number));
    }

    [Fact]
    public void Allowing_tf32_is_in_the_name()
    {
        using var products = Open(allowsTf32: true);
        Assert.Equal("cuBLAS 12.4.3, tf32", products.Name);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private CublasProducts Open(bool allowsTf32)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "the stand-in is built with the C compiler of a Unix system");
        string library = Path.Combine(folder, "stand_in.so");
        string source = Path.Combine(AppContext.BaseDirectory, "Vendor", "stand_in.c");
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", library, source]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no C compiler to build the stand-in with");
        }

        return CublasProducts.TryOpen([library], 0, allowsTf32)!;
    }

    private static DeviceMatrix Matrix(Device device, int rows, int columns, bool isTransposed)
    {
        const int Batch = 2;
        var span = device.Allocate(Batch * rows * columns, "matrix").Span;
        device.Upload([.. Enumerable.Range(0, span.Length).Select(i => (double)((i * 5 % 13) - 6))], span);
        return isTransposed
            ? new DeviceMatrix(span, columns, rows, batchStride: rows * columns).Transposed
            : new DeviceMatrix(span, rows, columns, batchStride: rows * columns);
    }

    private static double[] Numbers(Device device, DeviceMatrix matrix)
    {
        double[] numbers = new double[matrix.Span.Length];
        device.Download(matrix.Span, numbers);
        return numbers;
    }
}
