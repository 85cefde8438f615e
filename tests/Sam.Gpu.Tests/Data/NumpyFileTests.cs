using System.Buffers.Binary;
using System.Text;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class NumpyFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("<f4", new[] { 2, 3 }, "(2, 3)")]
    [InlineData("<f4", new[] { 6 }, "(6,)")]
    [InlineData("<f4", new[] { 1, 2, 3, 1 }, "(1, 2, 3, 1)")]
    public void TheHeaderIsByteForByteWhatTheFormatSays(string code, int[] shape, string shapeText)
    {
        NumpyFile.Write(folder["a.npy"], NumpyArray.Of(new float[6], shape));
        var text = $"{{'descr': '{code}', 'fortran_order': False, 'shape': {shapeText}, }}";
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(text.PadRight(117)), (byte)'\n', .. new byte[24]];
        Assert.Equal(expected, File.ReadAllBytes(folder["a.npy"]));
    }

    [Fact]
    public void ANumberAloneHasAnEmptyShape()
    {
        NumpyFile.Write(folder["a.npy"], NumpyArray.Of([1.5]));
        var bytes = File.ReadAllBytes(folder["a.npy"]);
        Assert.Equal(128 + 8, bytes.Length);
        Assert.Contains("'shape': (), }", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        var read = NumpyFile.Read(folder["a.npy"]);
        Assert.Empty(read.Shape);
        Assert.Equal([1.5], read.ToDoubles());
    }

    public static TheoryData<NumpyArray, string> EveryType => new()
    {
        { NumpyArray.Of([1.5f, -0.0f, float.NaN, float.MaxValue, float.Epsilon, 0.1f], 2, 3), "<f4" },
        { NumpyArray.Of([1.5, -0.0, double.PositiveInfinity, double.MaxValue, double.Epsilon, 0.1], 3, 2), "<f8" },
        { NumpyArray.Of([1, int.MinValue, int.MaxValue], 3), "<i4" },
        { NumpyArray.Of([1L, long.MinValue, long.MaxValue], 1, 3), "<i8" },
        { NumpyArray.Of(new byte[] { 0, 255, 7 }, 3, 1), "|u1" },
        { NumpyArray.Of(Array.Empty<double>(), 0, 4), "<f8" },
    };

    [Theory]
    [MemberData(nameof(EveryType), DisableDiscoveryEnumeration = true)]
    public void EveryTypeComesBackBitForBit(NumpyArray array, string code)
    {
        NumpyFile.Write(folder["a.npy"], array);
        Assert.Contains($"'descr': '{code}'", Encoding.ASCII.GetString(File.ReadAllBytes(folder["a.npy"])), StringComparison.Ordinal);
        var read = NumpyFile.Read(folder["a.npy"]);
        Assert.Equal(array.Type, read.Type);
        Assert.Equal(array.Shape, read.Shape);
        Assert.Equal(array.Values, read.Values);
    }

    [Fact]
    public void MoreThanOneChunkComesBack()
    {
        var values = Enumerable.Range(0, 200_000).Select(i => i * 0.5).ToArray();
        NumpyFile.Write(folder["a.npy"], NumpyArray.Of(values, 1000, 200));
        Assert.Equal(values, NumpyFile.Read(folder["a.npy"]).AsSpan<double>().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryFormatVersionIsRead(byte version)
    {
        var path = WriteRaw(version, "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", [1, 0, 0, 0, 2, 0, 0, 0]);
        Assert.Equal([1L, 2L], NumpyFile.Read(path).ToInt64s());
    }

    [Fact]
    public void BigEndianNumbersAreRead()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, 0.1);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(8), -3);
        Assert.Equal([0.1, -3], NumpyFile.Read(WriteRaw(1, "{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", bytes)).ToDoubles());
        Assert.Equal([258L], NumpyFile.Read(WriteRaw(1, "{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 1, 2])).ToInt64s());
    }

    [Fact]
    public void ColumnMajorArraysBecomeRowMajor()
    {
        // a[i, j, k] = 100 i + 10 j + k, first axis fastest.
        byte[] values = [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121];
        var array = NumpyFile.Read(WriteRaw(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", values));
        Assert.Equal([2, 3, 2], array.Shape);
        Assert.Equal([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], array.AsSpan<byte>().ToArray());
    }

    [Fact]
    public void WhatPython2WroteIsRead()
    {
        var path = WriteRaw(1, "{\"shape\": (2L, 1L), 'fortran_order': False , 'descr':'<i4'}", [1, 0, 0, 0, 2, 0, 0, 0]);
        Assert.Equal([2, 1], NumpyFile.Read(path).Shape);
    }

    [Theory]
    [InlineData("|b1", "dtype bool", "astype('uint8')")]
    [InlineData("|O", "dtype object", "astype('float64')")]
    [InlineData("<f2", "'<f2'", "astype('float64')")]
    [InlineData("<u8", "'<u8'", "astype('int64')")]
    [InlineData("<c16", "'<c16'", "float32, float64, int32, int64 and uint8")]
    [InlineData("<U5", "text", "float32, float64, int32, int64 and uint8")]
    public void OtherTypesAreRefusedByName(string code, string name, string cure)
    {
        var path = WriteRaw(1, $"{{'descr': '{code}', 'fortran_order': False, 'shape': (1,), }}", new byte[16]);
        AssertError(path, name, cure);
    }

    [Fact]
    public void RecordsAreRefused() =>
        AssertError(WriteRaw(1, "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,), }", new byte[8]), "a record");

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "'shape' is missing")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "neither True nor False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "'-' was not expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 3, }", "not a tuple")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3", "ends too early")]
    [InlineData("{'descr': '<f4, 'fortran_order': False, 'shape': (3,), }", "was not expected")]
    [InlineData("import os", "was not expected")]
    [InlineData("", "ends too early")]
    [InlineData("(1, 2)", "not a dictionary")]
    [InlineData("{'shape': ((((((((((((((((((((((((((((((((((((((((", "was not expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "was not expected")]
    public void ABadHeaderIsAnErrorThatSaysWhere(string header, string said) =>
        AssertError(WriteRaw(1, header, new byte[4]), "byte 10", said);

    [Theory]
    [InlineData("(99999999999,)")]
    [InlineData("(65536, 65536)")]
    [InlineData("(0, 65536, 65536)")]
    public void TooManyValuesAreRefusedBeforeMemoryIsTaken(string shape) =>
        AssertError(WriteRaw(1, $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}", []), "at most", "Split");

    [Theory]
    [InlineData(23, "is truncated", "found 23")]
    [InlineData(25, "is too long", "found 25")]
    public void TheLengthMustBeExact(int length, string what, string found)
    {
        const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        AssertError(WriteRaw(1, Header, new byte[length]), what, found, "promises 24 bytes", "float32 (2, 3)", $"byte {10 + Header.Length}");
    }

    [Fact]
    public void EveryTruncationIsAnErrorThatNamesTheFile()
    {
        NumpyFile.Write(folder["whole.npy"], NumpyArray.Of([1.0, 2.0], 2));
        var whole = File.ReadAllBytes(folder["whole.npy"]);
        for (var length = 0; length < whole.Length; length++)
        {
            AssertError(folder.Write("cut.npy", whole[..length]), "truncated");
        }
    }

    [Fact]
    public void AnotherMagicIsRefused() =>
        AssertError(folder.Write("a.npy", "PK34567890"u8.ToArray()), "byte 0", "504B33343536", "numpy.save");

    [Fact]
    public void AnotherVersionIsRefused() =>
        AssertError(folder.Write("a.npy", 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 4, 0, 0, 0), "version 4.0", "1.0, 2.0 or 3.0");

    [Fact]
    public void AMonstrousHeaderIsRefusedBeforeMemoryIsTaken() =>
        AssertError(folder.Write("a.npy", 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 2, 0, 255, 255, 255, 255), "4294967295", "byte 8");

    [Fact]
    public void AMissingFileIsNamed() => AssertError(folder["none.npy"], "no file");

    [Fact]
    public void AFolderIsNoFile() => AssertError(folder.Path, folder.Path);

    [Fact]
    public void AnArrayTellsItsTypeAndKeepsItsShapeFixed()
    {
        var shape = new[] { 2, 1 };
        var array = NumpyArray.Of([1, 2], shape);
        shape[0] = 7;
        Assert.Equal("int32 (2, 1)", array.Description);
        Assert.Equal(2, array.Count);
        Assert.True(array.IsInteger);
        Assert.Equal([1.0, 2.0], array.ToDoubles());
        Assert.Throws<InvalidOperationException>(() => array.AsSpan<float>().Length);
        Assert.Throws<InvalidOperationException>(() => NumpyArray.Of([1.0], 1).ToInt64s());
    }

    [Fact]
    public void AnArrayMustFillItsShape()
    {
        Assert.Throws<ArgumentException>(() => NumpyArray.Of([1.0, 2.0], 3));
        Assert.Throws<ArgumentException>(() => NumpyArray.Of([1.0, 2.0], -1, -2));
        Assert.Throws<ArgumentException>(() => NumpyArray.Of([1.0, 2.0]));
    }

    private string WriteRaw(byte version, string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1
            ? [(byte)text.Length, (byte)(text.Length >> 8)]
            : [(byte)text.Length, (byte)(text.Length >> 8), 0, 0];
        return folder.Write("raw.npy", [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data]);
    }

    private static void AssertError(string path, params string[] said)
    {
        var error = Assert.Throws<DataException>(() => NumpyFile.Read(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
