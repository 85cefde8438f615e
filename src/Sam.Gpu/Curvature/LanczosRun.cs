using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>
/// One run of the Lanczos method from a given start, with full reorthogonalization: a Gauss quadrature of its spectral measure.
/// </summary>
/// <remarks>
/// The products are the caller's, so that several runs can share a pass. The basis stays orthogonal to some given vectors as well: then the
/// run is one on the complement of their span.
/// </remarks>
internal sealed class LanczosRun : IDisposable
{
    // Below this multiple of the unit roundoff times the norm, what is left of a product is rounding.
    private const double RoundingFloor = 16;

    private readonly Device device;
    private readonly int dimension;
    private readonly int deflated;
    private readonly int capacity;
    private readonly DeviceMemory basis;
    private readonly DeviceMemory small;
    private readonly double[] diagonal;
    private readonly double[] beside;
    private readonly double[] host;
    private double norm;

    /// <summary>Allocates the memory of a run.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dimension">P.</param>
    /// <param name="steps">The most steps, ≥ 1.</param>
    /// <param name="deflated">Orthonormal vectors to stay orthogonal to, [count, P].</param>
    /// <param name="count">Their number, ≥ 0.</param>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public LanczosRun(Device device, int dimension, int steps, DeviceSpan deflated, int count)
    {
        this.device = device;
        this.dimension = dimension;
        this.deflated = count;
        capacity = steps;
        diagonal = new double[steps];
        beside = new double[steps];
        host = new double[count + steps];
        basis = device.Allocate(checked((count + steps) * dimension), "basis of a Lanczos run");
        try
        {
            small = device.Allocate(count + steps + 1, "coefficients of a Lanczos run");
        }
        catch
        {
            basis.Dispose();
            throw;
        }

        if (count > 0)
        {
            device.Copy(deflated, Rows(0, count));
        }
    }

    /// <summary>The steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether there is a next step.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether every number was finite.</summary>
    public bool IsFinite { get; private set; } = true;

    /// <summary>Begins.</summary>
    /// <param name="vector">A direction, [P]; receives the first basis vector.</param>
    public void Begin(DeviceSpan vector)
    {
        double length = Orthogonalize(vector, deflated);
        IsFinite = double.IsFinite(length) && length > 0;
        IsActive = IsFinite;
        if (IsActive)
        {
            device.Scale(vector, 1 / length, vector);
            device.Copy(vector, Rows(deflated, 1));
        }
    }

    /// <summary>Takes a step.</summary>
    /// <param name="product">H times the last basis vector, [P], changed.</param>
    /// <param name="next">Receives the next basis vector, [P], if there is one; it may be where the product is.</param>
    public void Step(DeviceSpan product, DeviceSpan next)
    {
        double left = Orthogonalize(product, deflated + Steps + 1);
        double rayleigh = host[deflated + Steps];
        diagonal[Steps] = rayleigh;
        beside[Steps] = left;
        IsFinite = double.IsFinite(rayleigh) && double.IsFinite(left);
        norm = Math.Max(norm, Math.Abs(rayleigh) + left);
        Steps++;
        IsActive = IsFinite && Steps < capacity && left > RoundingFloor * device.UnitRoundoff * norm;
        if (IsActive)
        {
            device.Scale(product, 1 / left, next);
            device.Copy(next, Rows(deflated + Steps, 1));
        }
    }

    /// <summary>
    /// The quadrature of the steps taken: eigenvalues of the tridiagonal matrix, and the squares of their vectors' first numbers.
    /// </summary>
    /// <returns>Nodes from the smallest up, and weights ≥ 0 that add up to 1; NaN if a number was not finite.</returns>
    public (double[] Nodes, double[] Weights) Quadrature()
    {
        if (!IsFinite)
        {
            return ([double.NaN], [double.NaN]);
        }

        var matrix = new double[Steps * Steps];
        for (int i = 0; i < Steps; i++)
        {
            matrix[(i * Steps) + i] = diagonal[i];
            if (i + 1 < Steps)
            {
                matrix[(i * Steps) + i + 1] = beside[i];
                matrix[((i + 1) * Steps) + i] = beside[i];
            }
        }

        var eigensystem = new SymmetricEigensystem(Steps);
        eigensystem.Decompose(matrix, Steps, Steps);
        var weights = new double[Steps];
        for (int i = 0; i < Steps; i++)
        {
            double first = eigensystem.Vector(i)[0];
            weights[i] = first * first;
        }

        return (eigensystem.Values.ToArray(), weights);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        basis.Dispose();
        small.Dispose();
    }

    private DeviceSpan Rows(int first, int count) => basis.Span.Slice(first * dimension, count * dimension);

    /// <summary>Gram–Schmidt against the first rows, twice ("twice is enough": Giraud, Langou, Rozložník, van den Eshof, 2005).</summary>
    /// <returns>The length that is left; the dot products of the first round are in the host's numbers.</returns>
    private double Orthogonalize(DeviceSpan vector, int count)
    {
        DeviceSpan overlaps = small.Span.Slice(0, count);
        for (int round = 0; round < 2 && count > 0; round++)
        {
            device.BlockDot(vector, 1, Rows(0, count), count, overlaps);
            if (round == 0)
            {
                device.Download(overlaps, host.AsSpan(0, count));
            }

            device.Scale(overlaps, -1, overlaps);
            device.BlockCombine(Rows(0, count), count, overlaps, vector, 1, accumulate: true);
        }

        DeviceSpan length = small.Span.Slice(host.Length, 1);
        device.Norm(vector, length);
        Span<double> result = stackalloc double[1];
        device.Download(length, result);
        return result[0];
    }
}
