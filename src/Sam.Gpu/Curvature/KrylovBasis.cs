using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>
/// An orthonormal basis Q of a subspace with its products HQ, on the device, and the projected matrix QᵀHQ with its eigensystem, on the
/// host.
/// </summary>
/// <remarks>
/// Everything of length P lies in three allocations that last as long as the basis: Q [capacity, P], HQ [capacity, P] and the work rows.
/// New directions start in the first work rows; the rows behind them are scratch.
/// </remarks>
internal sealed class KrylovBasis : IDisposable
{
    private readonly Device device;
    private readonly int dimension;
    private readonly DeviceMemory basis;
    private readonly DeviceMemory products;
    private readonly DeviceMemory work;
    private readonly DeviceMemory small;
    private readonly double[] projected;
    private readonly double[] host;
    private readonly double[] gram;
    private readonly double[] transform;
    private readonly SymmetricEigensystem eigensystem;
    private bool isDecomposed;

    /// <summary>Allocates a basis.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dimension">P.</param>
    /// <param name="capacity">The most basis vectors.</param>
    /// <param name="workRows">The work rows; twice the largest block of new directions at least.</param>
    /// <exception cref="DeviceException">The device has not enough memory, or its allocations are too small.</exception>
    public KrylovBasis(Device device, int dimension, int capacity, int workRows)
    {
        this.device = device;
        this.dimension = dimension;
        Capacity = capacity;
        int rows = Math.Max(capacity, workRows);
        if ((long)rows * dimension > int.MaxValue)
        {
            throw new DeviceException(
                $"A basis needs room for {rows} vectors of {dimension} numbers in one piece, and a piece holds at most {int.MaxValue} "
                + "numbers: ask for fewer eigenvalues, guard vectors or products, or a smaller subspace.");
        }

        projected = new double[capacity * capacity];
        host = new double[rows * rows];
        gram = new double[rows * rows];
        transform = new double[rows * rows];
        eigensystem = new SymmetricEigensystem(capacity);
        try
        {
            basis = device.Allocate(capacity * dimension, "basis");
            products = device.Allocate(capacity * dimension, "products of the basis");
            work = device.Allocate(workRows * dimension, "work rows of the basis");
            small = device.Allocate(rows * rows, "coefficients of the basis");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The most basis vectors.</summary>
    public int Capacity { get; }

    /// <summary>m, the basis vectors that have their products.</summary>
    public int Count { get; private set; }

    /// <summary>The Ritz values, from the smallest up, [m].</summary>
    public ReadOnlySpan<double> RitzValues => Eigensystem.Values;

    /// <summary>The trace of QᵀHQ.</summary>
    public double Trace
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Count; i++)
            {
                sum += projected[(i * Capacity) + i];
            }

            return sum;
        }
    }

    /// <summary>Some of the work rows.</summary>
    public DeviceSpan Work(int first, int count) => work.Span.Slice(first * dimension, count * dimension);

    /// <summary>The product of H with one basis vector.</summary>
    public DeviceSpan Product(int index) => products.Span.Slice(index * dimension, dimension);

    /// <summary>Forgets every basis vector.</summary>
    public void Clear() => Count = 0;

    /// <summary>Makes the first work rows orthonormal, to the basis and to each other, and puts them behind the basis.</summary>
    /// <param name="count">The new directions. Directions without any length outside the basis and their forerunners are dropped.</param>
    /// <param name="keptLast">Whether the last of them was kept.</param>
    /// <returns>How many were kept; <see cref="Multiply"/> makes them part of the basis.</returns>
    /// <remarks>
    /// Gram–Schmidt by blocks, twice ("twice is enough": Giraud, Langou, Rozložník, van den Eshof, 2005): the second round removes what
    /// rounding left in the first. A direction that loses half its length in the second round was rounding noise alone, and would stay
    /// skew.
    /// </remarks>
    public int Orthonormalize(int count, out bool keptLast)
    {
        keptLast = true;
        int kept = OrthonormalizeOnce(Work(0, count), count, work, count, 0, ref keptLast);
        return kept == 0 ? 0 : OrthonormalizeOnce(Work(count, kept), kept, basis, Count, 0.25, ref keptLast);
    }

    /// <summary>Takes from vectors what lies in the basis: x − QQᵀx.</summary>
    /// <param name="source">The vectors, [count, P], changed.</param>
    /// <param name="count">Their number, at most that of the work rows.</param>
    public void Project(DeviceSpan source, int count)
    {
        if (Count > 0)
        {
            DeviceSpan overlaps = small.Span.Slice(0, count * Count);
            device.BlockDot(source, count, Vectors(0, Count), Count, overlaps);
            device.Scale(overlaps, -1, overlaps);
            device.BlockCombine(Vectors(0, Count), Count, overlaps, source, count, true);
        }
    }

    /// <summary>Multiplies the new basis vectors by H and extends the projected matrix.</summary>
    /// <param name="linear">H.</param>
    /// <param name="added">The new basis vectors, ≥ 1.</param>
    /// <returns>Whether every product is finite.</returns>
    public bool Multiply(ILinearOperator linear, int added)
    {
        int total = Count + added;
        DeviceSpan block = Products(Count, added);
        linear.Apply(Vectors(Count, added), block, added);
        DeviceSpan dots = small.Span.Slice(0, added * total);
        device.BlockDot(block, added, Vectors(0, total), total, dots);
        Span<double> rows = host.AsSpan(0, added * total);
        device.Download(dots, rows);

        // A NaN or an infinity anywhere in a product makes each of its dot products one: 0 · ∞ is a NaN too.
        foreach (double number in rows)
        {
            if (!double.IsFinite(number))
            {
                return false;
            }
        }

        for (int i = 0; i < added; i++)
        {
            for (int j = 0; j < total; j++)
            {
                double number = rows[(i * total) + j];
                if (j >= Count)
                {
                    number = 0.5 * (number + rows[((j - Count) * total) + Count + i]);
                }

                projected[((Count + i) * Capacity) + j] = number;
                projected[(j * Capacity) + Count + i] = number;
            }
        }

        Count = total;
        isDecomposed = false;
        return true;
    }

    /// <summary>Puts the residuals HQy − θQy of Ritz pairs into the first work rows.</summary>
    /// <param name="ritz">The indices of the pairs.</param>
    /// <param name="scale">A factor on every residual, which keeps squares in the range of single precision.</param>
    /// <param name="norms">Receives the norms of the unscaled residuals.</param>
    public void Residuals(ReadOnlySpan<int> ritz, double scale, Span<double> norms)
    {
        int count = ritz.Length;
        DeviceSpan residuals = Work(0, count);
        Combine(ritz, false, scale, products, residuals, false);
        Combine(ritz, true, -scale, basis, residuals, true);
        DeviceSpan dots = small.Span.Slice(0, count * count);
        device.BlockDot(residuals, count, residuals, count, dots);
        device.Download(dots, gram.AsSpan(0, count * count));
        for (int i = 0; i < count; i++)
        {
            norms[i] = Math.Sqrt(gram[(i * count) + i]) / scale;
        }
    }

    /// <summary>Computes Ritz vectors. Their signs follow the basis vector that they lie closest to, so a warm start keeps them.</summary>
    public void RitzVectors(ReadOnlySpan<int> ritz, DeviceSpan destination) => Combine(ritz, false, 1, basis, destination, false);

    /// <summary>Thick restart (Wu and Simon, 2000): the basis becomes some of the Ritz vectors.</summary>
    /// <param name="ritz">The indices of the Ritz pairs to keep.</param>
    /// <param name="reserved">The first work rows that must stay as they are.</param>
    /// <remarks>
    /// The Ritz vectors are made orthonormal once more, and their products transformed alike; otherwise the rounding of many restarts
    /// adds up.
    /// </remarks>
    public void Restart(ReadOnlySpan<int> ritz, int reserved)
    {
        int count = ritz.Length;
        DeviceSpan scratch = Work(reserved, count);
        Combine(ritz, false, 1, basis, scratch, false);
        DeviceSpan dots = small.Span.Slice(0, count * count);
        device.BlockDot(scratch, count, scratch, count, dots);
        device.Download(dots, gram.AsSpan(0, count * count));
        int kept = Transform(count, 0, out _);
        ApplyTransform(scratch, count, Vectors(0, kept), kept);
        Combine(ritz, false, 1, products, scratch, false);
        ApplyTransform(scratch, count, Products(0, kept), kept);
        for (int i = 0; i < kept; i++)
        {
            for (int j = 0; j < kept; j++)
            {
                double sum = 0;
                for (int k = 0; k < count; k++)
                {
                    sum += transform[(i * count) + k] * Eigensystem.Values[ritz[k]] * transform[(j * count) + k];
                }

                projected[(i * Capacity) + j] = sum;
            }
        }

        Count = kept;
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        basis?.Dispose();
        products?.Dispose();
        work?.Dispose();
        small?.Dispose();
    }

    // Decomposed when it is asked for: not everyone who needs the basis needs its Ritz pairs.
    private SymmetricEigensystem Eigensystem
    {
        get
        {
            if (!isDecomposed)
            {
                eigensystem.Decompose(projected, Capacity, Count);
                isDecomposed = true;
            }

            return eigensystem;
        }
    }

    private DeviceSpan Vectors(int first, int count) => basis.Span.Slice(first * dimension, count * dimension);

    private DeviceSpan Products(int first, int count) => products.Span.Slice(first * dimension, count * dimension);

    /// <summary>One round of <see cref="Orthonormalize"/>, from the source rows to others.</summary>
    private int OrthonormalizeOnce(
        DeviceSpan source, int count, DeviceMemory target, int targetRow, double leastSquare, ref bool keptLast)
    {
        Project(source, count);
        DeviceSpan dots = small.Span.Slice(0, count * count);
        device.BlockDot(source, count, source, count, dots);
        device.Download(dots, gram.AsSpan(0, count * count));
        int kept = Transform(count, leastSquare, out bool last);
        keptLast &= last;
        if (kept > 0)
        {
            ApplyTransform(source, count, target.Span.Slice(targetRow * dimension, kept * dimension), kept);
        }

        return kept;
    }

    private void ApplyTransform(DeviceSpan source, int count, DeviceSpan destination, int kept)
    {
        DeviceSpan coefficients = small.Span.Slice(0, kept * count);
        device.Upload(transform.AsSpan(0, kept * count), coefficients);
        device.BlockCombine(source, count, coefficients, destination, kept);
    }

    /// <summary>
    /// Gram–Schmidt on coefficients: rows of the transform [kept, count] whose combinations are orthonormal by the dot products in gram.
    /// </summary>
    private int Transform(int count, double leastSquare, out bool keptLast)
    {
        // Dot products know a squared sine to about the unit roundoff; below this it would be mostly error.
        double leastSine = 100 * device.UnitRoundoff;
        int kept = 0;
        keptLast = false;
        for (int i = 0; i < count; i++)
        {
            double square = gram[(i * count) + i];
            keptLast = square > leastSquare;
            if (!keptLast)
            {
                continue;
            }

            Span<double> row = transform.AsSpan(kept * count, count);
            row.Clear();
            row[i] = 1 / Math.Sqrt(square);
            double rest = 1;
            for (int k = 0; k < kept; k++)
            {
                ReadOnlySpan<double> other = transform.AsSpan(k * count, count);
                double overlap = 0;
                for (int j = 0; j < i; j++)
                {
                    overlap += other[j] * gram[(i * count) + j] * row[i];
                }

                rest -= overlap * overlap;
                for (int j = 0; j < i; j++)
                {
                    row[j] -= overlap * other[j];
                }
            }

            keptLast = rest > leastSine;
            if (keptLast)
            {
                double factor = 1 / Math.Sqrt(rest);
                for (int j = 0; j <= i; j++)
                {
                    row[j] *= factor;
                }

                kept++;
            }
        }

        return kept;
    }

    /// <summary>
    /// Combinations of basis vectors or products with the coefficients of Ritz vectors, times a factor and, if asked, the Ritz value.
    /// </summary>
    private void Combine(
        ReadOnlySpan<int> ritz, bool timesValue, double factor, DeviceMemory source, DeviceSpan destination, bool accumulate)
    {
        int size = Eigensystem.Size;
        for (int i = 0; i < ritz.Length; i++)
        {
            ReadOnlySpan<double> vector = eigensystem.Vector(ritz[i]);
            double largest = 0;
            foreach (double number in vector)
            {
                largest = Math.Abs(number) > Math.Abs(largest) ? number : largest;
            }

            double multiple = (largest < 0 ? -factor : factor) * (timesValue ? eigensystem.Values[ritz[i]] : 1);
            for (int j = 0; j < size; j++)
            {
                host[(i * size) + j] = multiple * vector[j];
            }
        }

        int count = ritz.Length * size;
        DeviceSpan coefficients = small.Span.Slice(0, count);
        device.Upload(host.AsSpan(0, count), coefficients);
        device.BlockCombine(source.Span.Slice(0, size * dimension), size, coefficients, destination, ritz.Length, accumulate);
    }
}
