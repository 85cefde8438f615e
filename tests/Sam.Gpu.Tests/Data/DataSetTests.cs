using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class DataSetTests
{
    private static ExampleMatrix Inputs => ExampleMatrix.Dense([1.0, 2, 3, 4, 0.1, 6], 3, 2);

    [Fact]
    public void RowsAreCopiedInBothPrecisions()
    {
        var single = new float[4];
        Inputs.CopyRows<float>(1, 2, single);
        Assert.Equal([3f, 4f, 0.1f, 6f], single);
        var numbers = new double[4];
        Inputs.CopyRows<double>(1, 2, numbers);
        Assert.Equal([3, 4, 0.1, 6], numbers);
        var row = new double[2];
        Inputs.CopyRow<double>(0, row);
        Assert.Equal([1, 2], row);
    }

    [Fact]
    public void AMinibatchIsGatheredInItsOrder()
    {
        var batch = new float[6];
        Inputs.CopyRows([2, 0, 2], batch.AsSpan());
        Assert.Equal([0.1f, 6f, 1f, 2f, 0.1f, 6f], batch);
    }

    [Fact]
    public void FloatStorageWidensExactlyAndBytesAreTakenAsTheyAre()
    {
        var row = new double[2];
        ExampleMatrix.Dense([0.1f, 2f], 1, 2).CopyRow<double>(0, row);
        Assert.Equal([(double)0.1f, 2], row);
        ExampleMatrix.Dense(new byte[] { 0, 255 }, 1, 2).CopyRow<double>(0, row);
        Assert.Equal([0, 255], row);
    }

    [Fact]
    public void RowsThatAreNotThereAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Inputs.CopyRows<float>(2, 2, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Inputs.CopyRows<float>(-1, 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Inputs.CopyRows<float>([3], new float[2]));
        Assert.Throws<ArgumentException>(() => Inputs.CopyRows<float>([0], new float[3]));
        Assert.Throws<ArgumentException>(() => ExampleMatrix.Dense([1.0], 2, 2));
    }

    [Fact]
    public void ClassesBecomeOneHotTargets()
    {
        var set = DataSet.ForClassification("set", Inputs, [2, 0, 1], 4);
        var targets = new float[12];
        set.Targets.CopyRows<float>(0, 3, targets);
        Assert.Equal([0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0], targets);
        Assert.True(set.IsClassification);
        Assert.Equal(4, set.Outputs);
        Assert.Equal(2, set.Features);
        Assert.Equal([2, 0, 1], set.Labels.ToArray());
    }

    [Fact]
    public void TakeGivesTheFirstExamples()
    {
        var test = DataSet.ForClassification("test", Inputs, [0, 0, 0], 3);
        var set = DataSet.ForClassification("set", Inputs, [2, 0, 1], 3, test).Take(2);
        Assert.Equal(2, set.Examples);
        Assert.Equal(2, set.Targets.Rows);
        Assert.Equal([2, 0], set.Labels.ToArray());
        Assert.Same(test, set.Test);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Inputs.CopyRow(2, new float[2].AsSpan()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    public void TakeSaysHowManyThereAre(int examples)
    {
        var set = DataSet.ForRegression("set", Inputs, ExampleMatrix.Dense([1.0, 2, 3], 3, 1));
        var error = Assert.Throws<UsageException>(() => set.Take(examples));
        Assert.Contains($"--examples {examples} was given, but set has 3 training examples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHashIsThatOfTheNumbers()
    {
        // hashlib.sha256(struct.pack('<4q9d', 3, 2, 1, 0, 1, 2, -1, 3, 4, -2, 0.1, 6, -3)).hexdigest()
        var set = DataSet.ForRegression("set", Inputs, ExampleMatrix.Dense([-1.0, -2, -3], 3, 1));
        Assert.Equal("8e9c35711d0705cf8ced81554f6dd675aa2356312ade62ae33f7c47d0603b9f2", set.Hash);
        Assert.Equal(set.Hash, DataSet.ForRegression("other name", Inputs, ExampleMatrix.Dense([-1f, -2f, -3f], 3, 1)).Hash);
        Assert.NotEqual(set.Hash, set.Take(2).Hash);
        Assert.NotEqual(set.Hash, DataSet.ForRegression("set", Inputs, ExampleMatrix.Dense([-1.0, -2, -4], 3, 1)).Hash);
        Assert.NotEqual(
            DataSet.ForClassification("set", Inputs, [0, 1, 1], 2).Hash,
            DataSet.ForRegression("set", Inputs, ExampleMatrix.Dense([1.0, 0, 0, 1, 0, 1], 3, 2)).Hash);
    }

    [Fact]
    public void SizesThatDoNotAgreeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => DataSet.ForRegression("set", Inputs, ExampleMatrix.Dense([1.0], 1, 1)));
        Assert.Throws<ArgumentException>(() => DataSet.ForClassification("set", Inputs, [0, 1], 2));
        Assert.Throws<ArgumentException>(() => DataSet.ForClassification("set", Inputs, [0, 1, 2], 2));
        var test = DataSet.ForClassification("test", Inputs, [0, 0, 0], 3);
        Assert.Throws<ArgumentException>(() => DataSet.ForClassification("set", Inputs, [0, 1, 1], 2, test));
    }
}
