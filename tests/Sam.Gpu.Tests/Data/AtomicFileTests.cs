using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFileIsWrittenAndNothingElse()
    {
        AtomicFile.Write(folder["a.bin"], stream => stream.Write([1, 2, 3]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AnExistingFileIsReplaced()
    {
        folder.Write("a.bin", 9, 9, 9, 9);
        AtomicFile.Write(folder["a.bin"], stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(folder["a.bin"]));
    }

    [Fact]
    public void AFullDiskLeavesTheOldFileAndNoHalfOne()
    {
        folder.Write("a.bin", 9, 9);
        var error = Assert.Throws<DataException>(() => AtomicFile.Write(folder["a.bin"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new IOException("No space left on device.");
        }));
        Assert.Contains(folder["a.bin"], error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Equal([9, 9], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFileThatIsNotToBeReplacedIsRefusedBeforeAnythingIsWritten()
    {
        folder.Write("a.bin", 9);
        var error = Assert.Throws<UsageException>(() => AtomicFile.Write(folder["a.bin"], _ => Assert.Fail("written"), overwrite: false));
        Assert.Contains(folder["a.bin"], error.Message, StringComparison.Ordinal);
        Assert.Equal([9], File.ReadAllBytes(folder["a.bin"]));
    }

    [Fact]
    public void AFileThatAppearsMeanwhileIsNotReplacedEither()
    {
        Assert.Throws<UsageException>(() => AtomicFile.Write(
            folder["a.bin"],
            stream =>
            {
                stream.Write([1, 2]);
                folder.Write("a.bin", 9);
            },
            overwrite: false));
        Assert.Equal([9], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFileThatIsNotThereIsWrittenAlsoWithoutOverwriting()
    {
        AtomicFile.Write(folder["a.bin"], stream => stream.Write([1]), overwrite: false);
        Assert.Equal([1], File.ReadAllBytes(folder["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFileBeyondTheLargestSizeIsAFullDisk()
    {
        // What the runtime makes of EFBIG.
        var cause = new ArgumentOutOfRangeException("value", "Specified file length was too large for the file system.");
        var error = Assert.Throws<DataException>(() => AtomicFile.Write(folder["a.bin"], _ => throw cause));
        Assert.Contains("larger than a quota", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AnErrorOfTheWriterPassesAndLeavesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.bin"], _ => throw new InvalidOperationException("no")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AMissingFolderIsNamed()
    {
        var error = Assert.Throws<DataException>(() => AtomicFile.Write(Path.Combine(folder["none"], "a.bin"), _ => { }));
        Assert.Contains(folder["none"], error.Message, StringComparison.Ordinal);
        Assert.Contains("Create it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderOfThatNameIsLeftAlone()
    {
        Directory.CreateDirectory(folder["a"]);
        Assert.Throws<DataException>(() => AtomicFile.Write(folder["a"], _ => { }));
        Assert.True(Directory.Exists(folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }
}
