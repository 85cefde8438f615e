using Sam.Gpu.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class DataSourceTests
{
    [Fact]
    public void GeneratedSetsAreNamedByTheirNumbers()
    {
        Assert.Equal("chebyshev-3-50", DataSource.Parse("chebyshev-3-50", "none").Name);
        Assert.Equal("gaussian-classes:examples=512,features=32,classes=10,spread=1,seed=0", DataSource.Parse("gaussian-classes", "none").Name);
        var set = DataSource.Parse("gaussian-classes:spread=0.5,examples=20,features=3,classes=4,seed=7", "none");
        Assert.Equal((20, 3, 4), (set.Examples, set.Features, set.Outputs));
        Assert.Equal(SyntheticClasses.Create(20, 3, 4, 0.5, 7).Hash, set.Hash);
        Assert.Equal(set.Hash, DataSource.Parse(set.Name, "none").Hash);
    }

    [Fact]
    public void MnistIsLookedForUnderTheRootOrInItsFolder()
    {
        var root = SharedData.FolderOrSkip();
        Assert.Equal(60000, DataSource.Parse("mnist", root).Examples);
        Assert.Equal(60000, DataSource.Parse("mnist:" + Path.Combine(root, "mnist"), "none").Examples);
    }

    [Fact]
    public void Cifar10AndTheTextAreLookedForUnderTheRoot()
    {
        var root = SharedData.FolderOrSkip();
        Assert.Equal("cifar10", DataSource.Parse("cifar10", root).Name);
        var standardized = DataSource.Parse("cifar10-standardized:" + Path.Combine(root, "cifar10"), "none");
        Assert.Equal(("cifar10-standardized", 5000), (standardized.Name, standardized.Examples));
        Assert.Equal(("tiny-shakespeare", 64), (DataSource.Parse("tiny-shakespeare", root, 64).Name, DataSource.Parse("tiny-shakespeare", root, 64).Features));
    }

    [Fact]
    public void NpzFilesAreRead()
    {
        using var folder = new TemporaryFolder();
        NumpyArchive.Write(folder["d.npz"], [new("x", NumpyArray.Of([1f], 1)), new("y", NumpyArray.Of([1f], 1))]);
        Assert.Equal(1, DataSource.Parse("npz:" + folder["d.npz"], "none").Examples);
    }

    [Fact]
    public void MissingMnistNamesTheFolder()
    {
        var error = Assert.Throws<DataException>(() => DataSource.Parse("mnist", "none"));
        Assert.Contains(Path.Combine("none", "mnist"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnst", "Did you mean 'mnist'?")]
    [InlineData("minst:some/folder", "Did you mean 'mnist:some/folder'?")]
    [InlineData("chebishev-5-20", "Did you mean 'chebyshev-5-20'?")]
    [InlineData("gaussian-clases:spread=2", "Did you mean 'gaussian-classes:spread=2'?")]
    [InlineData("cifra10", "Did you mean 'cifar10'?")]
    [InlineData("cifar100:some/folder", "Did you mean 'cifar10:some/folder'?")]
    [InlineData("cifar10:", "a folder")]
    [InlineData("text", "a file")]
    [InlineData("text:", "a file")]
    [InlineData("tiny-shakspeare", "Did you mean 'tiny-shakespeare'?")]
    [InlineData("tiny-shakespeare", "--network transformer")]
    [InlineData("tiny-shakespeare:x", "Unknown data set")]
    [InlineData("gaussian", "Did you mean 'gaussian-classes'?")]
    [InlineData("imagenet", "Allowed: gaussian-classes;")]
    [InlineData("", "Allowed:")]
    [InlineData("mnist:", "a folder")]
    [InlineData("npz", "a file")]
    [InlineData("npz:", "a file")]
    [InlineData("chebyshev", "chebyshev-5-20")]
    [InlineData("chebyshev-5", "chebyshev-5-20")]
    [InlineData("chebyshev--5-20", "chebyshev-5-20")]
    [InlineData("chebyshev-50-20", "1 to 20")]
    [InlineData("chebyshev-5-20:x", "Unknown data set")]
    [InlineData("gaussian-classes:", "settings")]
    [InlineData("gaussian-classes:exmaples=3", "Did you mean 'examples'?")]
    [InlineData("gaussian-classes:examples", "KEY=VALUE")]
    [InlineData("gaussian-classes:examples=", "KEY=VALUE")]
    [InlineData("gaussian-classes:examples=1,examples=2", "each key once")]
    [InlineData("gaussian-classes:examples=many", "a whole number")]
    [InlineData("gaussian-classes:examples=-5", "at least 1")]
    [InlineData("gaussian-classes:spread=0;5", "a number such as 0.5")]
    [InlineData("gaussian-classes:seed=-1", "from 0 on")]
    public void WhatIsNotAllowedSaysWhatIs(string specification, string said)
    {
        var error = Assert.Throws<UsageException>(() => DataSource.Parse(specification, "none"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySourceIsListedOnce()
    {
        Assert.Equal(DataSource.List.Count, DataSource.List.Select(entry => entry.Syntax).Distinct().Count());
        Assert.All(DataSource.List, entry => Assert.False(string.IsNullOrWhiteSpace(entry.Description)));
    }

    [Fact]
    public void TheRootIsTheOptionElseTheVariableElseData()
    {
        var before = Environment.GetEnvironmentVariable(DataRoot.Variable);
        try
        {
            Environment.SetEnvironmentVariable(DataRoot.Variable, "/from/variable");
            Assert.Equal("/from/option", DataRoot.Resolve("/from/option"));
            Assert.Equal("/from/variable", DataRoot.Resolve(null));
            Environment.SetEnvironmentVariable(DataRoot.Variable, null);
            Assert.Equal("data", DataRoot.Resolve(""));
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataRoot.Variable, before);
        }
    }
}
