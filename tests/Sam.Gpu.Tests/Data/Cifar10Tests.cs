using Sam.Gpu.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class Cifar10Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheRealFilesAreReadAndPrepared()
    {
        var set = Cifar10.Load(Path.Combine(SharedData.FolderOrSkip(), "cifar10"));
        Assert.Equal((5000, 3072, 10), (set.Examples, set.Features, set.Outputs));
        Assert.Equal([3, 32, 32], set.InputShape);
        Assert.Equal([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], set.Labels[..10].ToArray());
        Assert.Equal([505, 460, 519, 486, 519, 488, 519, 486, 520, 498], Enumerable.Range(0, 10).Select(c => set.Labels.Count(c)));
        Assert.Equal(1000, set.Test!.Examples);
        Assert.Equal([3, 8, 8, 0, 6, 6, 1, 6, 3, 1], set.Test.Labels[..10].ToArray());

        // The first red pixels are 59 43 50 68 98, each less the mean of its place.
        var numbers = new double[3072 * 5000];
        set.Inputs.CopyRows<double>(0, 5000, numbers);
        Assert.Equal((43 - 59) / 256.0, numbers[1] - numbers[0] + (Mean(1) - Mean(0)), 1e-12);
        for (int place = 0; place < 3072; place += 97)
        {
            Assert.Equal(0, Enumerable.Range(0, 5000).Sum(i => numbers[(i * 3072) + place]), 1e-8);
        }

        double Mean(int place)
        {
            byte[] file = File.ReadAllBytes(Path.Combine(SharedData.FolderOrSkip(), "cifar10", "data_batch_1.bin"));
            return Enumerable.Range(0, 5000).Average(i => file[(i * 3073) + 1 + place] / 256.0);
        }
    }

    [Fact]
    public void PixelsAreLessTheMeanOfAllBatchesThatAreThere()
    {
        Write("data_batch_1.bin", (3, 10), (4, 20));
        Write("data_batch_4.bin", (9, 60));
        Write("test_batch.bin", (0, 40));
        var set = Cifar10.Load(folder.Path);
        Assert.Equal([3, 4, 9], set.Labels.ToArray());
        Assert.Equal([0], set.Test!.Labels.ToArray());
        Assert.Equal([-20 / 256.0, -10 / 256.0, 30 / 256.0], First(set));
        Assert.Equal([10 / 256.0], First(set.Test));
        Assert.Equal([-20 / 256.0], First(set.Take(1)));
    }

    [Fact]
    public void StandardizedPixelsHaveTheDeviationOne()
    {
        Write("data_batch_1.bin", (3, 10), (4, 20));
        Write("data_batch_2.bin", (9, 60));
        double[] numbers = First(Cifar10.Load(folder.Path, isStandardized: true));

        // The mean is 30, the variance (400 + 100 + 900) / 3.
        double deviation = Math.Sqrt(1400 / 3.0);
        Near.Numbers([-20 / deviation, -10 / deviation, 30 / deviation], numbers, 1e-15);
    }

    [Fact]
    public void APixelThatNeverChangesIsZero()
    {
        Write("data_batch_1.bin", (3, 10), (4, 10));
        Assert.Equal([0, 0], First(Cifar10.Load(folder.Path, isStandardized: true)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3074)]
    [InlineData(6145)]
    public void ATruncatedFileSaysWhereAndWhatWasExpectedAndFound(int length)
    {
        Write("data_batch_1.bin", (3, 10), (4, 20));
        byte[] whole = File.ReadAllBytes(folder["data_batch_1.bin"]);
        string path = folder.Write("data_batch_1.bin", whole[..length]);
        AssertError(path, "truncated", $"begins at byte {length / 3073 * 3073}, expected 3073 bytes", $"found {length % 3073}");
    }

    [Fact]
    public void AnEmptyFileIsAnError()
    {
        AssertError(folder.Write("data_batch_1.bin", []), "truncated", "found 0");
    }

    [Fact]
    public void ATruncatedTestFileIsAnErrorToo()
    {
        Write("data_batch_1.bin", (3, 10));
        AssertError(folder.Write("test_batch.bin", [1, 2, 3]), "truncated", "found 3");
    }

    [Fact]
    public void ALabelThatIsNoClassIsAnError()
    {
        Write("data_batch_1.bin", (3, 10), (10, 20));
        AssertError("data_batch_1.bin", "the label 10 at byte 3073; expected 0 to 9");
    }

    [Fact]
    public void AMissingFileIsNamedWithItsFolderAndItsAuthors()
    {
        AssertError("data_batch_1.bin", folder.Path, "www.cs.toronto.edu/~kriz/cifar.html", "SAMGPU_DATA");
        var error = Assert.Throws<DataException>(() => Cifar10.Load(folder["none"]));
        Assert.Contains("which does not exist", error.Message, StringComparison.Ordinal);
    }

    // Images of one color each.
    private void Write(string name, params (byte Label, byte Pixel)[] records) =>
        folder.Write(name, [.. records.SelectMany(record => Enumerable.Repeat(record.Pixel, 3072).Prepend(record.Label))]);

    // The first number of every example, which all its numbers are.
    private static double[] First(DataSet set)
    {
        var rows = new double[set.Examples * 3072];
        set.Inputs.CopyRows<double>(0, set.Examples, rows);
        Assert.All(Enumerable.Range(0, rows.Length), i => Assert.Equal(rows[i / 3072 * 3072], rows[i]));
        return [.. Enumerable.Range(0, set.Examples).Select(i => rows[i * 3072])];
    }

    private void AssertError(params string[] said)
    {
        var error = Assert.Throws<DataException>(() => Cifar10.Load(folder.Path));
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
