using System.IO.Compression;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class NumpyArchiveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static Dictionary<string, NumpyArray> Sample => new()
    {
        ["0.weight"] = NumpyArray.Of([1f, 2f, 3f, 4f, 5f, 6f], 2, 3),
        ["gradient/0.bias"] = NumpyArray.Of([0.25, -0.5], 2),
        ["loss"] = NumpyArray.Of([0.125]),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ArraysComeBackUnderTheirNamesInTheirOrder(bool compress)
    {
        NumpyArchive.Write(folder["a.npz"], Sample, compress);
        using var archive = NumpyArchive.Open(folder["a.npz"]);
        Assert.Equal(["0.weight", "gradient/0.bias", "loss"], archive.Names);
        Assert.True(archive.Contains("loss"));
        Assert.False(archive.Contains("loss.npy"));
        foreach (var (name, array) in Sample)
        {
            var read = archive.Read(name);
            Assert.Equal(array.Description, read.Description);
            Assert.Equal(array.Values, read.Values);
        }
    }

    [Fact]
    public void TheSameArraysGiveTheSameBytes()
    {
        NumpyArchive.Write(folder["a.npz"], Sample, compress: true);
        NumpyArchive.Write(folder["b.npz"], Sample, compress: true);
        Assert.Equal(File.ReadAllBytes(folder["a.npz"]), File.ReadAllBytes(folder["b.npz"]));
        using var zip = ZipFile.OpenRead(folder["a.npz"]);
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void AnArrayIsReadOnlyWhenAskedFor()
    {
        WriteZip("a.npz", ("broken.npy", [1, 2, 3]), ("readme.txt", [65]), ("x.npy", Npy(NumpyArray.Of([1.0], 1))));
        using var archive = NumpyArchive.Open(folder["a.npz"]);
        Assert.Equal(["broken", "x"], archive.Names);
        Assert.Equal([1.0], archive.Read("x").ToDoubles());
        var error = Assert.Throws<DataException>(() => archive.Read("broken"));
        Assert.Contains("Array 'broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["a.npz"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingArrayIsNamedWithTheNearestAndAllThereAre()
    {
        NumpyArchive.Write(folder["a.npz"], Sample);
        using var archive = NumpyArchive.Open(folder["a.npz"]);
        var error = Assert.Throws<DataException>(() => archive.Read("0.wieght"));
        Assert.Contains("no array '0.wieght'. Did you mean '0.weight'? It holds: 0.weight, gradient/0.bias, loss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoZipIsRefused()
    {
        AssertOpenError(folder.Write("a.npz", 0x93, 1, 2, 3, 4), "byte 0", "504B0304", "93010203", "numpy.savez");
        AssertOpenError(folder.Write("a.npz"), "the end of the file");
        AssertOpenError(folder["none.npz"], "no file");
    }

    [Fact]
    public void EveryTruncationIsAnError()
    {
        NumpyArchive.Write(folder["whole.npz"], Sample);
        var whole = File.ReadAllBytes(folder["whole.npz"]);
        for (var length = 0; length < whole.Length; length += 7)
        {
            AssertOpenError(folder.Write("cut.npz", whole[..length]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFlippedBitIsFound(bool compress)
    {
        NumpyArchive.Write(folder["a.npz"], [new("x", NumpyArray.Of(Enumerable.Range(0, 1000).ToArray(), 1000))], compress);
        var bytes = File.ReadAllBytes(folder["a.npz"]);
        bytes[bytes.Length / 2] ^= 4;
        using var archive = NumpyArchive.Open(folder.Write("b.npz", bytes));
        var error = Assert.Throws<DataException>(() => archive.Read("x"));
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoArraysOfOneNameAreRefused()
    {
        var x = Npy(NumpyArray.Of([1.0], 1));
        WriteZip("a.npz", ("x.npy", x), ("x.npy", x));
        AssertOpenError(folder["a.npz"], "two arrays named 'x'");
        Assert.Throws<ArgumentException>(() => NumpyArchive.Write(folder["b.npz"], [new("x", NumpyArray.Of([1.0])), new("x", NumpyArray.Of([1.0]))]));
        Assert.False(File.Exists(folder["b.npz"]));
    }

    private static byte[] Npy(NumpyArray array)
    {
        using var stream = new MemoryStream();
        NumpyFile.Write(stream, array);
        return stream.ToArray();
    }

    private void WriteZip(string name, params (string Name, byte[] Content)[] entries)
    {
        using var zip = ZipFile.Open(folder[name], ZipArchiveMode.Create);
        foreach (var (entryName, content) in entries)
        {
            using var stream = zip.CreateEntry(entryName).Open();
            stream.Write(content);
        }
    }

    private static void AssertOpenError(string path, params string[] said)
    {
        var error = Assert.Throws<DataException>(() => NumpyArchive.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
