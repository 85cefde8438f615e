using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>The spectral density by stochastic Lanczos quadrature, with known eigenvectors taken out first.</summary>
/// <remarks>
/// <para>
/// S. Ubaru, J. Chen, Y. Saad, Fast Estimation of tr(f(A)) via Stochastic Lanczos Quadrature, SIAM J. Matrix Anal. Appl. 38 (2017); for
/// networks B. Ghorbani, S. Krishnan, Y. Xiao, An Investigation into Neural Net Optimization via Hessian Eigenvalue Density, ICML 2019.
/// For a unit vector v uniform on the sphere, E[vᵀf(H)v] = tr f(H)/n; the Lanczos method with m steps from v gives the Gauss quadrature
/// of vᵀf(H)v, exact for polynomials up to degree 2m − 1.
/// </para>
/// <para>
/// Eigenvectors that are known are deflated, as V. Papyan does (The Full Spectrum of Deepnet Hessians at Scale, 2018): their eigenvalues
/// count 1/n each, and the runs see the complement of their span. Outliers then stand where they are and weigh what they weigh, and most
/// of the spread between runs, which comes from them, is gone.
/// </para>
/// <para>
/// Every run keeps its whole basis and is orthogonalized against all of it, twice; without that, copies of converged eigenvalues appear.
/// Blocks of runs share a pass over the data. The result does not depend on how many do.
/// </para>
/// </remarks>
public static class StochasticLanczosQuadrature
{
    /// <summary>The runs that are taken unless the caller says otherwise: as many as hessian-eigenthings takes.</summary>
    public const int DefaultRuns = 10;

    /// <summary>The steps of a run unless the caller says otherwise: as many as hessian-eigenthings takes.</summary>
    public const int DefaultSteps = 80;

    // What the bases of the runs that share a pass may take, in bytes; one run is taken whatever it takes.
    private const long LargestMemory = 2L << 30;

    /// <summary>Estimates the density.</summary>
    /// <param name="linear">H, symmetric.</param>
    /// <param name="runs">The runs of the Lanczos method, ≥ 1; with one there are no standard errors.</param>
    /// <param name="steps">The most steps of a run, ≥ 1; a run ends earlier where its Krylov space does.</param>
    /// <param name="seed">The seed; the start of run i is drawn from its substream "density" of index i.</param>
    /// <param name="known">Eigenpairs to deflate, still on the device; those that have not converged are left to the runs. Null for
    /// none.</param>
    /// <exception cref="UsageException">Runs or steps are out of range.</exception>
    /// <exception cref="DeviceException">The device has not enough memory for the basis of a run.</exception>
    public static SpectralDensity Estimate(
        ILinearOperator linear, int runs = DefaultRuns, int steps = DefaultSteps, ulong seed = 0, EigenResult? known = null)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (runs < 1 || steps < 1)
        {
            throw new UsageException($"A spectral density by {runs} runs of {steps} steps: give at least one of each.");
        }

        var device = linear.Device;
        int dimension = linear.Dimension;
        int[] converged = known is null ? [] : [.. Enumerable.Range(0, known.Pairs.Count).Where(i => known.Pairs[i].Converged)];
        double[] deflated = [.. converged.Select(i => known!.Pairs[i].Value)];
        int length = Math.Min(steps, dimension - deflated.Length);
        if (length == 0)
        {
            return new SpectralDensity(dimension, deflated, [], [], 0);
        }

        long rows = deflated.Length + length;
        if (rows * dimension > int.MaxValue)
        {
            throw new DeviceException(
                $"A Lanczos run of {length} steps keeps {rows} vectors of {dimension} numbers in one piece, and a piece holds at most "
                + $"{int.MaxValue} numbers: give at most {Math.Max(0, (int.MaxValue / dimension) - deflated.Length)} steps.");
        }

        int block = (int)Math.Clamp(LargestMemory / (rows * dimension * device.ElementSize), 1, Math.Min(runs, Probes.Block(dimension)));
        using var vectors = device.Allocate(deflated.Length * dimension, "deflated eigenvectors");
        for (int i = 0; i < converged.Length; i++)
        {
            device.Copy(known!.Vector(converged[i]), vectors.Span.Slice(i * dimension, dimension));
        }

        var nodes = new double[runs][];
        var weights = new double[runs][];
        int products = 0;
        for (int first = 0; first < runs; first += block)
        {
            LanczosRun[] group = [];
            try
            {
                for (int i = 0; i < Math.Min(block, runs - first); i++)
                {
                    group = [.. group, new LanczosRun(device, dimension, length, vectors.Span, deflated.Length)];
                }

                Take(linear, group, seed, first);
                for (int i = 0; i < group.Length; i++)
                {
                    (nodes[first + i], weights[first + i]) = group[i].Quadrature();
                    products += group[i].Steps;
                }
            }
            finally
            {
                foreach (var run in group)
                {
                    run.Dispose();
                }
            }
        }

        return new SpectralDensity(dimension, deflated, nodes, weights, products);
    }

    // All runs of a group, a step of each at a time. Those that have ended leave the block.
    private static void Take(ILinearOperator linear, LanczosRun[] group, ulong seed, int first)
    {
        var device = linear.Device;
        int dimension = linear.Dimension;
        using var block = device.Allocate(group.Length * dimension, "Lanczos vectors");
        using var products = device.Allocate(group.Length * dimension, "products of Lanczos vectors");
        var normal = new RandomVectors(device, dimension, RandomVectors.Normal);
        for (int i = 0; i < group.Length; i++)
        {
            normal.Fill(new RandomStream(seed, "density", (ulong)(first + i)), Row(block, i, 1));
            group[i].Begin(Row(block, i, 1));
        }

        LanczosRun[] active = [.. group.Where(run => run.IsActive)];
        while (active.Length > 0)
        {
            linear.Apply(Row(block, 0, active.Length), Row(products, 0, active.Length), active.Length);
            int left = 0;
            for (int i = 0; i < active.Length; i++)
            {
                active[i].Step(Row(products, i, 1), Row(block, left, 1));
                left += active[i].IsActive ? 1 : 0;
            }

            active = [.. active.Where(run => run.IsActive)];
        }

        DeviceSpan Row(DeviceMemory memory, int row, int rows) => memory.Span.Slice(row * dimension, rows * dimension);
    }
}
