using Sam.Gpu.Devices;
using Sam.Gpu.Ilgpu.Vendor;
using Xunit;

namespace Sam.Gpu.Ilgpu.Tests.Vendor;

/// <summary>A product in BLAS's terms is our product: shown with a plain loop that reads memory as BLAS does.</summary>
public sealed class GemmArgumentsTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_product_that_BLAS_computes_is_ours(bool transposesLeft, bool transposesRight)
    {
        const int rows = 3;
        const int columns = 4;
        const int depth = 5;
        const int batch = 2;
        const int gap = 2;
        using var device = CpuDevice.Create(Precision.Double, 1);
        var a = Matrix(device, transposesLeft ? depth : rows, transposesLeft ? rows : depth, gap, batch);
        var b = Matrix(device, transposesRight ? columns : depth, transposesRight ? depth : columns, gap, batch);
        var c = Matrix(device, rows, columns, gap, batch);
        double[] left = Numbers(device, a);
        double[] right = Numbers(device, b);
        double[] product = Numbers(device, c);

        var factor = transposesLeft ? a.Transposed : a;
        var other = transposesRight ? b.Transposed : b;
        ColumnMajorProduct(GemmArguments.Of(factor, other, c), right, left, product, batch);
        device.Multiply(factor, other, c, batch, accumulate: true);

        // Small integers: exact.
        Assert.Equal(Numbers(device, c), product);
    }

    // C += op(A) op(B) as the BLAS standard defines gemm: element (i, j) of a matrix lies at i + j · leading dimension.
    private static void ColumnMajorProduct(GemmArguments arguments, double[] first, double[] second, double[] product, int batch)
    {
        for (int item = 0; item < batch; item++)
        {
            double First(int i, int j) => first[(item * arguments.FirstBatchStride) + i + (j * arguments.FirstStride)];
            double Second(int i, int j) => second[(item * arguments.SecondBatchStride) + i + (j * arguments.SecondStride)];
            for (int i = 0; i < arguments.M; i++)
            {
                for (int j = 0; j < arguments.N; j++)
                {
                    for (int k = 0; k < arguments.K; k++)
                    {
                        product[(item * arguments.ProductBatchStride) + i + (j * arguments.ProductStride)] +=
                            (arguments.TransposeFirst ? First(k, i) : First(i, k)) * (arguments.TransposeSecond ? Second(j, k) : Second(k, j));
                    }
                }
            }
        }
    }

    private static DeviceMatrix Matrix(Device device, int rows, int columns, int gap, int batch)
    {
        int stride = columns + gap;
        var span = device.Allocate(batch * rows * stride, "matrix").Span;
        device.Upload([.. Enumerable.Range(0, span.Length).Select(i => (double)((i * 7 % 11) - 5))], span);
        return new DeviceMatrix(span, rows, columns, stride, rows * stride);
    }

    private static double[] Numbers(Device device, DeviceMatrix matrix)
    {
        double[] numbers = new double[matrix.Span.Length];
        device.Download(matrix.Span, numbers);
        return numbers;
    }
}
