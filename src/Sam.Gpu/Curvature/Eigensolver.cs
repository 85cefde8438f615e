using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>The extreme eigenvalues and eigenvectors of a symmetric operator that is known by its products alone.</summary>
/// <remarks>
/// <para>
/// A block Krylov method with full reorthogonalization and thick restart. The basis Q grows by the residuals of the first wanted Ritz pairs
/// that have not converged; in exact arithmetic the basis spans a part of the block Krylov space of the start vectors. A pair has
/// converged when the residual, formed from its vector and not estimated, is small. See docs/eigensolver.md for what that proves and what
/// it does not.
/// </para>
/// <para>
/// A warm start begins from the vectors of the last measurement and one fresh random direction, which is multiplied
/// <see cref="EigensolverOptions.ProbeProducts"/> times, so that an eigenvector orthogonal to the old ones is not missed.
/// </para>
/// <para>
/// Differs from SciPy's eigsh: the default is the largest eigenvalue with its sign, not the largest magnitude; blocks, so that multiple
/// eigenvalues are found; a failure is a result, not an exception. Differs from PyHessian: it stops on the residual, not on the change of
/// the value, which is small as well when power iteration is merely slow.
/// </para>
/// <para>
/// All device memory is allocated by the constructor. The same calls give the same bits, whatever the number of threads. Not safe for use
/// from several threads.
/// </para>
/// </remarks>
public sealed class Eigensolver : IDisposable
{
    // Residuals of a product in the device's precision stop falling at some multiples of its roundoff times the norm.
    private const double RoundingFloor = 16;
    private const double StagnationLevel = 1000;
    private const int StagnationIterations = 20;

    private readonly EigensolverOptions options;
    private readonly KrylovBasis basis;
    private readonly RandomStream random;
    private readonly RandomVectors vectors;
    private readonly double[] residuals;
    private readonly int[] order;
    private readonly int wanted;
    private readonly int carried;
    private readonly int keptAtRestart;

    private int warmVectors;
    private int products;
    private int iterations;
    private double norm;

    /// <summary>Creates a solver and allocates its device memory.</summary>
    /// <param name="device">The device of the operators.</param>
    /// <param name="dimension">P, ≥ 1.</param>
    /// <param name="options">The settings; null for the defaults, one largest eigenvalue.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public Eigensolver(Device device, int dimension, EigensolverOptions? options = null, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Device = device;
        Dimension = dimension;
        this.options = (options ?? new EigensolverOptions()).Resolve(device, dimension);
        wanted = this.options.Wanted;
        int capacity = this.options.MaximumSubspace!.Value;

