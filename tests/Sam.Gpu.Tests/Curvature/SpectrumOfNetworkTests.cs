using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

/// <summary>All tools of the spectrum on a trained network of 300 parameters, against its dense Hessian.</summary>
public sealed class SpectrumOfNetworkTests
{
    private const int Dimension = BenchProblem.Dimension;
    private const int Examples = 20;

    [Theory]
    [InlineData(Precision.Double, 1e-8)]
    [InlineData(Precision.Float, 1e-4)]
    public void The_largest_and_smallest_eigenvalues_are_those_of_the_dense_Hessian(Precision precision, double tolerance)
    {
        using var exact = new BenchProblem();
        double[] expected = BenchProblem.Eigenvalues(BenchProblem.Dense(exact.Hessian));
        using var problem = new BenchProblem(precision);
        using var solver = new Eigensolver(problem.Device, Dimension, new EigensolverOptions { Count = 5, Which = SpectrumPart.BothEnds });

        var result = solver.Solve(problem.Hessian);

        Assert.True(result.Converged, result.Explanation);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(expected[^(i + 1)], result.Pairs[i].Value, tolerance * Math.Abs(expected[^(i + 1)]));
            Assert.Equal(expected[i], result.Pairs[5 + i].Value, tolerance * Math.Abs(expected[i]));
            Assert.True(precision == Precision.Float || result.Pairs[i].Residual < 1e-6 * expected[^1]);
        }
    }

    [Fact]
    public void A_warm_start_takes_fewer_products_than_a_cold_one()
    {
        using var before = new BenchProblem(steps: 4990);
        using var after = new BenchProblem();
        var options = new EigensolverOptions { Count = 5, Which = SpectrumPart.BothEnds };
        using var solver = new Eigensolver(before.Device, Dimension, options);
        using var cold = new Eigensolver(after.Device, Dimension, options);
        using var warm = new Eigensolver(after.Device, Dimension, options);
        solver.Solve(before.Hessian);
        warm.Restore(solver.Save());

        var first = cold.Solve(after.Hessian);
        var second = warm.Solve(after.Hessian);

        Assert.True(first.Converged && second.Converged);
        Assert.True(second.Products < first.Products, $"warm {second.Products}, cold {first.Products}");
    }

    [Fact]
    public void The_Gauss_Newton_matrix_is_that_of_the_Jacobian_in_closed_form()
    {
        using var problem = new BenchProblem();
        double[] jacobian = problem.Jacobian();
        double[] dense = BenchProblem.Dense(problem.GaussNewton);
        for (int i = 0; i < Dimension; i++)
        {
            for (int j = 0; j < Dimension; j++)
            {
                double expected = Enumerable.Range(0, Examples)
                    .Sum(example => jacobian[(example * Dimension) + i] * jacobian[(example * Dimension) + j]) / Examples;
                Assert.Equal(expected, dense[(i * Dimension) + j], 1e-10);
            }
        }
    }

    [Fact]
    public void Blocks_of_layers_are_the_sub_blocks_of_the_dense_matrix()
    {
        using var problem = new BenchProblem();
        foreach (var whole in (ILinearOperator[])[problem.Hessian, problem.GaussNewton])
        {
            double[] dense = BenchProblem.Dense(whole);
            int offset = 0;
            foreach (var mask in ParameterMask.Layers(problem.Network))
            {
                using var block = new MaskedOperator(whole, mask);
                double[] part = BenchProblem.Dense(block);
                for (int i = 0; i < mask.Dimension; i++)
                {
                    for (int j = 0; j < mask.Dimension; j++)
                    {
                        Assert.Equal(dense[((offset + i) * Dimension) + offset + j], part[(i * mask.Dimension) + j], 1e-8);
                    }
                }

                offset += mask.Dimension;
            }
        }
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(false, 300)]
    [InlineData(true, 60)]
    public void Traces_are_within_their_standard_errors(bool isGaussNewton, int products)
    {
        using var problem = new BenchProblem();
        ILinearOperator linear = isGaussNewton ? problem.GaussNewton : problem.Hessian;
        double expected = BenchProblem.Trace(BenchProblem.Dense(linear));
        const int Seeds = 60;
        double[] deviations = new double[Seeds];
        double[] better = new double[Seeds];
        for (int seed = 0; seed < Seeds; seed++)
        {
            var hutchinson = Hutchinson.Estimate(linear, products, (ulong)seed);
            var hutchPlusPlus = HutchPlusPlus.Estimate(linear, products, (ulong)seed);
            deviations[seed] = (hutchinson.Value - expected) / hutchinson.StandardError;

            // The Gauss-Newton matrix has rank 20: Hutch++ is exact, and the spread is rounding.
            better[seed] = (hutchPlusPlus.Value - expected) / Math.Max(hutchPlusPlus.StandardError, 1e-12);
        }

        foreach (double[] sample in (double[][])[deviations, better])
        {
            // Of 60 normal deviations 0.2 lie beyond 3; their mean square is 1 ± 0.2, more with the 20 samples that Hutch++ has at 60
            // products.
            Assert.True(sample.Count(deviation => !(Math.Abs(deviation) <= 3)) <= 2);
            Assert.InRange(Math.Sqrt(sample.Average(deviation => deviation * deviation)), isGaussNewton && sample == better ? 0 : 0.7, 1.4);
        }
    }

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Float)]
    public void The_density_has_mass_1_and_the_mean_of_the_trace(Precision precision)
    {
        using var problem = new BenchProblem(precision);
        foreach (var linear in (ILinearOperator[])[problem.Hessian, problem.GaussNewton])
        {
            double expected = BenchProblem.Trace(BenchProblem.Dense(linear));
            using var solver = new Eigensolver(
                problem.Device, Dimension, new EigensolverOptions { Count = 5, Which = SpectrumPart.BothEnds });
            var density = StochasticLanczosQuadrature.Estimate(linear, known: solver.Solve(linear));
            var table = density.Tabulate();
            Assert.Equal(1, table.Mass, 1e-3);
            Assert.Equal(expected, Dimension * table.Mean, 0.01 * expected);
            Assert.True(density.Trace.StandardError < 0.01 * expected);
        }
    }
}
