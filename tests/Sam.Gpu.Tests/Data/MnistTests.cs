using System.Buffers.Binary;
using System.IO.Compression;
using Sam.Gpu.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheRealFilesAreReadAndPrepared()
    {
        var set = Mnist.Load(Path.Combine(SharedData.FolderOrSkip(), "mnist"));
        Assert.Equal((60000, 784, 10), (set.Examples, set.Features, set.Outputs));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], set.Labels[..10].ToArray());
        int[] counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
        Assert.Equal(counts, Enumerable.Range(0, 10).Select(digit => set.Labels.Count(digit)));
        Assert.Equal(10000, set.Test!.Examples);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], set.Test.Labels[..10].ToArray());

        // The mean image is taken off: every column sums to nothing but the rounding of 60000 additions of numbers below 1.
        var sums = new double[784];
        var row = new double[784];
        for (var i = 0; i < set.Examples; i++)
        {
            set.Inputs.CopyRow<double>(i, row);
            for (var pixel = 0; pixel < row.Length; pixel++)
            {
                sums[pixel] += row[pixel];
            }
        }

        Assert.All(sums, sum => Assert.Equal(0, sum, 1e-7));

        // The first corner is blank in every image, so 0 everywhere.
        Assert.Equal(0, row[0]);
    }

    [Fact]
    public void TheMeanPixelOfTheRealFilesIsThePublishedOne()
    {
        var images = IdxFile.Read(Path.Combine(SharedData.FolderOrSkip(), "mnist", "train-images-idx3-ubyte.gz"), 3);
        Assert.Equal([60000, 28, 28], images.Shape);
        Assert.Equal(0.13066, images.Values.Sum(value => (long)value) / 255.0 / images.Values.Length, 5e-6);
    }

    [Theory]
    [InlineData("-idx", false)]
    [InlineData("-idx", true)]
    [InlineData(".idx", false)]
    [InlineData(".idx", true)]
    public void EverySpellingIsFoundGzippedOrNot(string separator, bool zip)
    {
        WriteAll(separator, zip);
        var set = Mnist.Load(folder.Path);
        Assert.Equal([3, 9], set.Labels.ToArray());
        Assert.Equal([0], set.Test!.Labels.ToArray());

        // Pixels (0, 100) and (200, 255), the mean of each column over 256.
        var inputs = new double[4];
        set.Inputs.CopyRows<double>(0, 2, inputs);
        Assert.Equal([-100 / 256.0, -77.5 / 256, 100 / 256.0, 77.5 / 256], inputs);
        var test = new float[2];
        set.Test.Inputs.CopyRow<float>(0, test);
        Assert.Equal([-90 / 256f, -157.5f / 256], test);
    }

    [Fact]
    public void TheMeanIsThatOfAllExamplesWhateverIsTaken()
    {
        WriteAll("-idx", false);
        var inputs = new double[2];
        Mnist.Load(folder.Path).Take(1).Inputs.CopyRow<double>(0, inputs);
        Assert.Equal([-100 / 256.0, -77.5 / 256], inputs);
    }

    [Fact]
    public void TheTestFilesMayBeAbsentBothOrNone()
    {
        WriteAll("-idx", false);
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        AssertError("t10k-labels-idx1-ubyte");
        File.Delete(folder["t10k-images-idx3-ubyte"]);
        Assert.Null(Mnist.Load(folder.Path).Test);
    }

    [Fact]
    public void AMissingFileIsNamedWithItsFolderAndItsAuthors()
    {
        WriteAll("-idx", false);
        File.Delete(folder["train-images-idx3-ubyte"]);
        AssertError("train-images-idx3-ubyte", folder.Path, "yann.lecun.com/exdb/mnist", "SAMGPU_DATA");
        var error = Assert.Throws<DataException>(() => Mnist.Load(folder["none"]));
        Assert.Contains("which does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsAnErrorThatNamesTheFile()
    {
        WriteAll("-idx", false);
        var whole = File.ReadAllBytes(folder["train-images-idx3-ubyte"]);
        for (var length = 0; length < whole.Length; length++)
        {
            AssertError(folder.Write("train-images-idx3-ubyte", whole[..length]));
        }
    }

    [Fact]
    public void ATruncatedGzipFileIsAnErrorOrHasAllItsNumbers()
    {
        // Behind the last number stand the end mark and the checks of gzip: their loss alone may pass.
        WriteAll("-idx", true);
        var hash = Mnist.Load(folder.Path).Hash;
        var whole = File.ReadAllBytes(folder["train-images-idx3-ubyte.gz"]);
        var errors = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write("train-images-idx3-ubyte.gz", whole[..length]);
            try
            {
                Assert.Equal(hash, Mnist.Load(folder.Path).Hash);
            }
            catch (DataException error)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        Assert.True(errors > whole.Length / 2);
    }

    [Fact]
    public void ATruncatedFileSaysWhatWasExpectedAndFound()
    {
        WriteAll("-idx", false);
        Images("train-images-idx3-ubyte", false, 2051, [2, 1, 2], [0, 100, 200]);
        AssertError("truncated", "from byte 16 on, expected 4 bytes (2 x 1 x 2), found 3");
    }

    [Fact]
    public void TrailingBytesAreAnError()
    {
        WriteAll("-idx", false);
        Images("train-images-idx3-ubyte", false, 2051, [2, 1, 2], [0, 100, 200, 255, 0]);
        AssertError("too long", "expected its end at byte 20");
    }

    [Fact]
    public void AWrongMagicNumberIsAnError()
    {
        WriteAll("-idx", false);
        Images("train-images-idx3-ubyte", false, 2049, [2, 1, 2], [0, 100, 200, 255]);
        AssertError("train-images-idx3-ubyte", "magic number at byte 0", "expected 2051", "found 2049");
    }

    [Fact]
    public void CountsMustAgree()
    {
        WriteAll("-idx", false);
        Images("train-labels-idx1-ubyte", false, 2049, [3], [1, 2, 3]);
        AssertError("train-labels-idx1-ubyte", "3 labels at byte 4; expected 2");
    }

    [Fact]
    public void LabelsMustBeDigits()
    {
        WriteAll("-idx", false);
        Images("train-labels-idx1-ubyte", false, 2049, [2], [1, 10]);
        AssertError("the label 10 at byte 9; expected 0 to 9");
    }

    [Fact]
    public void ImagesOfTheTestMustHaveTheSizeOfTheTraining()
    {
        WriteAll("-idx", false);
        Images("t10k-images-idx3-ubyte", false, 2051, [1, 2, 1], [10, 20]);
        AssertError("t10k-images-idx3-ubyte", "2 x 1 pixels", "expected 1 x 2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void AMonstrousCountIsRefusedBeforeMemoryIsTaken(int count)
    {
        WriteAll("-idx", false);
        Images("train-images-idx3-ubyte", false, 2051, [count, 28, 28], [1]);
        AssertError("train-images-idx3-ubyte", "byte");
    }

    [Fact]
    public void ADamagedGzipFileIsAnError()
    {
        WriteAll("-idx", true);
        var bytes = File.ReadAllBytes(folder["train-images-idx3-ubyte.gz"]);
        bytes[^6] ^= 1;
        folder.Write("train-images-idx3-ubyte.gz", bytes);
        AssertError("train-images-idx3-ubyte.gz", "damaged");
    }

    private void WriteAll(string separator, bool zip)
    {
        Images($"train-images{separator}3-ubyte", zip, 2051, [2, 1, 2], [0, 100, 200, 255]);
        Images($"train-labels{separator}1-ubyte", zip, 2049, [2], [3, 9]);
        Images($"t10k-images{separator}3-ubyte", zip, 2051, [1, 1, 2], [10, 20]);
        Images($"t10k-labels{separator}1-ubyte", zip, 2049, [1], [0]);
    }

    private void Images(string name, bool zip, int magic, int[] shape, byte[] values)
    {
        var header = new byte[4 * (1 + shape.Length)];
        BinaryPrimitives.WriteInt32BigEndian(header, magic);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * (1 + axis)), shape[axis]);
        }

        using Stream file = File.Create(folder[zip ? name + ".gz" : name]);
        using var stream = zip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write([.. header, .. values]);
    }

    private void AssertError(params string[] said)
    {
        var error = Assert.Throws<DataException>(() => Mnist.Load(folder.Path));
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
