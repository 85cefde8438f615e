using System.Globalization;
using Sam.Gpu.Experiments;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>The recipe <c>chebyshev</c> for each optimizer at length: the mean of λ₁ over the edge in the second half of the run.</summary>
/// <remarks>
/// The expected means were computed by independent programs in double with other random numbers: 1.001 to 1.003, 0.982 to 1.005, 0.997, 0.9995 and
/// 0.998 for the rows of fixed edges. The bounds are 4 % around them, the spread between seeds. A run at the edge is chaotic: seeds differ by
/// some percent, and now and then one leaves the edge for good (Nesterov's momentum with seed 0 does, as soon as it gets there). So three of
/// four seeds must hold; a fourth is run only where one of the first three does not.
/// </remarks>
public sealed class ChebyshevBenchTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("optimizer=gd step-size=0.1", 0.96, 1.043, 20)]
    [InlineData("optimizer=gd step-size=0.2", 0.942, 1.045, 10)]
    [InlineData("optimizer=polyak momentum=0.9 step-size=0.1", 0.957, 1.037, 38)]
    [InlineData("optimizer=nesterov momentum=0.9 step-size=0.1", 0.96, 1.04, 1.9 / 0.14)]
    [InlineData("optimizer=sam-unnormalised step-size=0.1 rho=0.02", 0.958, 1.038, 15.3113)]
    public void The_sharpness_stays_at_a_fixed_edge(string settings, double least, double most, double edge)
    {
        Hold(settings, summary =>
        {
            Assert.Equal(edge, summary.Measurements[^1].Edge, 1e-4 * edge);
            return summary.MeanRatio(0.5) >= least && summary.MeanRatio(0.5) <= most;
        });
    }

    [Fact]
    public void The_sharpness_rides_the_edge_of_sam_far_below_that_of_gradient_descent() =>
        Hold("optimizer=sam step-size=0.1 rho=0.03", summary =>
            summary.MeanRatio(0.5) is >= 0.97 and <= 1.04
            && summary.Measurements.Skip(summary.Measurements.Count / 2).Average(measurement => measurement.Eigenvalues[0]) < 15);

    private void Hold(string settings, Func<RunSummary, bool> holds)
    {
        int held = 0;
        for (int seed = 0; seed < 4 && held < 3; seed++)
        {
            Assert.True(seed - held <= 1, $"{settings}: two seeds of the first {seed} do not hold");
            var summary = Run(settings, seed);
            bool isHeld = holds(summary) && summary.Status == RunStatus.Completed;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings}, seed {seed}: {summary.Status}, mean ratio over the second half {summary.MeanRatio(0.5):F3}{(isHeld ? "" : " does not hold")}"));
            held += isHeld ? 1 : 0;
        }

        Assert.Equal(3, held);
    }

    private static RunSummary Run(string settings, int seed) => RecipeRun.Of("chebyshev", $"{settings} threads=1 seed={seed}");
}
