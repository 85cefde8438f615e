using System.Text;
using Sam.Gpu.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class TextDataSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TargetsAreTheTokensShiftedByOne()
    {
        var set = TextDataSet.Load(folder.Write("t.txt", "abcdefghij"u8.ToArray()), 3);
        Assert.Equal((2, 3, 3, 128), (set.Examples, set.Features, set.Positions, set.Outputs));
        Assert.Equal([3], set.InputShape);
        Assert.True(set.IsSequence && set.IsClassification);
        var numbers = new double[6];
        set.Inputs.CopyRows<double>(0, 2, numbers);
        Assert.Equal("abcefg".Select(c => (double)c), numbers);
        set.Targets.CopyRows<double>(0, 2, numbers);
        Assert.Equal("bcdfgh".Select(c => (double)c), numbers);
        Assert.Equal("bcdfgh".Select(c => (int)c), set.Labels.ToArray());
        Assert.Equal("bcd".Select(c => (int)c), set.Take(1).Labels.ToArray());
        Assert.Null(set.Test);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public void TheLastTenThousandLinesAreTheTestSet(string end)
    {
        string first = "the training text\n";
        string last = string.Concat(Enumerable.Range(0, 9999).Select(i => $"{i % 10}\n"));
        var set = TextDataSet.Load(folder.Write("t.txt", Encoding.ASCII.GetBytes($"{first}{last}x{end}")), 5);
        Assert.Equal(first.Length / 6, set.Examples);
        Assert.Equal((last.Length + 1 + end.Length) / 6, set.Test!.Examples);
        Assert.Equal("\n1\n2\n".Select(c => (int)c), set.Test.Labels[..5].ToArray());
    }

    [Fact]
    public void TheRealTextIsCutAsItIsPublished()
    {
        // 1 115 394 characters in 40 000 lines, 65 of them distinct.
        var set = TextDataSet.Load(Path.Combine(SharedData.FolderOrSkip(), "tiny_shakespeare.txt"), 64);
        Assert.Equal("irst Citizen:\nBefore we", string.Concat(set.Labels[..23].ToArray().Select(code => (char)code)));
        Assert.InRange(set.Examples + set.Test!.Examples, (1_115_394 / 65) - 2, 1_115_394 / 65);
        Assert.Equal(65, set.Labels.ToArray().Concat(set.Test.Labels.ToArray()).Distinct().Count());
    }

    [Theory]
    [InlineData(new byte[] { 97, 98, 0xC3, 0xA4, 99 }, "the byte 195 at byte 2")]
    [InlineData(new byte[] { 97, 0, 98, 99 }, "the byte 0 at byte 1")]
    [InlineData(new byte[] { 97, 98, 99 }, "has 3 characters; expected at least 4")]
    [InlineData(new byte[0], "has 0 characters; expected at least 4")]
    public void WhatIsNoTextSaysWhereAndWhy(byte[] bytes, string said)
    {
        string path = folder.Write("t.txt", bytes);
        var error = Assert.Throws<DataException>(() => TextDataSet.Load(path, 3));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsAnError() => Assert.Throws<DataException>(() => TextDataSet.Load(folder["none.txt"], 3));

    [Fact]
    public void ATextNeedsANetworkOfSequences()
    {
        string path = folder.Write("t.txt", "abcdefghij"u8.ToArray());
        var error = Assert.Throws<UsageException>(() => DataSource.Parse($"text:{path}", "none"));
        Assert.Contains("--network transformer", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, DataSource.Parse($"text:{path}", "none", 4).Examples);
    }
}
