using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public class SymmetricEigensystemTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(60)]
    public void A_random_matrix_is_rebuilt_from_its_eigensystem(int n)
    {
        var random = new RandomStream((ulong)n, "test");
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                matrix[(i * n) + j] = matrix[(j * n) + i] = random.NextGaussian();
            }
        }

        Check(matrix, n);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void The_scale_does_not_matter(double scale)
    {
        double[] matrix = DenseOperator.MatrixWithSpectrum([3, 2, 2, 1, 1e-9, 0, -5]);
        Check(Array.ConvertAll(matrix, number => number * scale), 7);
    }

    [Fact]
    public void Special_matrices_work()
    {
        Check(new double[25], 5);
        Check([1, 0, 0, 0, 1, 0, 0, 0, 1], 3);
        Check([0, 1, 1, 0], 2);
        Check([2, 0, 0, 1, 0, 1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 2], 4);
    }

    [Fact]
    public void A_solver_can_be_used_for_several_sizes()
    {
        var eigensystem = new SymmetricEigensystem(4);
        eigensystem.Decompose([3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, -1], 4, 4);
        Assert.Equal([-1, 1, 2, 3], eigensystem.Values.ToArray());
        eigensystem.Decompose([3, 4, 9, 9, 4, -3], 4, 2);
        Assert.Equal(-5, eigensystem.Values[0], 1e-14);
        Assert.Equal(5, eigensystem.Values[1], 1e-14);
    }

    /// <summary>Rounding grows like a small multiple of the size; 1e-13 of the norm leaves a factor of ten at 60.</summary>
    private static void Check(double[] matrix, int n)
    {
        var eigensystem = new SymmetricEigensystem(n);
        eigensystem.Decompose(matrix, n, n);
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            norm = Math.Max(norm, Math.Abs(eigensystem.Values[i]));
            Assert.True(i == 0 || eigensystem.Values[i - 1] <= eigensystem.Values[i]);
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, DenseOperator.Dot(eigensystem.Vector(i), eigensystem.Vector(j)), 1e-13);
                double rebuilt = 0;
                for (int k = 0; k < n; k++)
                {
                    rebuilt += eigensystem.Values[k] * eigensystem.Vector(k)[i] * eigensystem.Vector(k)[j];
                }

                Assert.True(Math.Abs(rebuilt - matrix[(i * n) + j]) <= 1e-13 * norm);
            }
        }
    }
}
