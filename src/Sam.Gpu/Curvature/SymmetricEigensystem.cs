using System.Numerics;
using System.Runtime.InteropServices;

namespace Sam.Gpu.Curvature;

/// <summary>All eigenvalues and eigenvectors of a small dense symmetric matrix, on the host, in double.</summary>
/// <remarks>
/// Householder reduction to a tridiagonal matrix and the implicit QL method with Wilkinson's shift (Wilkinson and Reinsch, Handbook for
/// Automatic Computation II, 1971, contributions II/2 and II/4), about 9 n³ operations. Vectors are kept as rows, so that every inner
/// loop runs over consecutive numbers. Sums run in one order and nothing is contracted: the same bits on every machine.
/// </remarks>
internal sealed class SymmetricEigensystem
{
    private const double Epsilon = 1.0 / (1L << 52);

    private readonly double[] reduced;
    private readonly double[] vectors;
    private readonly double[] values;
    private readonly double[] below;
    private readonly double[] product;
    private readonly double[] factors;

    /// <summary>Makes room for matrices up to capacity × capacity.</summary>
    public SymmetricEigensystem(int capacity)
    {
        reduced = new double[capacity * capacity];
        vectors = new double[capacity * capacity];
        values = new double[capacity];
        below = new double[capacity];
        product = new double[capacity];
        factors = new double[capacity];
    }

    /// <summary>The size of the last matrix.</summary>
    public int Size { get; private set; }

    /// <summary>The eigenvalues of the last matrix, from the smallest up, [n].</summary>
    public ReadOnlySpan<double> Values => values.AsSpan(0, Size);

