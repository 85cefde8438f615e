using Sam.Gpu.Curvature;

namespace Sam.Gpu.Flows;

/// <summary>Finds X ⪰ 0 with A + B[X] ⪰ 0 and ⟨X, A + B[X]⟩ = 0: the minimum of ½⟨X, B[X]⟩ + ⟨A, X⟩ over X ⪰ 0.</summary>
/// <remarks>
/// X and A are symmetric k×k, B is a positive semidefinite map between such. Both are held as vectors of the d = k (k + 1)/2 entries
/// (0, 0), (0, 1), …, (0, k − 1), (1, 1), …, those off the diagonal times √2, so that dot products are those of matrices. The method is
/// that of alternating directions (ADMM) with B's eigenvectors in hand, over-relaxed; for k = 1 it is the closed form max(0, −A/B).
/// </remarks>
/// <param name="size">k ≥ 1, a few.</param>
internal sealed class SemidefiniteComplementarity(int size)
{
    private const int MaximumIterations = 100_000;
    private const double Tolerance = 1e-13;
    private const double Relaxation = 1.7;

    private readonly int length = size * (size + 1) / 2;
    private readonly SymmetricEigensystem spectrum = new(size * (size + 1) / 2);
    private readonly SymmetricEigensystem projection = new(size);

    /// <summary>The weight of an entry of a symmetric matrix in its vector: 1 on the diagonal, √2 off it.</summary>
    public static double Weight(int row, int column) => row == column ? 1 : Math.Sqrt(2);

    /// <summary>Solves for X.</summary>
    /// <param name="a">A as a vector, [d].</param>
    /// <param name="b">B as a matrix, [d, d].</param>
    /// <param name="x">X as a vector, [d], written.</param>
    /// <returns>The distance of X from its own projected gradient step, relative to ‖A‖/‖B‖: 0 at the solution.</returns>
    public double Solve(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> x)
    {
        x.Clear();
        spectrum.Decompose(b, length, length);
        double largest = spectrum.Values[^1];
        double scale = 0;
        foreach (double number in a)
        {
            scale = Math.Max(scale, Math.Abs(number));
        }

        if (!(largest > 0) || !(scale > 0))
        {
            // Nothing pushes, or nothing can push back.
            return IsPositive(a) ? 0 : double.NaN;
        }

        if (size == 1)
        {
            x[0] = Math.Max(0, -a[0] / b[0]);
            return 0;
        }

        double least = Math.Max(spectrum.Values[0], 1e-8 * largest);
        double penalty = Math.Sqrt(least / largest);
        var (free, dual, step) = (new double[length], new double[length], new double[length]);
        double residual = double.PositiveInfinity;

        // In units of ‖A‖/‖B‖ for X.
        for (int iteration = 0; iteration < MaximumIterations && !(residual <= Tolerance); iteration++)
        {
            for (int i = 0; i < length; i++)
            {
                step[i] = (penalty * (x[i] - dual[i])) - (a[i] / scale);
            }

            SolveShifted(step, free, largest, penalty);
            for (int i = 0; i < length; i++)
            {
                free[i] = (Relaxation * free[i]) + ((1 - Relaxation) * x[i]);
                x[i] = free[i] + dual[i];
            }

            Project(x);
            for (int i = 0; i < length; i++)
            {
                dual[i] += free[i] - x[i];
            }

            if (iteration % 10 == 9)
            {
                residual = Residual(a, b, x, step, scale, largest);
            }
        }

        for (int i = 0; i < length; i++)
        {
            x[i] *= scale / largest;
        }

        return residual;
    }

    // (B/‖B‖ + ρ)⁻¹ y by the eigenvectors of B.
    private void SolveShifted(ReadOnlySpan<double> y, Span<double> result, double largest, double penalty)
    {
        result.Clear();
        for (int k = 0; k < length; k++)
        {
            var vector = spectrum.Vector(k);
            double overlap = 0;
            for (int i = 0; i < length; i++)
            {
                overlap += vector[i] * y[i];
            }

            overlap /= (Math.Max(0, spectrum.Values[k]) / largest) + penalty;
            for (int i = 0; i < length; i++)
            {
                result[i] += overlap * vector[i];
            }
        }
    }

    // ‖x − P(x − (a + B x))‖ in scaled units.
    private double Residual(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> x, Span<double> step, double scale, double largest)
    {
        for (int i = 0; i < length; i++)
        {
            double slope = a[i] / scale;
            for (int j = 0; j < length; j++)
            {
                slope += b[(i * length) + j] / largest * x[j];
            }

            step[i] = x[i] - slope;
        }

        Project(step);
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += (step[i] - x[i]) * (step[i] - x[i]);
        }

        return Math.Sqrt(sum);
    }

    private bool IsPositive(ReadOnlySpan<double> a)
    {
        Decompose(a);
        return projection.Values[0] >= 0;
    }

    /// <summary>The eigenvalues of a symmetric matrix given as a vector, from the smallest up; those of the last one asked for.</summary>
    public ReadOnlySpan<double> Eigenvalues(ReadOnlySpan<double> vector)
    {
        Decompose(vector);
        return projection.Values;
    }

    private void Decompose(ReadOnlySpan<double> vector)
    {
        var matrix = new double[size * size];
        for (int i = 0, k = 0; i < size; i++)
        {
            for (int j = i; j < size; j++, k++)
            {
                matrix[(i * size) + j] = vector[k] / Weight(i, j);
                matrix[(j * size) + i] = matrix[(i * size) + j];
            }
        }

        projection.Decompose(matrix, size, size);
    }

    // The nearest positive semidefinite matrix.
    private void Project(Span<double> vector)
    {
        Decompose(vector);
        vector.Clear();
        for (int m = 0; m < size; m++)
        {
            double value = Math.Max(0, projection.Values[m]);
            var direction = projection.Vector(m);
            for (int i = 0, k = 0; i < size; i++)
            {
                for (int j = i; j < size; j++, k++)
                {
                    vector[k] += Weight(i, j) * value * direction[i] * direction[j];
                }
            }
        }
    }
}
