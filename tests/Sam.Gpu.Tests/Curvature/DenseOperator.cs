using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Tests.Curvature;

/// <summary>
/// A dense matrix as an operator; what the device holds of it is also kept on the host, so that tests can check results in double.
/// </summary>
internal sealed class DenseOperator : ILinearOperator, IDisposable
{
    private readonly DeviceMemory memory;

    public DenseOperator(Device device, double[] matrix, int dimension)
    {
        Device = device;
        Dimension = dimension;
        memory = device.Allocate(dimension * dimension, "dense operator");
        device.Upload(matrix, memory.Span);
        Matrix = new double[matrix.Length];
        device.Download(memory.Span, Matrix);
    }

    public Device Device { get; }

    public int Dimension { get; }

    /// <summary>The matrix rounded to the device's precision.</summary>
    public double[] Matrix { get; }

    /// <summary>How many vectors were multiplied.</summary>
    public int Products { get; private set; }

    public void Apply(DeviceSpan block, DeviceSpan products, int count)
    {
        Products += count;
        Device.Multiply(
            new DeviceMatrix(block, count, Dimension),
            new DeviceMatrix(memory.Span, Dimension, Dimension).Transposed,
            new DeviceMatrix(products, count, Dimension));
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Σ valuesᵢ vᵢ vᵢᵀ, where the v are a fixed random orthonormal basis: its eigenvalues are the values.</summary>
    public static double[] MatrixWithSpectrum(ReadOnlySpan<double> values, ulong seed = 7)
    {
        int n = values.Length;
        double[] basis = OrthonormalBasis(n, seed);
        var matrix = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            AddOuterProduct(matrix, values[k], basis.AsSpan(k * n, n));
        }

        return matrix;
    }

    /// <summary>matrix += factor · v vᵀ.</summary>
    public static void AddOuterProduct(double[] matrix, double factor, ReadOnlySpan<double> vector)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            for (int j = 0; j < vector.Length; j++)
            {
                // Formed so that (i, j) and (j, i) have the same bits.
                matrix[(i * vector.Length) + j] += factor * (vector[i] * vector[j]);
            }
        }
    }

    /// <summary>n orthonormal vectors of length n, as rows.</summary>
    public static double[] OrthonormalBasis(int n, ulong seed = 7)
    {
        var random = new RandomStream(seed, "test");
        var rows = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            Span<double> row = rows.AsSpan(k * n, n);
            for (int i = 0; i < n; i++)
            {
                row[i] = random.NextGaussian();
            }

            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < k; other++)
                {
                    ReadOnlySpan<double> done = rows.AsSpan(other * n, n);
                    double overlap = Dot(done, row);
                    for (int i = 0; i < n; i++)
                    {
                        row[i] -= overlap * done[i];
                    }
                }
            }

            double norm = Math.Sqrt(Dot(row, row));
            for (int i = 0; i < n; i++)
            {
                row[i] /= norm;
            }
        }

        return rows;
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