    /// <summary>The eigenvector of the i-th eigenvalue, orthonormal to the others, [n].</summary>
    public ReadOnlySpan<double> Vector(int index) => vectors.AsSpan(index * Size, Size);

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n, n] finite numbers, symmetric.</param>
    /// <param name="stride">The distance between rows.</param>
    /// <param name="size">n.</param>
    public void Decompose(ReadOnlySpan<double> matrix, int stride, int size)
    {
        Size = size;
        double scale = 0;
        for (int i = 0; i < size; i++)
        {
            foreach (double number in matrix.Slice(i * stride, size))
            {
                scale = Math.Max(scale, Math.Abs(number));
            }
        }

        // A power of two keeps squares in range and every bit as it is.
        int exponent = scale > 0 ? Math.ILogB(scale) : 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                reduced[(i * size) + j] = Math.ScaleB(matrix[(i * stride) + j], -exponent);
            }
        }

        Reduce();
        Accumulate();
        Diagonalize();
        Sort();
        for (int i = 0; i < size; i++)
        {
            values[i] = Math.ScaleB(values[i], exponent);
        }
    }

    /// <summary>Householder: A = Q T Qᵀ. Step k keeps its direction in row k, right of the diagonal.</summary>
    private void Reduce()
    {
        int n = Size;
        for (int k = 0; k < n; k++)
        {
            values[k] = reduced[(k * n) + k];
            below[k] = k + 1 < n ? reduced[(k * n) + k + 1] : 0;
            factors[k] = 0;
            int length = n - k - 1;
            Span<double> direction = reduced.AsSpan((k * n) + k + 1, length);
            double rest = length > 1 ? Dot(direction[1..], direction[1..]) : 0;
            if (rest == 0)
            {
                continue;
            }

            double norm = Math.Sqrt((direction[0] * direction[0]) + rest);
            below[k] = direction[0] > 0 ? -norm : norm;
            direction[0] -= below[k];
            double factor = 2 / ((direction[0] * direction[0]) + rest);
            factors[k] = factor;

            // p = f A v; w = p − (f/2)(p·v) v; A −= v wᵀ + w vᵀ.
            Span<double> p = product.AsSpan(0, length);
            for (int i = 0; i < length; i++)
            {
                p[i] = factor * Dot(reduced.AsSpan(((k + 1 + i) * n) + k + 1, length), direction);
            }

            AddMultiple(p, -0.5 * factor * Dot(p, direction), direction);
            for (int i = 0; i < length; i++)
            {
                Span<double> row = reduced.AsSpan(((k + 1 + i) * n) + k + 1, length);
                AddMultiple(row, -direction[i], p);
                AddMultiple(row, -p[i], direction);
            }
        }
    }

    /// <summary>
    /// Qᵀ into the vectors, from the last reflection to the first, so that each touches only what is not yet the identity.
    /// </summary>
    private void Accumulate()
    {
        int n = Size;
        vectors.AsSpan(0, n * n).Clear();
        for (int i = 0; i < n; i++)
        {
            vectors[(i * n) + i] = 1;
        }

        for (int k = n - 3; k >= 0; k--)
        {
            ReadOnlySpan<double> direction = reduced.AsSpan((k * n) + k + 1, n - k - 1);
            for (int i = k + 1; i < n && factors[k] != 0; i++)
            {
                Span<double> row = vectors.AsSpan((i * n) + k + 1, n - k - 1);
                AddMultiple(row, -factors[k] * Dot(row, direction), direction);
            }
        }
    }

    /// <summary>Implicit QL on the tridiagonal matrix; the rotations turn the rows of Qᵀ into eigenvectors.</summary>
    private void Diagonalize()
    {
        int n = Size;
        for (int first = 0; first < n; first++)
        {
            // Two or three sweeps are the rule. Should ever more be needed, the vectors stay orthonormal and the caller's residuals show
            // it.
            for (int sweep = 0; sweep < 60; sweep++)
            {
                int last = first;
                while (last < n - 1
                    && Math.Abs(below[last]) > Epsilon * (Math.Abs(values[last]) + Math.Abs(values[last + 1]) + Epsilon))
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                Sweep(first, last);
            }
        }
    }

    private void Sweep(int first, int last)
    {
        double g = (values[first + 1] - values[first]) / (2 * below[first]);
        double r = Math.Sqrt((g * g) + 1);
        g = values[last] - values[first] + (below[first] / (g + (g < 0 ? -r : r)));
        double sine = 1;
        double cosine = 1;
        double shift = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * below[i];
            double b = cosine * below[i];
            r = Math.Sqrt((f * f) + (g * g));
            below[i + 1] = r;
            if (r == 0)
            {
                // The matrix has split in two here.
                values[i + 1] -= shift;
                below[last] = 0;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = values[i + 1] - shift;
            r = ((values[i] - g) * sine) + (2 * cosine * b);
            shift = sine * r;
            values[i + 1] = g + shift;
            g = (cosine * r) - b;
            Rotate(vectors.AsSpan(i * Size, Size), vectors.AsSpan((i + 1) * Size, Size), cosine, sine);
        }

        values[first] -= shift;
        below[first] = g;
        below[last] = 0;
    }

    private void Sort()
    {
        for (int i = 0; i < Size - 1; i++)
        {
            int smallest = i;
            for (int j = i + 1; j < Size; j++)
            {
                smallest = values[j] < values[smallest] ? j : smallest;
            }

            if (smallest == i)
            {
                continue;
            }

            (values[i], values[smallest]) = (values[smallest], values[i]);
            Span<double> a = vectors.AsSpan(i * Size, Size);
            Span<double> b = vectors.AsSpan(smallest * Size, Size);
            for (int p = 0; p < Size; p++)
            {
                (a[p], b[p]) = (b[p], a[p]);
            }
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void AddMultiple(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        Span<Vector<double>> targets = MemoryMarshal.Cast<double, Vector<double>>(y);
        ReadOnlySpan<Vector<double>> sources = MemoryMarshal.Cast<double, Vector<double>>(x);
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] += sources[i] * factor;
        }

        for (int i = targets.Length * Vector<double>.Count; i < y.Length; i++)
        {
            y[i] += factor * x[i];
        }
    }

    private static void Rotate(Span<double> low, Span<double> high, double cosine, double sine)
    {
        Span<Vector<double>> lows = MemoryMarshal.Cast<double, Vector<double>>(low);
        Span<Vector<double>> highs = MemoryMarshal.Cast<double, Vector<double>>(high);
        for (int i = 0; i < lows.Length; i++)
        {
            Vector<double> h = highs[i];
            highs[i] = (lows[i] * sine) + (h * cosine);
            lows[i] = (lows[i] * cosine) - (h * sine);
        }

        for (int i = lows.Length * Vector<double>.Count; i < low.Length; i++)
        {
            double h = high[i];
            high[i] = (low[i] * sine) + (h * cosine);
            low[i] = (low[i] * cosine) - (h * sine);
        }
    }
}
