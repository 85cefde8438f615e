using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Tests.Curvature;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>A run of an adaptive optimizer measures the eigenvalues of P⁻¹H beside those of H, and reads the first against its edge.</summary>
public sealed class PreconditionedRunTests
{
    private const int Steps = 30;
    private const int MeasureEvery = 10;
    private const double StepSize = 0.01;
    private const double Epsilon = 1e-4;

    // With biases of zero their gradients would be rounding alone, by the symmetry of the data, and so would the first divisors.
    private const string Small =
        "network=mlp:8,bias=hidden initialization=pytorch step-size=0.01 epsilon=1e-4 steps=30 measure-every=10 eigenvalues=3 eigenvalue-tolerance=1e-8 threads=1 ";

    [Theory]
    [InlineData("optimizer=adam beta1=0.8 beta2=0.95", 0.8, 0.95, true, 1800)]
    [InlineData("optimizer=rmsprop beta2=0.9", 0, 0.9, false, 200)]
    [InlineData("optimizer=rmsprop beta2=0.9 bias-correction=1", 0, 0.9, true, 200)]
    public void The_eigenvalues_are_those_of_the_dense_matrix(string settings, double beta1, double beta2, bool correctsBias, double edge)
    {
        var summary = RecipeRun.Of("chebyshev", Small + settings);
        double[][] expected = Dense(beta1, beta2, correctsBias);

        Assert.Equal(expected.Length, summary.Measurements.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            // A residual of 10⁻⁸ λ bounds the error of λ by as much; the condition of P and rounding in 30 steps are far below it.
            var measurement = summary.Measurements[i];
            Near.Numbers(expected[i], [.. measurement.Preconditioned.Select(pair => pair.Value)], 1e-7 * expected[i][0], $"measurement {i}");
            Assert.True(measurement.HasConverged);
            Assert.Equal(edge, measurement.PreconditionedEdge, 1e-9);
            Assert.Equal(measurement.Preconditioned[0].Value / measurement.PreconditionedEdge, measurement.Ratio);
            Assert.True(double.IsNaN(measurement.BaseEdge));
            Assert.InRange(measurement.PreconditionedProducts, 3, 100);
        }
    }

    [Fact]
    public void Its_columns_follow_the_others_which_are_as_without_them()
    {
        RecipeRun.Of("chebyshev", Small + "optimizer=adam eigenvalues=2", folder =>
        {
            string[] lines = File.ReadAllLines(Path.Combine(folder, "spectrum.csv"));
            Assert.EndsWith(
                ",alignment_gradient,alignment_sam_gradient,preconditioned_eigenvalue_1,preconditioned_eigenvalue_2,preconditioned_residual_1,"
                + "preconditioned_residual_2,preconditioned_converged_1,preconditioned_converged_2,preconditioned_products,preconditioned_edge",
                lines[0], StringComparison.Ordinal);
            Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
            Assert.Equal(3800, double.Parse(lines[^1].Split(',')[^1], CultureInfo.InvariantCulture), 1e-9);
            Assert.Equal("P^(-1/2) H P^(-1/2)", Spectrum(folder)["preconditioned"]!["operator"]!.GetValue<string>());
            Assert.True(File.Exists(Path.Combine(folder, "figures", "eigenvalues-preconditioned.svg")));
        });
    }

    [Theory]
    [InlineData("optimizer=gd")]
    [InlineData("optimizer=sam base-optimizer=adam rho=0.01")]
    [InlineData("optimizer=normalised-gd")]
    public void Without_an_adaptive_step_or_with_an_ascent_over_it_nothing_of_it_is_there(string settings)
    {
        var summary = RecipeRun.Of("chebyshev", Small + settings, folder =>
        {
            Assert.DoesNotContain("preconditioned", File.ReadAllText(Path.Combine(folder, "spectrum.csv")), StringComparison.Ordinal);
            Assert.Null(Spectrum(folder)["preconditioned"]);
            Assert.Equal(5, Directory.GetFiles(Path.Combine(folder, "figures")).Length);
        });
        Assert.All(summary.Measurements, measurement => Assert.Empty(measurement.Preconditioned));
    }

    private static JsonNode Spectrum(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!["spectrum"]!;

    // The three largest eigenvalues at each measurement of a trajectory in plain loops.
    private static double[][] Dense(double beta1, double beta2, bool correctsBias)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var network = NetworkSpecification.Parse("mlp:8,bias=hidden").Build(1, 1, "tanh");
        using var objective = new NetworkObjective(device, network, Loss.Parse("half-squared-error"), Chebyshev.Create(5, 20));
        int n = network.ParameterCount;
        double[] w = new double[n];
        using (var drawn = device.Allocate(n, "drawn"))
        {
            device.Upload(Initialization.Parse("pytorch").Draw(network, 0), drawn.Span);
            device.Download(drawn.Span, w);
        }

        using var parameters = device.Allocate(n, "parameters");
        using var gradient = device.Allocate(n, "gradient");
        using var loss = device.Allocate(1, "loss");
        var (m, v, g) = (new double[n], new double[n], new double[n]);
        var found = new List<double[]>();
        for (int t = 1; t <= Steps + 1; t++)
        {
            device.Upload(w, parameters.Span);
            var linearization = objective.Linearize(parameters.Span, gradient.Span, loss.Span);
            device.Download(gradient.Span, g);
            double firstBias = 1 - Math.Pow(beta1, t);
            double secondBias = correctsBias ? 1 - Math.Pow(beta2, t) : 1;
            double[] diagonal = new double[n];
            for (int i = 0; i < n; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                diagonal[i] = Math.Sqrt(v[i] / secondBias) + Epsilon;
                w[i] -= StepSize * (m[i] / firstBias) / diagonal[i];
            }

            if ((t - 1) % MeasureEvery == 0)
            {
                double[] matrix = BenchProblem.Dense(new HessianOperator(linearization));
                for (int k = 0; k < matrix.Length; k++)
                {
                    matrix[k] /= Math.Sqrt(diagonal[k / n] * diagonal[k % n]);
                }

                double[] values = BenchProblem.Eigenvalues(matrix);
                found.Add([values[^1], values[^2], values[^3]]);
            }
        }

        return [.. found];
    }
}
