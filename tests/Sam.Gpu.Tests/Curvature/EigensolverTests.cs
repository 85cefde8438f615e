using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public class EigensolverTests
{
    /// <summary>Names of spectra with their eigenvalues; every test of values crosses them with the parts and the precisions.</summary>
    private static readonly Dictionary<string, double[]> Spectra = new()
    {
        ["decaying"] = Values(120, i => i < 115 ? 20.0 / ((i + 1.0) * (i + 1.0)) : 112.5 - i),
        ["indefinite"] = Values(100, i => i < 6 ? 10 - i : i < 10 ? i - 20.5 : Math.Sin(i)),
        ["negative definite"] = Values(80, i => -1 - (0.5 * i)),
        ["double top"] = Values(90, i => i < 2 ? 7 : i < 5 ? 3 : i < 86 ? 1.0 / i : -2),
        ["clustered"] = Values(90, i => i < 4 ? 5 - (0.01 * i) : Math.Cos(i)),
        ["rank one"] = Values(50, i => i == 0 ? 4 : 0),
        ["identity"] = Values(40, _ => 1),
        ["zero"] = Values(30, _ => 0),
        ["one by one"] = [-3],
        ["two by two"] = [2, -5],
        ["three by three"] = [2, 2, -5],
        ["tiny numbers"] = Values(60, i => 1e-25 / (i + 1.0)),
        ["huge numbers"] = Values(60, i => (i % 2 == 0 ? 1e25 : -1e25) / (i + 1.0)),
    };

    public static TheoryData<string, SpectrumPart, Precision> Cases()
    {
        var cases = new TheoryData<string, SpectrumPart, Precision>();
        foreach (string spectrum in Spectra.Keys)
        {
            foreach (SpectrumPart part in Enum.GetValues<SpectrumPart>())
            {
                cases.Add(spectrum, part, Precision.Float);
                cases.Add(spectrum, part, Precision.Double);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_wanted_eigenvalues_are_found_with_honest_residuals(string spectrum, SpectrumPart part, Precision precision)
    {
        double[] values = Spectra[spectrum];
        int dimension = values.Length;
        int ends = part == SpectrumPart.BothEnds ? 2 : 1;
        if (dimension < ends)
        {
            return;
        }

        using Device device = CpuDevice.Create(precision, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), dimension);
        using var solver = new Eigensolver(
            device, dimension, new EigensolverOptions { Count = Math.Min(4, dimension / ends), Which = part, MaximumProducts = 2000 });
        foreach (bool warm in new[] { false, true })
        {
            EigenResult result = solver.Solve(linear, warm);
            Assert.True(result.Converged, result.Explanation);
            Check(result, linear, solver);

            // The residual bounds the distance to some eigenvalue; these are far apart or equal, so it is the wanted one. The matrix itself
            // is rounded, which moves eigenvalues by up to √P roundings of its norm.
            double[] expected = Expected(values, part, result.Pairs.Count);
            double norm = values.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
            {
                double error = Math.Abs(result.Pairs[i].Value - expected[i]);
                Assert.True(
                    error <= result.Pairs[i].Residual + (20 * device.UnitRoundoff * norm),
                    $"eigenvalue {i} is {result.Pairs[i]}, expected {expected[i]}, error {error}");
            }
        }
    }

    [Fact]
    public void All_eigenvalues_can_be_asked_for()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = [5, 4, 4, 1, 0, -2, -2, -7];
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), 8);
        using var solver = new Eigensolver(device, 8, new EigensolverOptions { Count = 8 });
        EigenResult result = solver.Solve(linear);
        Assert.True(result.Converged, result.Explanation);
        Assert.Equal(8, result.Products);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(values[i], result.Pairs[i].Value, 1e-13);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_small_subspace_restarts_and_still_converges(int count)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] values = Values(200, i => i < 5 ? 3 - (0.1 * i) : 2.0 * (200 - i) / 200);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), 200);
        foreach (int block in new[] { 1, 2, 5 })
        {
            var options = new EigensolverOptions { Count = count, MaximumSubspace = count + 4, BlockSize = block, MaximumProducts = 5000 };
            using var solver = new Eigensolver(device, 200, options);
            EigenResult result = solver.Solve(linear);
            Assert.True(result.Converged, result.Explanation);
            Check(result, linear, solver);
            Assert.True(result.Products > count + 4, "the case is too easy to restart");
            Assert.Equal(values[count - 1], result.Pairs[count - 1].Value, 1e-10);
        }
    }

    [Fact]
    public void A_warm_start_needs_fewer_products_than_a_cold_one()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        double[] matrix = DenseOperator.MatrixWithSpectrum(Values(300, i => i < 5 ? 20 - i : 5.0 * (300 - i) / 300));
        using var solver = new Eigensolver(device, 300, new EigensolverOptions { Count = 2, Tolerance = 1e-4 });
        int cold = Products(warm: false);
        ReadOnlySpan<double> basis = DenseOperator.OrthonormalBasis(300);
        var change = new double[300];
        for (int i = 0; i < 300; i++)
        {
            change[i] = basis[i] + basis[(100 * 300) + i];
        }

        DenseOperator.AddOuterProduct(matrix, 0.02, change);
        int warm = Products(warm: true);
        Assert.True(2 * warm < cold, $"{warm} products warm, {cold} cold");

        int Products(bool warm)
        {
            using var linear = new DenseOperator(device, matrix, 300);
            EigenResult result = solver.Solve(linear, warm);
            Assert.True(result.Converged, result.Explanation);
            Check(result, linear, solver);
            return result.Products;
        }
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 14)]
    [InlineData(10, 37)]
    public void A_cold_start_needs_little_more_than_single_vector_Lanczos(int count, int products)
    {
        // Lanczos with one vector, which can miss multiple eigenvalues, needs 4 to 5, 8 to 10 and 20 to 21 products for 1, 3 and 10 pairs.
        using Device device = CpuDevice.Create(Precision.Double, 1);
        var linear = new DiagonalOperator(device, Values(10000, i => 1 / ((i + 1.0) * (i + 1.0))));
        for (ulong seed = 0; seed < 3; seed++)
        {
            using var solver = new Eigensolver(device, 10000, new EigensolverOptions { Count = count, Tolerance = 1e-3 }, seed);
            EigenResult result = solver.Solve(linear);
            Assert.True(result.Converged, result.Explanation);
            Assert.InRange(result.Products, count, products);
        }
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void A_warm_start_finds_a_new_top_that_is_orthogonal_to_the_old_vectors(Precision precision)
    {
        // A diagonal matrix, so that the old vectors remain exact eigenvectors and their residuals say nothing of the new one.
        using Device device = CpuDevice.Create(precision, 1);
        double[] diagonal = Values(5000, i => i < 3 ? 10 - i : 2.0 * Math.Sin(i));
        for (ulong seed = 0; seed < 5; seed++)
        {
            using var solver = new Eigensolver(device, 5000, new EigensolverOptions { Tolerance = 1e-3 }, seed);
            Assert.True(solver.Solve(new DiagonalOperator(device, diagonal)).Converged);
            double[] changed = [.. diagonal];
            changed[4000] = 14;
            EigenResult result = solver.Solve(new DiagonalOperator(device, changed));
            Assert.True(result.Converged, result.Explanation);
            Assert.Equal(14, result.Pairs[0].Value, 0.014);
        }
    }

    [Fact]
    public void Vectors_keep_their_signs_across_warm_starts()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spectra["decaying"]), 120);
        using var solver = new Eigensolver(device, 120, new EigensolverOptions { Count = 3 });
        double[] first = Download(solver.Solve(linear).Vectors);
        for (int i = 0; i < 5; i++)
        {
            double[] later = Download(solver.Solve(linear).Vectors);
            for (int k = 0; k < 3; k++)
            {
                Assert.Equal(1, DenseOperator.Dot(first.AsSpan(k * 120, 120), later.AsSpan(k * 120, 120)), 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void The_emulated_device_finds_no_unwritten_read_or_access_out_of_bounds(Precision precision)
    {
        // Small enough to be emulated, long enough to restart; the second call starts warm.
        using Device device = EmulatedDevice.Create(precision, 4);
        double[] values = Values(30, i => i < 2 ? 3 - (0.5 * i) : Math.Sin(i));
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(values), 30);
        using var solver = new Eigensolver(device, 30, new EigensolverOptions { Count = 2, MaximumSubspace = 7 });
        for (int i = 0; i < 2; i++)
        {
            EigenResult result = solver.Solve(linear);
            Assert.True(result.Converged, result.Explanation);
            Check(result, linear, solver);
        }
    }

    [Fact]
    public void A_product_limit_gives_unconverged_values_and_says_so()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Values(200, i => 200 - i)), 200);
        using var solver = new Eigensolver(device, 200, new EigensolverOptions { Count = 2, MaximumProducts = 12 });
        EigenResult result = solver.Solve(linear);
        Assert.Equal(EigenStatus.ProductLimit, result.Status);
        Assert.False(result.Converged);
        Assert.Equal(12, result.Products);
        Assert.Equal(12, linear.Products);
        Assert.All(result.Pairs, pair => Assert.False(pair.Converged));
        Assert.Contains("2 of 2 eigenvalues", result.Explanation, StringComparison.Ordinal);
        Assert.Contains("MaximumProducts", result.Explanation, StringComparison.Ordinal);
        Check(result, linear, solver);
    }

    [Fact]
    public void A_tolerance_below_rounding_ends_as_stagnated()
    {
        using Device device = CpuDevice.Create(Precision.Float, 1);
        double[] values = Values(100, i => i < 3 ? 1 : 0.5 * (100 - i) / 100);

        // A fixed relative error of up to 1e-5 a number stands for the rounding of a long computation.
        var linear = new DiagonalOperator(device, values) { Spoil = Noise };
        using var solver = new Eigensolver(device, 100, new EigensolverOptions { Count = 2, Tolerance = 1e-9, MaximumProducts = 100000 });
        EigenResult result = solver.Solve(linear);
        Assert.Equal(EigenStatus.Stagnated, result.Status);
        Assert.True(result.Products <= 200, $"{result.Products} products");
        Assert.Contains("double precision", result.Explanation, StringComparison.Ordinal);

        static void Noise(double[] numbers)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] *= 1 + (1e-5 * Math.Sin(1e6 * numbers[i]));
            }
        }
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NaN, 3)]
    public void An_operator_that_is_not_finite_ends_the_measurement(double spoiled, int after)
    {
        using Device device = CpuDevice.Create(Precision.Float, 1);
        int calls = 0;
        bool broken = true;
        var linear = new DiagonalOperator(device, Values(500, i => 20.0 / ((i + 1.0) * (i + 1.0))))
        {
            Spoil = numbers => numbers[^1] = broken && calls++ >= after ? spoiled : numbers[^1],
        };
        using var solver = new Eigensolver(device, 500, new EigensolverOptions { Count = 2 });
        EigenResult result = solver.Solve(linear);
        Assert.Equal(EigenStatus.NotFinite, result.Status);
        Assert.All(result.Pairs, pair => Assert.True(double.IsNaN(pair.Value) && double.IsNaN(pair.Residual) && !pair.Converged));
        Assert.All(Download(result.Vectors), number => Assert.True(double.IsNaN(number)));
        Assert.Contains("step size", result.Explanation, StringComparison.Ordinal);

        // The next measurement starts afresh.
        Assert.False(solver.HasVectors);
        broken = false;
        Assert.True(solver.Solve(linear).Converged);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_interruption_ends_the_measurement_after_the_block_at_hand(int blocks)
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var source = new CancellationTokenSource();
        int calls = 0;
        double[] diagonal = Values(500, i => 20.0 / ((i + 1.0) * (i + 1.0)));
        var linear = new DiagonalOperator(device, diagonal)
        {
            Spoil = _ =>
            {
                if (++calls == blocks)
                {
                    source.Cancel();
                }
            },
        };
        using var solver = new Eigensolver(device, 500, new EigensolverOptions { Count = 2 });
        if (blocks == 0)
        {
            source.Cancel();
        }

        EigenResult result = solver.Solve(linear, interrupt: source.Token);

        Assert.Equal(EigenStatus.Interrupted, result.Status);
        Assert.Equal((blocks, blocks), (calls, result.Iterations));
        Assert.Contains("interrupted after", result.Explanation, StringComparison.Ordinal);
        Assert.Equal(blocks > 0, solver.HasVectors);
        if (blocks > 0)
        {
            // The pairs are honest: an eigenvalue lies within the residual of each.
            Assert.All(result.Pairs, pair => Assert.Contains(diagonal, value => Math.Abs(value - pair.Value) <= pair.Residual + 1e-12));
        }
        else
        {
            Assert.All(result.Pairs, pair => Assert.True(double.IsNaN(pair.Value) && !pair.Converged));
        }

        Assert.True(solver.Solve(linear).Converged);
    }

    [Fact]
    public void An_interruption_that_comes_with_the_last_block_changes_nothing()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var source = new CancellationTokenSource();
        var linear = new DiagonalOperator(device, [3, 1]) { Spoil = _ => source.Cancel() };
        using var solver = new Eigensolver(device, 2, new EigensolverOptions { Count = 2 });

        Assert.True(solver.Solve(linear, interrupt: source.Token).Converged);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        double[] diagonal = Values(60000, i => i < 8 ? 9 - i : Math.Sin(i));
        double[][] results = Array.ConvertAll<int, double[]>([1, 2], threads =>
        {
            using Device device = CpuDevice.Create(Precision.Float, threads);
            using var solver = new Eigensolver(device, diagonal.Length, new EigensolverOptions { Count = 2 }, 3);
            var linear = new DiagonalOperator(device, diagonal);
            solver.Solve(linear);
            EigenResult result = solver.Solve(linear);
            return [.. result.Pairs.Select(pair => pair.Value), .. result.Pairs.Select(pair => pair.Residual), .. Download(result.Vectors)];
        });
        Assert.Equal(results[0], results[1]);
    }

    [Fact]
    public void Reset_and_Restore_repeat_a_measurement_bit_for_bit()
    {
        using Device device = CpuDevice.Create(Precision.Float, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spectra["indefinite"]), 100);
        using var solver = new Eigensolver(device, 100, new EigensolverOptions { Count = 2 });
        double[] first = Download(solver.Solve(linear).Vectors);
        EigensolverState state = solver.Save();
        double[] second = Download(solver.Solve(linear).Vectors);

        using var other = new Eigensolver(device, 100, new EigensolverOptions { Count = 2 });
        other.Restore(state);
        Assert.Equal(second, Download(other.Solve(linear).Vectors));
        solver.Reset();
        Assert.Equal(first, Download(solver.Solve(linear).Vectors));

        Assert.Throws<ArgumentException>(() => other.Restore(new EigensolverState(new double[99], 0)));
        Assert.Throws<ArgumentException>(() => other.Restore(new EigensolverState(new double[10000], 0)));
        double[] spoiled = [.. state.Vectors.Span];
        spoiled[5] = double.NaN;
        Assert.Throws<ArgumentException>(() => other.Restore(new EigensolverState(spoiled, 0)));
    }

    [Fact]
    public void Zero_vectors_in_a_state_are_replaced()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spectra["indefinite"]), 100);
        using var solver = new Eigensolver(device, 100, new EigensolverOptions { Count = 3 });
        solver.Restore(new EigensolverState(new double[300], 0));
        EigenResult result = solver.Solve(linear);
        Assert.True(result.Converged, result.Explanation);
        Check(result, linear, solver);
    }

    [Fact]
    public void A_steady_measurement_allocates_only_its_result()
    {
        using Device device = CpuDevice.Create(Precision.Double, 1);
        using var linear = new DenseOperator(device, DenseOperator.MatrixWithSpectrum(Spectra["decaying"]), 120);
        using var solver = new Eigensolver(device, 120, new EigensolverOptions { Count = 3 });
        solver.Solve(linear);
        solver.Solve(linear);
        long before = GC.GetAllocatedBytesForCurrentThread();
        solver.Solve(linear);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_with_what_is_allowed()
    {
        using Device device = CpuDevice.Create(Precision.Float, 1);
        Refused(new EigensolverOptions { Count = 0 }, "1 to 10");
        Refused(new EigensolverOptions { Count = 11 }, "1 to 10");
        Refused(new EigensolverOptions { Count = 6, Which = SpectrumPart.BothEnds }, "1 to 5");
        Refused(new EigensolverOptions { Tolerance = 0 }, "above 0");
        Refused(new EigensolverOptions { Tolerance = double.NaN }, "above 0");
        Refused(new EigensolverOptions { Count = 3, MaximumProducts = 2 }, "at least 3");
        Refused(new EigensolverOptions { Count = 3, MaximumSubspace = 4 }, "give 5");
        Refused(new EigensolverOptions { GuardVectors = -1 }, "0 to 1000");
        Refused(new EigensolverOptions { ProbeProducts = -1 }, "0 or more");
        Refused(new EigensolverOptions { BlockSize = 0 }, "1 or more");

        void Refused(EigensolverOptions options, string allowed)
        {
            UsageException error = Assert.Throws<UsageException>(() => new Eigensolver(device, 10, options).Dispose());
            Assert.Contains(allowed, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_operator_of_another_size_or_device_is_refused()
    {
        using Device device = CpuDevice.Create(Precision.Float, 1);
        using Device other = CpuDevice.Create(Precision.Float, 1);
        using var solver = new Eigensolver(device, 10);
        Assert.Throws<ArgumentException>(() => solver.Solve(new DiagonalOperator(device, new double[9])));
        Assert.Throws<ArgumentException>(() => solver.Solve(new DiagonalOperator(other, new double[10])));
    }

    private static double[] Values(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    private static double[] Expected(double[] values, SpectrumPart part, int count)
    {
        double[] descending = [.. values.OrderDescending()];
        return part switch
        {
            SpectrumPart.LargestAlgebraic => descending[..count],
            SpectrumPart.SmallestAlgebraic => [.. descending.Reverse().Take(count)],
            SpectrumPart.LargestMagnitude => [.. descending.OrderByDescending(Math.Abs).Take(count)],
            _ => [.. descending[..(count / 2)], .. descending.Reverse().Take(count / 2)],
        };
    }

    private static double[] Download(DeviceSpan span)
    {
        var numbers = new double[span.Length];
        span.Memory!.Device.Download(span, numbers);
        return numbers;
    }

    /// <summary>Vectors are orthonormal, residuals are what they are said to be, and a pair is called converged just if it is.</summary>
    private static void Check(EigenResult result, DenseOperator linear, Eigensolver solver)
    {
        int n = linear.Dimension;
        int count = result.Pairs.Count;
        double roundoff = linear.Device.UnitRoundoff;
        double norm = Math.Sqrt(DenseOperator.Dot(linear.Matrix, linear.Matrix));
        double[] vectors = Download(result.Vectors);
        Assert.Equal(count * n, vectors.Length);
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<double> vector = vectors.AsSpan(k * n, n);
            for (int other = 0; other < count; other++)
            {
                // Two rounds of Gram–Schmidt leave about a rounding in each basis vector; a Ritz vector combines up to 50 of them.
                Assert.Equal(k == other ? 1 : 0, DenseOperator.Dot(vector, vectors.AsSpan(other * n, n)), 100 * roundoff);
            }

            EigenPair pair = result.Pairs[k];
            double square = 0;
            for (int i = 0; i < n; i++)
            {
                double difference = DenseOperator.Dot(linear.Matrix.AsSpan(i * n, n), vector) - (pair.Value * vector[i]);
                square += difference * difference;
            }

            // The device's residual differs from the exact one by the rounding of its products.
            double error = Math.Abs(Math.Sqrt(square) - pair.Residual);
            Assert.True(error <= 30 * roundoff * norm, $"pair {k}: {pair}, true residual {Math.Sqrt(square)}");
            bool meets = pair.Residual <= solver.Options.Tolerance!.Value * Math.Abs(pair.Value);
            Assert.True(pair.Converged || !meets, $"pair {k} meets the tolerance and is called unconverged");
            Assert.True(!pair.Converged || meets || pair.Residual <= 16 * roundoff * norm, $"pair {k} is called converged: {pair}");
        }
    }
}
