using Sam.Gpu.Experiments;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

public sealed class RunStatisticsTests
{
    // Ten measurements; the last half has λ₁ = 6 … 10 and the edge 10.
    private static readonly RunSeries Run = new()
    {
        Name = "run",
        Rho = 0.1,
        Steps = Numbers(10, i => i),
        Eigenvalues = [Numbers(10, i => i + 1)],
        Converged = [[.. Enumerable.Range(0, 10).Select(i => i is not (2 or 8))]],
        SamEdge = Numbers(10, _ => 10),
        BaseEdge = Numbers(10, _ => 20),
        AlignmentGradient = Numbers(10, i => i / 10.0),
        AlignmentSamGradient = Numbers(10, i => i < 7 ? 1 : 0),
        LossSteps = Numbers(20, i => i),
        Losses = Numbers(20, i => 20 - i),
    };

    [Fact]
    public void The_last_half_is_taken_and_its_quantiles_are_those_of_numpy()
    {
        var statistics = RunStatistics.Of(Run);

        // numpy.quantile([.6, .7, .8, .9, 1.], [.1, .5, .9]) is [.64, .8, .96]; each number is a rounding or two from it.
        Assert.Equal(5, statistics.Measurements);
        Assert.Equal(1, statistics.Unconverged);
        Assert.Equal(0.64, statistics.LowRatio, 1e-14);
        Assert.Equal(0.8, statistics.Ratio, 1e-14);
        Assert.Equal(0.96, statistics.HighRatio, 1e-14);
        Assert.Equal(8, statistics.Sharpness);
        Assert.Equal(10, statistics.Edge);
        Assert.Equal(0.7, statistics.GradientAlignment);
        Assert.Equal(0.4, statistics.BetterAligned);
        Assert.Equal(1.5, statistics.Loss);
    }

    [Fact]
    public void Preconditioned_eigenvalues_are_those_that_count()
    {
        var statistics = RunStatistics.Of(Run with
        {
            Rho = 0,
            PreconditionedEigenvalues = [Numbers(10, i => 100 * (i + 1))],
            PreconditionedConverged = [[.. Enumerable.Range(0, 10).Select(i => i < 8)]],
            PreconditionedEdge = Numbers(10, _ => 2000),
        });

        Assert.Equal((800, 2000, 0.4, 2), (statistics.Sharpness, statistics.Edge, statistics.Ratio, statistics.Unconverged));
    }

    [Fact]
    public void Another_part_may_be_taken()
    {
        Assert.Equal(10, RunStatistics.Of(Run, 1).Measurements);
        Assert.Equal(1, RunStatistics.Of(Run, 0.01).Measurements);
        Assert.Throws<ArgumentOutOfRangeException>(() => RunStatistics.Of(Run, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RunStatistics.Of(Run, double.NaN));
    }

    [Fact]
    public void Without_an_ascent_the_edge_is_that_of_the_base_optimizer_and_nothing_is_compared()
    {
        var statistics = RunStatistics.Of(Run with { Rho = 0, AlignmentSamGradient = [] });

        Assert.Equal(20, statistics.Edge);
        Assert.True(double.IsNaN(statistics.BetterAligned));
    }

    [Theory]
    [InlineData("ratio", 0.79, 0.81, true)]
    [InlineData("ratio", 0.81, null, false)]
    [InlineData("high-ratio", null, 0.95, false)]
    [InlineData("unconverged", null, 1.0, true)]
    public void An_expectation_is_a_range_for_one_of_them(string quantity, double? from, double? to, bool isMet) =>
        Assert.Equal(isMet, Expectation.Create(quantity, from, to).IsMet(RunStatistics.Of(Run)));

    [Fact]
    public void What_was_not_measured_is_never_as_expected() =>
        Assert.False(Expectation.Create("better-aligned", 0, null).IsMet(RunStatistics.Of(Run with { AlignmentSamGradient = [] })));

    [Theory]
    [InlineData("ratios", 0.0, 1.0, "Did you mean 'ratio'?")]
    [InlineData("ratio", null, null, "has no range")]
    [InlineData("ratio", 2.0, 1.0, "has no range")]
    public void Wrong_expectations_are_refused(string quantity, double? from, double? to, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => Expectation.Create(quantity, from, to)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_small_recipe_says_what_it_expects()
    {
        var small = Recipe.BuiltIn.Where(recipe => recipe.Name.EndsWith("-small", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, small.Length);
        Assert.All(small, recipe => Assert.Contains(recipe.Expected, expectation => expectation.Quantity == "ratio"));
    }

    private static double[] Numbers(int count, Func<int, double> number) => [.. Enumerable.Range(0, count).Select(number)];
}
