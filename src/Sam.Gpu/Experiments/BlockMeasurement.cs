using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Experiments;

/// <summary>Measures one block of the matrix after the other.</summary>
/// <param name="request">What to measure.</param>
/// <param name="configuration">Seed and precision.</param>
/// <param name="gradient">∇L(θ), [P].</param>
/// <param name="samGradient">The gradient at the point of the ascent, [P]; empty without one.</param>
internal sealed class BlockMeasurement(
    SpectrumRequest request, RunConfiguration configuration, DeviceSpan gradient, DeviceSpan samGradient)
{
    private const int LargestSubspace = 300;
    private const int SmallestSubspace = 100;
    private const long SubspaceMemory = 2L << 30;

    /// <summary>Measures a block.</summary>
    /// <param name="whole">The whole matrix, [P, P].</param>
    /// <param name="mask">The block.</param>
    /// <param name="vectors">Receives the eigenvectors, by name.</param>
    public SpectrumBlock Measure(ILinearOperator whole, ParameterMask mask, List<KeyValuePair<string, NumpyArray>> vectors)
    {
        using var block = mask.IsWhole ? null : new MaskedOperator(whole, mask);
        ILinearOperator linear = block is null ? whole : block;
        int d = mask.Dimension;
        int k = Math.Min(request.Eigenvalues, d);
        bool isAll = d < 2 * k;
        Say(mask, "eigenvalues");
        using var solver = new Eigensolver(
            linear.Device, d,
            new EigensolverOptions
            {
                Count = isAll ? d : k,
                Which = isAll ? SpectrumPart.LargestAlgebraic : SpectrumPart.BothEnds,
                Tolerance = request.EigenvalueTolerance,
                MaximumSubspace = Subspace(linear, k),
                BlockSize = Probes.Block(d),
            },
            configuration.Seed);
        var known = solver.Solve(linear);
        if (known.Status == EigenStatus.NotFinite)
        {
            string cure = configuration.Precision == Precision.Float ? "Give --precision double." : "Give smaller parameters.";
            throw new DataException(
                $"The {Describe(request.Matrix)} of '{mask.Name}' has numbers that are not finite in {configuration.Precision} precision. "
                + cure);
        }

        // Said before the rest of the work, not after it.
        if (request.Width is { } width)
        {
            DensityTable.RequireWidth(width, known.Pairs.Min(pair => pair.Value), known.Pairs.Max(pair => pair.Value));
        }

        // From the most extreme inwards: a result at both ends has the largest first, then the smallest.
        int[] top = [.. Enumerable.Range(0, k)];
        int[] bottom = [.. Enumerable.Range(0, k).Select(i => isAll ? d - 1 - i : k + i)];
        vectors.AddRange(ParameterArrays.Of(
            $"{mask.Name}/top_eigenvectors/", mask.Parameters, known.Vectors.Slice(0, k * d), k));
        using (var smallest = linear.Device.Allocate(k * d, "eigenvectors"))
        {
            for (int i = 0; i < k; i++)
            {
                linear.Device.Copy(known.Vector(bottom[i]), smallest.Span.Slice(i * d, d));
            }

            vectors.AddRange(ParameterArrays.Of($"{mask.Name}/bottom_eigenvectors/", mask.Parameters, smallest.Span, k));
        }

        Say(mask, "trace");
        var hutchinson = Hutchinson.Estimate(linear, request.TraceProducts, configuration.Seed);
        var hutchPlusPlus = HutchPlusPlus.Estimate(linear, request.TraceProducts, configuration.Seed);
        Say(mask, "spectral density");
        var density = StochasticLanczosQuadrature.Estimate(
            linear, request.LanczosRuns, request.LanczosSteps, configuration.Seed, known);
        return new SpectrumBlock
        {
            Mask = mask,
            Top = [.. top.Select(i => known.Pairs[i])],
            Bottom = [.. bottom.Select(i => known.Pairs[i])],
            Explanation = known.Explanation,
            EigenvalueProducts = known.Products,
            Hutchinson = hutchinson,
            HutchPlusPlus = hutchPlusPlus,
            Density = density,
            Table = density.Tabulate(request.Width),
            Gradient = Align(gradient, mask, known.Vectors.Slice(0, k * d), k),
            SamGradient = samGradient.IsEmpty ? null : Align(samGradient, mask, known.Vectors.Slice(0, k * d), k),
        };
    }

    /// <summary>The name of a matrix in a sentence.</summary>
    internal static string Describe(CurvatureMatrix matrix) => matrix == CurvatureMatrix.Hessian ? "Hessian" : "Gauss-Newton matrix";

    // The lower end is a dense edge next to what lies at the upper end: a larger basis than the solver's own takes a third of the
    // products. Where memory is scarce, the solver's own.
    private static int? Subspace(ILinearOperator linear, int count)
    {
        int wanted = Math.Max(LargestSubspace, 4 * 2 * (count + 2));
        long affordable = Math.Min(SubspaceMemory / (3L * linear.Device.ElementSize * linear.Dimension), int.MaxValue / linear.Dimension);
        return affordable >= wanted || affordable >= linear.Dimension ? Math.Min(wanted, linear.Dimension)
            : affordable >= SmallestSubspace ? (int)affordable : null;
    }

    private static Alignment Align(DeviceSpan vector, ParameterMask mask, DeviceSpan eigenvectors, int count)
    {
        var device = vector.Memory!.Device;
        using var part = device.Allocate(mask.Dimension, "gradient of the block");
        using var dots = device.Allocate(count + 1, "cosines");
        mask.Gather(device, vector, part.Span);
        device.BlockDot(part.Span, 1, eigenvectors, count, dots.Span.Slice(0, count));
        device.Norm(part.Span, dots.Span.Slice(count, 1));
        var host = new double[count + 1];
        device.Download(dots.Span, host);

        // Rounding may leave a cosine a little above 1.
        return new Alignment(host[count], [.. host.Take(count).Select(dot => Math.Min(1, Math.Abs(dot) / host[count]))]);
    }

    private void Say(ParameterMask mask, string what) => request.Progress?.Invoke($"{mask.Name}: {what}");
}
