using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class GeneratedDataTests
{
    [Fact]
    public void ChebyshevIsTheCosineOfKTimesTheAngle()
    {
        for (var degree = 1; degree <= 20; degree++)
        {
            var set = Chebyshev.Create(degree, 37);
            var (x, y) = (Column(set.Inputs), Column(set.Targets));
            for (var i = 0; i < x.Length; i++)
            {
                // The recurrence loses at most about k² roundings, and acos near ±1 as much again.
                Assert.Equal(Math.Cos(degree * Math.Acos(x[i])), y[i], 1e-12);
            }
        }
    }

    [Fact]
    public void ChebyshevPointsAreEvenAndSymmetric()
    {
        var set = Chebyshev.Create(5, 20);
        var (x, y) = (Column(set.Inputs), Column(set.Targets));
        Assert.Equal((20, 1, 1), (set.Examples, set.Features, set.Outputs));
        Assert.False(set.IsClassification);
        Assert.Equal("chebyshev-5-20", set.Name);
        Assert.Equal((-1, 1, -1, 1), (x[0], x[^1], y[0], y[^1]));
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(-1 + (2.0 * i / 19), x[i], 1e-15);
            Assert.Equal(-x[^(i + 1)], x[i]);
            Assert.Equal(-y[^(i + 1)], y[i]);
        }
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(21, 20)]
    [InlineData(5, 1)]
    [InlineData(5, 100001)]
    public void ChebyshevOutOfRangeSaysWhatIsAllowed(int degree, int points)
    {
        var error = Assert.Throws<UsageException>(() => Chebyshev.Create(degree, points));
        Assert.Contains("1 to 20", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 to 100000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GaussianClassesAreTheSameNumbersEverywhere()
    {
        // Computed by a second implementation, in Python, of the generator, the sets and the hash.
        Assert.Equal("c48d66087be89cacc118092f054cb96c262d8a89fbcd360ac67677923bfaadea", SyntheticClasses.Create().Hash);
        Assert.Equal("45e6d99154ac572b47862c31df82474f4817a1b6aaf1eba65d8fbc9d649b96ca", SyntheticClasses.Create().Test!.Hash);
        Assert.Equal("21f711bf32eacefe251d6f2cdeede4c71e79536b27f2b5ae42736ab2c887bd30", Chebyshev.Create(5, 20).Hash);
    }

    [Fact]
    public void GaussianClassesHaveBalancedClassesAndInputsOfVarianceOne()
    {
        var set = SyntheticClasses.Create(examples: 20_000, features: 64, classes: 1000);
        Assert.All(Enumerable.Range(0, 1000), label => Assert.Equal(20, set.Labels.Count(label)));
        var values = new double[20_000 * 64];
        set.Inputs.CopyRows<double>(0, 20_000, values);

        // The 64000 centres decide: five of their standard errors, of which each carries half the variance.
        Assert.Equal(0, values.Average(), 5 * Math.Sqrt(0.5 / 64_000));
        Assert.Equal(1, values.Average(value => value * value), 5 * Math.Sqrt(2.0 / 64_000));
    }

    [Fact]
    public void MoreExamplesBeginWithTheFewer() =>
        Assert.Equal(SyntheticClasses.Create(examples: 100).Hash, SyntheticClasses.Create(examples: 300).Take(100).Hash);

    [Fact]
    public void TestExamplesAreOthersOfTheSameClasses()
    {
        var set = SyntheticClasses.Create(spread: 0.01);
        var train = new double[32];
        var test = new double[32];
        for (var i = 0; i < set.Examples; i++)
        {
            set.Inputs.CopyRow<double>(i, train);
            set.Test!.Inputs.CopyRow<double>(i, test);
            Assert.NotEqual(train, test);

            // Both lie within seven standard deviations of one centre.
            Assert.All(train.Zip(test), pair => Assert.Equal(pair.First, pair.Second, 14 * 0.01));
        }
    }

    [Theory]
    [InlineData(0, 32, 10, 1.0, "examples=0")]
    [InlineData(512, 0, 10, 1.0, "features=0")]
    [InlineData(512, 32, 1, 1.0, "classes=1")]
    [InlineData(512, 32, 10, -1.0, "spread=-1")]
    [InlineData(512, 32, 10, double.NaN, "spread=NaN")]
    [InlineData(int.MaxValue, 32, 10, 1.0, "examples=2147483647")]
    public void GaussianClassesOutOfRangeSayWhatIsAllowed(int examples, int features, int classes, double spread, string said)
    {
        var error = Assert.Throws<UsageException>(() => SyntheticClasses.Create(examples, features, classes, spread));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("allowed:", error.Message, StringComparison.Ordinal);
    }

    private static double[] Column(ExampleMatrix matrix)
    {
        var values = new double[matrix.Rows * matrix.Columns];
        matrix.CopyRows<double>(0, matrix.Rows, values);
        return values;
    }
}