        // One place is left for the fresh random direction and one for growth.
        int guarded = this.options.Guarded;
        carried = capacity == dimension ? Math.Min(guarded, dimension) : Math.Min(guarded, capacity - 2);
        keptAtRestart = capacity == dimension ? 0 : Math.Min(Math.Max(carried, capacity / 2), capacity - 1);
        basis = new KrylovBasis(device, dimension, capacity, Math.Max(2 * LargestBlock, keptAtRestart + wanted + 1));
        random = new RandomStream(seed, "eigensolver");
        vectors = new RandomVectors(device, dimension, RandomVectors.Uniform);
        residuals = new double[wanted];
        order = new int[capacity];
    }

    /// <summary>The device of the operators.</summary>
    public Device Device { get; }

    /// <summary>P, the length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The most vectors that are multiplied at once: the carried ones and a fresh direction.</summary>
    public int LargestBlock => carried + 1;

    /// <summary>The settings, every default filled in.</summary>
    public EigensolverOptions Options => options;

    /// <summary>Whether a warm start has vectors to begin from.</summary>
    public bool HasVectors => warmVectors > 0;

    /// <summary>Measures the wanted eigenpairs.</summary>
    /// <param name="linear">A symmetric operator on this device with this dimension, the same for every product.</param>
    /// <param name="warm">Whether to begin from the vectors of the last measurement, if there are any; if not, from random vectors.</param>
    /// <param name="interrupt">Ends the measurement between two blocks of products; the next one begins from what this one left.</param>
    /// <returns>
    /// The pairs with their residuals, and how it ended. Failure of the numbers is a result, never an exception, and so is an interruption.
    /// </returns>
    /// <exception cref="ArgumentException">The operator has another device or dimension.</exception>
    public EigenResult Solve(ILinearOperator linear, bool warm = true, CancellationToken interrupt = default)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (linear.Device != Device || linear.Dimension != Dimension)
        {
            throw new ArgumentException(
                $"The operator has dimension {linear.Dimension} on '{linear.Device.Name}'; the solver was made for {Dimension} on "
                + $"'{Device.Name}'.");
        }

        products = 0;
        iterations = 0;
        norm = 0;
        basis.Clear();
        int block = Begin(warm && HasVectors ? warmVectors : 0, out int probe);
        EigenStatus status = Iterate(linear, block, probe, interrupt);
        return Finish(status);
    }

    /// <summary>Forgets the vectors and rewinds the random directions: the next measurement is that of a new solver.</summary>
    public void Reset()
    {
        warmVectors = 0;
        random.Position = 0;
    }

    /// <summary>What the next measurement depends on, for a checkpoint.</summary>
    public EigensolverState Save()
    {
        var vectors = new double[warmVectors * Dimension];
        if (HasVectors)
        {
            Device.Download(basis.Work(0, warmVectors), vectors);
        }

        return new EigensolverState(vectors, random.Position);
    }

    /// <summary>Continues from a checkpoint: the next measurement is the one that the saved solver would have made.</summary>
    /// <param name="state">What <see cref="Save"/> gave, from a solver with the same dimension, options and seed.</param>
    /// <exception cref="ArgumentException">The state does not fit this solver or is not finite.</exception>
    public void Restore(EigensolverState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ReadOnlySpan<double> vectors = state.Vectors.Span;
        int count = vectors.Length / Dimension;
        if (vectors.Length != (long)count * Dimension || count > carried)
        {
            throw new ArgumentException(
                $"{vectors.Length} numbers are not at most {carried} vectors of length {Dimension}: the state is that of another solver.");
        }

        foreach (double number in vectors)
        {
            if (!double.IsFinite(number))
            {
                throw new ArgumentException("A saved eigenvector holds a number that is not finite: call Reset instead.");
            }
        }

        warmVectors = count;
        random.Position = state.RandomPosition;
        if (count > 0)
        {
            Device.Upload(vectors, basis.Work(0, count));
        }
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose() => basis.Dispose();

    /// <summary>Puts the first block behind the empty basis.</summary>
    /// <returns>Its vectors; and which of them is the fresh random direction of a warm start, or −1.</returns>
    private int Begin(int old, out int probe)
    {
        int affordable = Math.Min(basis.Capacity, options.MaximumProducts!.Value);
        int count = Math.Min(affordable, Math.Max(old == 0 ? 0 : old + 1, wanted));
        old = Math.Min(old, count);
        FillRandom(old, count - old);
        int block = basis.Orthonormalize(count, out bool keptLast);
        probe = old > 0 && old < count && keptLast ? block - 1 : -1;
        return block > 0 ? block : Fresh();
    }

    /// <summary>Grows the basis until the wanted pairs have converged or cannot, or it is interrupted.</summary>
    private EigenStatus Iterate(ILinearOperator linear, int block, int probe, CancellationToken interrupt)
    {
        int probesLeft = probe >= 0 ? options.ProbeProducts!.Value : 0;
        int sinceBest = 0;
        double best = double.PositiveInfinity;
        if (interrupt.IsCancellationRequested)
        {
            return EigenStatus.Interrupted;
        }

        while (true)
        {
            products += block;
            iterations++;
            if (!basis.Multiply(linear, block))
            {
                return EigenStatus.NotFinite;
            }

            if (basis.Count < wanted)
            {
                // Only if start vectors were dropped for being dependent, which takes a state from elsewhere.
                block = Fresh();
                if (block == 0)
                {
                    return EigenStatus.Stagnated;
                }

                if (interrupt.IsCancellationRequested)
                {
                    return EigenStatus.Interrupted;
                }

                continue;
            }

            Sort();
            norm = Math.Max(norm, Math.Max(Math.Abs(basis.RitzValues[0]), Math.Abs(basis.RitzValues[^1])));
            double scale = Math.ScaleB(1, -Math.Clamp(norm > 0 ? Math.ILogB(norm) : 0, -100, 100));
            basis.Residuals(order.AsSpan(0, wanted), scale, residuals);
            int unconverged = 0;
            double worst = 0;
            for (int i = 0; i < wanted; i++)
            {
                if (!HasConverged(i))
                {
                    worst = Math.Max(worst, residuals[i]);
                    Gather(i, unconverged++);
                }
            }

            if (unconverged == 0 && probesLeft == 0)
            {
                return EigenStatus.Converged;
            }

            // Here, while the values and residuals are those of the basis.
            if (interrupt.IsCancellationRequested)
            {
                return EigenStatus.Interrupted;
            }

            int room = Math.Min(Dimension - basis.Count, options.MaximumProducts!.Value - products);
            if (room == 0)
            {
                return unconverged == 0 ? EigenStatus.Converged
                    : basis.Count == Dimension ? EigenStatus.Stagnated : EigenStatus.ProductLimit;
            }

            sinceBest = worst < 0.9 * best ? 0 : sinceBest + 1;
            best = Math.Min(best, worst);
            if (unconverged > 0 && sinceBest >= StagnationIterations && worst <= StagnationLevel * Device.UnitRoundoff * norm)
            {
                return EigenStatus.Stagnated;
            }

            // A basis that cannot hold the whole space is thinned to no fewer than the carried vectors.
            int limit = basis.Capacity == Dimension ? room : Math.Min(room, basis.Capacity - carried);
            block = Math.Min(Math.Min(unconverged, options.BlockSize), limit);
            bool probing = probesLeft > 0 && block < limit;
            if (probing)
            {
                Device.Scale(basis.Product(probe), scale, basis.Work(block++, 1));
            }

            if (basis.Count + block > basis.Capacity)
            {
                basis.Restart(order.AsSpan(0, Math.Min(keptAtRestart, basis.Capacity - block)), block);
            }

            block = basis.Orthonormalize(block, out bool keptLast);
            probesLeft = probing && keptLast ? probesLeft - 1 : 0;
            probe = basis.Count + block - 1;
            if (block == 0)
            {
                if (unconverged == 0)
                {
                    return EigenStatus.Converged;
                }

                block = Fresh();
                if (block == 0)
                {
                    return EigenStatus.Stagnated;
                }
            }
        }
    }

    private bool HasConverged(int index) =>
        residuals[index] <= Math.Max(
            options.Tolerance!.Value * Math.Abs(basis.RitzValues[order[index]]), RoundingFloor * Device.UnitRoundoff * norm);

    /// <summary>Orders the Ritz pairs from the most wanted to the least.</summary>
    private void Sort()
    {
        ReadOnlySpan<double> values = basis.RitzValues;
        int low = 0;
        int high = values.Length - 1;
        for (int i = 0; i < values.Length; i++)
        {
            bool takeHigh = options.Which switch
            {
                SpectrumPart.LargestAlgebraic => true,
                SpectrumPart.SmallestAlgebraic => false,
                SpectrumPart.LargestMagnitude => Math.Abs(values[high]) >= Math.Abs(values[low]),
                _ => i < wanted ? i < options.Count : (i - wanted) % 2 == 0,
            };
            order[i] = takeHigh ? high-- : low++;
        }
    }

    /// <summary>Brings the residual of an unconverged pair forward, if it is to join the next block.</summary>
    private void Gather(int from, int to)
    {
        if (from != to && to < options.BlockSize)
        {
            Device.Copy(basis.Work(from, 1), basis.Work(to, 1));
        }
    }

    /// <summary>One random direction behind the basis, where Krylov directions have run out.</summary>
    /// <returns>1; or 0 if rounding leaves no room for any.</returns>
    private int Fresh()
    {
        int block = 0;
        for (int attempt = 0; attempt < 8 && block == 0; attempt++)
        {
            FillRandom(0, 1);
            block = basis.Orthonormalize(1, out _);
        }

        return block;
    }

    /// <summary>Random work rows: independent and uniform on (−1, 1), so that no direction is favoured much and none is left out.</summary>
    private void FillRandom(int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            vectors.Fill(random, basis.Work(row, 1));
        }
    }

    private EigenResult Finish(EigenStatus status)
    {
        var pairs = new EigenPair[wanted];
        DeviceSpan vectors = basis.Work(0, wanted);
        if (status == EigenStatus.NotFinite || basis.Count < wanted)
        {
            warmVectors = 0;
            Array.Fill(pairs, new EigenPair(double.NaN, double.NaN, false));
            Device.Fill(vectors, double.NaN);
        }
        else
        {
            warmVectors = Math.Min(carried, basis.Count);
            for (int i = 0; i < wanted; i++)
            {
                pairs[i] = new EigenPair(basis.RitzValues[order[i]], residuals[i], HasConverged(i));
            }

            basis.RitzVectors(order.AsSpan(0, warmVectors), basis.Work(0, warmVectors));
        }

        return new EigenResult(status, pairs, vectors, products, iterations, options.Tolerance!.Value);
    }
}
