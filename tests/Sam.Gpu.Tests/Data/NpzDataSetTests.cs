using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class NpzDataSetTests : IDisposable
{
    private static readonly NumpyArray Inputs = NumpyArray.Of([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3, 2, 2);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WholeNumbersAreClassesAndAxesAreFlattened()
    {
        var set = Load(("x", Inputs), ("y", NumpyArray.Of([2L, 0, 1], 3)));
        Assert.True(set.IsClassification);
        Assert.Equal((3, 4, 3), (set.Examples, set.Features, set.Outputs));
        Assert.Equal([2, 2], set.InputShape);
        Assert.Equal([2, 2], NpzDataSet.ReadInputShape(folder["d.npz"]));
        Assert.Equal([2, 0, 1], set.Labels.ToArray());
        var row = new double[4];
        set.Inputs.CopyRow<double>(1, row);
        Assert.Equal([5, 6, 7, 8], row);
        Assert.Null(set.Test);
        Assert.Equal($"npz:{folder["d.npz"]}", set.Name);
    }

    [Fact]
    public void FloatsAreTargets()
    {
        var set = Load(("x", NumpyArray.Of([1.0, 2, 3], 3)), ("y", NumpyArray.Of([0.5f, -1, 2], 3)));
        Assert.False(set.IsClassification);
        Assert.Equal((3, 1, 1), (set.Examples, set.Features, set.Outputs));
        Assert.Equal(0, set.Labels.Length);
    }

    [Fact]
    public void ARowOfNumbersForEachExampleIsTargetsOfAnyType()
    {
        var set = Load(("x", Inputs), ("y", NumpyArray.Of([1, 2, 3, 4, 5, 6], 3, 2)));
        Assert.False(set.IsClassification);
        var targets = new float[2];
        set.Targets.CopyRow<float>(2, targets);
        Assert.Equal([5f, 6f], targets);
    }

    [Fact]
    public void TheNumberOfClassesMayBeGiven()
    {
        NumpyArchive.Write(folder["d.npz"], [new("x", Inputs), new("y", NumpyArray.Of(new byte[] { 0, 1, 0 }, 3))]);
        Assert.Equal(10, NpzDataSet.Load(folder["d.npz"], classes: 10).Outputs);
        var error = Assert.Throws<DataException>(() => NpzDataSet.Load(folder["d.npz"], classes: 1));
        Assert.Contains("the class 1 at index 1; expected 0 to 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TestArraysAreReadAlike()
    {
        var y = NumpyArray.Of([1, 0, 1], 3);
        var set = Load(("x", Inputs), ("y", y), ("x_test", NumpyArray.Of(new byte[4], 1, 4)), ("y_test", NumpyArray.Of([1], 1)));
        Assert.Equal([1], set.Test!.Labels.ToArray());
        AssertError("no array 'y_test'", ("x", Inputs), ("y", y), ("x_test", Inputs));
        AssertError(
            "the class 2 at index 0; expected 0 to 1",
            ("x", Inputs), ("y", y), ("x_test", Inputs), ("y_test", NumpyArray.Of([2, 0, 0], 3)));
        AssertError(
            "has 2 features; expected 4",
            ("x", Inputs), ("y", y), ("x_test", NumpyArray.Of(new byte[4], 2, 2)), ("y_test", NumpyArray.Of([1, 1], 2)));
        AssertError(
            "has targets of 1 outputs; expected classes",
            ("x", Inputs), ("y", y), ("x_test", Inputs), ("y_test", NumpyArray.Of([1f, 1, 1], 3)));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        AssertError("has no array 'x'", ("y", NumpyArray.Of([1], 1)));
        AssertError("has no array 'y'", ("x", Inputs));
        AssertError("Array 'x'", ("x", NumpyArray.Of([1.0])), ("y", NumpyArray.Of([1], 1)));
        AssertError("at least one example", ("x", NumpyArray.Of(Array.Empty<float>(), 0, 3)), ("y", NumpyArray.Of(Array.Empty<long>(), 0)));
        AssertError("has 2 examples, array 'x' has 3", ("x", Inputs), ("y", NumpyArray.Of([1, 0], 2)));
        AssertError("is int32 (3, 1, 1)", ("x", Inputs), ("y", NumpyArray.Of([1, 0, 1], 3, 1, 1)));
        AssertError("the class -1 at index 2; expected 0", ("x", Inputs), ("y", NumpyArray.Of([1, 0, -1], 3)));
        AssertError("the class 123456789 at index 0", ("x", Inputs), ("y", NumpyArray.Of([123456789L, 0, 1], 3)));
    }

    [Fact]
    public void NumbersMustBeFinite()
    {
        AssertError("Array 'x' of", ("x", NumpyArray.Of([1, float.NaN, 3, 4], 2, 2)), ("y", NumpyArray.Of([1, 0], 2)));
        AssertError("an infinite value in example 1", ("x", NumpyArray.Of([1.0, 2], 2)), ("y", NumpyArray.Of([1, double.PositiveInfinity], 2)));
    }

    [Fact]
    public void SequencesAreTokensWithAClassEach()
    {
        Write(("x", NumpyArray.Of([1L, 2, 0, 3, 1, 1], 2, 3)), ("y", NumpyArray.Of([2, 0, 3, 1, 1, 0], 2, 3)));
        var set = NpzDataSet.LoadSequences(folder["d.npz"], 3, 4);
        Assert.Equal((2, 3, 3, 4), (set.Examples, set.Features, set.Positions, set.Outputs));
        Assert.Equal([2, 0, 3, 1, 1, 0], set.Labels.ToArray());
        AssertSequenceError("whole numbers [N, 2]", 2, 4);
        AssertSequenceError("the token 3 at its flat index 3; expected 0 to 2", 3, 3);
        Write(("x", NumpyArray.Of([1L, 2, 0], 1, 3)), ("y", NumpyArray.Of([2, 0, 3, 1, 1, 0], 2, 3)));
        AssertSequenceError("'y' of", 3, 4);
        Write(("x", NumpyArray.Of([1.0, 2, 0], 1, 3)), ("y", NumpyArray.Of([2, 0, 3], 1, 3)));
        AssertSequenceError("'x' of", 3, 4);
    }

    private void AssertSequenceError(string said, int length, int classes)
    {
        var error = Assert.Throws<DataException>(() => NpzDataSet.LoadSequences(folder["d.npz"], length, classes));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private void Write(params (string Name, NumpyArray Array)[] arrays) =>
        NumpyArchive.Write(folder["d.npz"], arrays.Select(entry => KeyValuePair.Create(entry.Name, entry.Array)));

    private DataSet Load(params (string Name, NumpyArray Array)[] arrays)
    {
        Write(arrays);
        return NpzDataSet.Load(folder["d.npz"]);
    }

    private void AssertError(string said, params (string Name, NumpyArray Array)[] arrays)
    {
        var error = Assert.Throws<DataException>(() => Load(arrays));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["d.npz"], error.Message, StringComparison.Ordinal);
    }
}
