using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sam.Gpu.Data;

/// <summary>Reads and writes .npy files, NumPy's format for one array.</summary>
/// <remarks>
/// Read: format versions 1.0, 2.0 and 3.0, both byte orders, row-major and column-major; float32, float64, int32, int64 and
/// uint8. Written: little-endian, row-major, version 1.0 (2.0 where the header needs it), data aligned to 64 bytes.
/// The format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </remarks>
public static class NumpyFile
{
    private const int Alignment = 64;

    // NumPy itself reads no header beyond 10000 bytes unless told to.
    private const int LongestHeader = 1 << 20;

    // Values are read and written in pieces: a span of bytes ends at 2 GiB, an array does not.
    private const int ChunkValues = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a .npy file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">
    /// The file is missing, is no .npy file, is longer or shorter than its header says, or holds another type of values.
    /// </exception>
    public static NumpyArray Read(string path)
    {
        using var stream = DataFile.Open(path);
        return Read(stream, stream.Length, $"'{path}'");
    }

    /// <summary>Writes a .npy file at once and completely, or not at all; replaces an existing file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="array">What to write.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, NumpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream => Write(stream, array));
    }

    /// <summary>Reads an array from a stream that holds it and nothing else.</summary>
    /// <param name="stream">The stream, at its beginning.</param>
    /// <param name="length">How many bytes the stream holds.</param>
    /// <param name="place">The file, and the array in it, for messages.</param>
    internal static NumpyArray Read(Stream stream, long length, string place)
    {
        var (header, dataOffset) = ReadHeader(stream, length, place);
        var (type, isBigEndian) = ParseType(header.TypeCode, place);
        var shape = CheckShape(header.Shape, place);
        var count = shape.Aggregate(1, (product, axis) => product * axis);
        var expected = (long)count * NumpyArray.SizeOf(type);
        var found = length - dataOffset;
        if (found != expected)
        {
            throw WrongLength(found);
        }

        return type switch
        {
            NumpyType.Float32 => NumpyArray.Of(ReadValues<float>(), shape),
            NumpyType.Float64 => NumpyArray.Of(ReadValues<double>(), shape),
            NumpyType.Int32 => NumpyArray.Of(ReadValues<int>(), shape),
            NumpyType.Int64 => NumpyArray.Of(ReadValues<long>(), shape),
            _ => NumpyArray.Of(ReadValues<byte>(), shape),
        };

        T[] ReadValues<T>()
            where T : unmanaged
        {
            var values = new T[count];
            long read = 0;
            for (var first = 0; first < count; first += ChunkValues)
            {
                var bytes = MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(ChunkValues, count - first)));
                var readNow = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                read += readNow;
                if (readNow < bytes.Length)
                {
                    throw WrongLength(read);
                }

                if (isBigEndian == BitConverter.IsLittleEndian)
                {
                    ReverseValues(bytes, NumpyArray.SizeOf(type));
                }
            }

            return header.IsFortranOrder ? ToRowMajor(values, shape) : values;
        }

        DataException WrongLength(long actual) => new(
            $"{place} is {(actual < expected ? "truncated" : "too long")}: from byte {dataOffset} on, its header promises {expected} bytes "
            + $"({NumpyArray.NameOf(type)} {NumpyArray.Describe(shape)}), found {actual}. Copy or save the file again.");
    }

    /// <summary>Writes an array to a stream.</summary>
    internal static void Write(Stream stream, NumpyArray array)
    {
        stream.Write(EncodeHeader(array));
        switch (array.Type)
        {
            case NumpyType.Float32:
                WriteValues(array.AsSpan<float>());
                break;
            case NumpyType.Float64:
                WriteValues(array.AsSpan<double>());
                break;
            case NumpyType.Int32:
                WriteValues(array.AsSpan<int>());
                break;
            case NumpyType.Int64:
                WriteValues(array.AsSpan<long>());
                break;
            default:
                WriteValues(array.AsSpan<byte>());
                break;
        }

        void WriteValues<T>(ReadOnlySpan<T> values)
            where T : unmanaged
        {
            var size = NumpyArray.SizeOf(array.Type);
            for (var first = 0; first < values.Length; first += ChunkValues)
            {
                var bytes = MemoryMarshal.AsBytes(values.Slice(first, Math.Min(ChunkValues, values.Length - first)));
                if (BitConverter.IsLittleEndian)
                {
                    stream.Write(bytes);
                }
                else
                {
                    var reversed = bytes.ToArray();
                    ReverseValues(reversed, size);
                    stream.Write(reversed);
                }
            }
        }
    }

    /// <summary>Everything that stands before the numbers: magic, version, length, dictionary, padding.</summary>
    internal static byte[] EncodeHeader(NumpyArray array)
    {
        var code = array.Type switch
        {
            NumpyType.Float32 => "<f4",
            NumpyType.Float64 => "<f8",
            NumpyType.Int32 => "<i4",
            NumpyType.Int64 => "<i8",
            _ => "|u1",
        };
        var text = $"{{'descr': '{code}', 'fortran_order': False, 'shape': {NumpyArray.Describe(array.Shape)}, }}";
        var isLong = PaddedLength(10) - 10 > ushort.MaxValue;
        var prefix = isLong ? 12 : 10;
        var header = new byte[PaddedLength(prefix)];
        Magic.CopyTo(header);
        header[6] = isLong ? (byte)2 : (byte)1;
        if (isLong)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)(header.Length - prefix));
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(header.Length - prefix));
        }

        header.AsSpan(prefix).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(prefix));
        header[^1] = (byte)'\n';
        return header;

        int PaddedLength(int before) => (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
    }

    private static (NumpyHeader Header, long DataOffset) ReadHeader(Stream stream, long length, string place)
    {
        var start = ReadBytes(8, "the magic bytes and the version", 0);
        if (!start.AsSpan().StartsWith(Magic))
        {
            throw new DataException(
                $"{place} is not a .npy array: at byte 0 expected {Convert.ToHexString(Magic)} (\\x93NUMPY), found "
                + $"{Convert.ToHexString(start, 0, Magic.Length)}. "
                + "Save it with numpy.save or numpy.savez.");
        }

        var major = start[6];
        if (major is < 1 or > 3 || start[7] != 0)
        {
            throw new DataException(
                $"{place} has .npy format version {major}.{start[7]} at byte 6; expected 1.0, 2.0 or 3.0. Save it again with numpy.save.");
        }

        var lengthSize = major == 1 ? 2 : 4;
        var lengthBytes = ReadBytes(lengthSize, "the length of the header", 8);
        long headerLength = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (headerLength > LongestHeader)
        {
            throw new DataException(
                $"{place} claims a header of {headerLength} bytes at byte 8; expected at most {LongestHeader}. Save it again with "
                + "numpy.save.");
        }

        var headerOffset = 8 + lengthSize;
        var text = ReadBytes((int)headerLength, "the header", headerOffset);
        try
        {
            return (NumpyHeader.Parse((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text)), headerOffset + headerLength);
        }
        catch (FormatException failure)
        {
            throw new DataException(
                $"{place} has a bad header at byte {headerOffset}: {failure.Message}; expected a dictionary such as "
                + "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. Save it again with numpy.save.",
                failure);
        }

        byte[] ReadBytes(int count, string what, long offset)
        {
            // Looks before it takes memory: a damaged length must not.
            if (length - offset >= count)
            {
                var bytes = new byte[count];
                if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count)
                {
                    return bytes;
                }
            }

            throw new DataException(
                $"{place} is truncated or not a .npy array: expected {count} bytes at byte {offset} ({what}), but it ends at byte "
                + $"{length}. "
                + "Copy or save the file again.");
        }
    }

    private static (NumpyType Type, bool IsBigEndian) ParseType(string code, string place)
    {
        var type = code.Length == 3 && code[0] is '<' or '>' or '=' or '|'
            ? code[1..] switch
            {
                "f4" => NumpyType.Float32,
                "f8" => NumpyType.Float64,
                "i4" => NumpyType.Int32,
                "i8" => NumpyType.Int64,
                "u1" => NumpyType.UInt8,
                _ => (NumpyType?)null,
            }
            : null;
        if (type is not null)
        {
            return (type.Value, code[0] == '>' || (code[0] != '<' && !BitConverter.IsLittleEndian));
        }

        var (name, cure) = code.Length < 2 ? ($"'{code}'", "float32") : code[1] switch
        {
            'b' => ("bool", "uint8"),
            'O' => ("object (pickled Python objects, which are never loaded)", "float64"),
            'i' or 'u' => ($"'{code}'", "int64"),
            'f' or 'c' => ($"'{code}'", "float64"),
            'U' or 'S' => ($"text ('{code}')", "float64"),
            _ => ($"'{code}'", "float64"),
        };
        throw new DataException(
            $"{place} has dtype {name}; allowed are float32, float64, int32, int64 and uint8. Save it as one of these, for example "
            + $"with .astype('{cure}').");
    }

    private static int[] CheckShape(long[] shape, string place)
    {
        // An axis of length 0 leaves the others without a bound, but not the room for their product.
        long count = 1;
        foreach (var axis in shape)
        {
            if (axis > Array.MaxLength || Math.Max(axis, 1) * count > Array.MaxLength)
            {
                var lengths = string.Join(", ", shape.Select(length => length.ToString(CultureInfo.InvariantCulture)));
                throw new DataException(
                    $"{place} has the shape ({lengths}); allowed are at most {Array.MaxLength} values in one array. Split it.");
            }

            count *= Math.Max(axis, 1);
        }

        return Array.ConvertAll(shape, axis => (int)axis);
    }

    private static void ReverseValues(Span<byte> bytes, int size)
    {
        if (size == 4)
        {
            var values = MemoryMarshal.Cast<byte, int>(bytes);
            BinaryPrimitives.ReverseEndianness(values, values);
        }
        else if (size == 8)
        {
            var values = MemoryMarshal.Cast<byte, long>(bytes);
            BinaryPrimitives.ReverseEndianness(values, values);
        }
    }

    private static T[] ToRowMajor<T>(T[] columnMajor, int[] shape)
    {
        if (shape.Length < 2)
        {
            return columnMajor;
        }

        var strides = new int[shape.Length];
        strides[0] = 1;
        for (var axis = 1; axis < shape.Length; axis++)
        {
            strides[axis] = strides[axis - 1] * shape[axis - 1];
        }

        var rowMajor = new T[columnMajor.Length];
        var index = new int[shape.Length];
        var source = 0;
        for (var target = 0; target < rowMajor.Length; target++)
        {
            rowMajor[target] = columnMajor[source];

            // Counts up like an odometer: the last axis turns fastest.
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                source -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return rowMajor;
    }
}
