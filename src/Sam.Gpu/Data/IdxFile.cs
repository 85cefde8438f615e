using System.Buffers.Binary;
using System.IO.Compression;

namespace Sam.Gpu.Data;

/// <summary>A file of unsigned bytes in the IDX format of MNIST, gzipped or not.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Shape">The length of each axis.</param>
/// <param name="Values">The bytes, row-major.</param>
/// <remarks>
/// Big-endian: two zero bytes, the type (8: unsigned byte), the number of axes, the length of each axis as int32, the values.
/// </remarks>
internal sealed record IdxFile(string Path, int[] Shape, byte[] Values)
{
    private const byte UnsignedByte = 8;
    private const int FirstPiece = 1 << 20;

    /// <summary>Reads a file and checks its magic, its shape and its exact length.</summary>
    /// <param name="path">The file; gzip is recognized by its first two bytes.</param>
    /// <param name="axes">How many axes are expected: 1 for labels, 3 for images.</param>
    public static IdxFile Read(string path, int axes)
    {
        using var file = DataFile.Open(path);
        var isZipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isZipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        var place = isZipped ? $"'{path}' (offsets are those after decompression)" : $"'{path}'";
        try
        {
            return Read(stream, path, place, axes);
        }
        catch (InvalidDataException failure)
        {
            throw new DataException($"'{path}' is truncated or damaged: gzip says: {failure.Message} Fetch the file again.", failure);
        }
    }

    private static IdxFile Read(Stream stream, string path, string place, int axes)
    {
        var header = ReadUpTo(stream, 4 * (1 + axes));
        var magic = (UnsignedByte << 8) | axes;
        if (header.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(header) != magic)
        {
            var found = header.Length < 4
                ? $"the end of the file at byte {header.Length}"
                : $"{BinaryPrimitives.ReadInt32BigEndian(header)}";
            throw new DataException(
                $"{place} has the wrong magic number at byte 0: expected {magic} (IDX, unsigned bytes, {axes} "
                + $"{(axes == 1 ? "axis: labels" : "axes: images")}), found {found}. "
                + "Check that the file is the one its name says, or fetch it again.");
        }

        if (header.Length < 4 * (1 + axes))
        {
            throw new DataException(
                $"{place} is truncated: expected a header of {4 * (1 + axes)} bytes at byte 0, found {header.Length}. Fetch the file "
                + "again.");
        }

        var shape = new int[axes];
        long count = 1;
        for (var axis = 0; axis < axes; axis++)
        {
            var offset = 4 * (1 + axis);
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(offset));
            if (shape[axis] <= 0 || (count *= shape[axis]) > Array.MaxLength)
            {
                throw new DataException(
                    $"{place} has the length {shape[axis]} at byte {offset}; expected at least 1 and at most {Array.MaxLength} values "
                    + "in all. Fetch the file again.");
            }
        }

        var values = ReadUpTo(stream, (int)count);
        if (values.Length < count)
        {
            throw new DataException(
                $"{place} is truncated: from byte {header.Length} on, expected {count} bytes ({string.Join(" x ", shape)}), found "
                + $"{values.Length}. Fetch the file again.");
        }

        if (stream.ReadByte() >= 0)
        {
            throw new DataException(
                $"{place} is too long: expected its end at byte {header.Length + count}, found more bytes. Fetch the file again.");
        }

        return new IdxFile(path, shape, values);
    }

    /// <summary>Reads so many bytes, or fewer if the stream ends; takes memory only as bytes come, whatever a header claims.</summary>
    private static byte[] ReadUpTo(Stream stream, int count)
    {
        var bytes = new byte[Math.Min(count, FirstPiece)];
        var read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(bytes.AsSpan(read), bytes.Length - read, throwOnEndOfStream: false);
            if (read == count)
            {
                return bytes;
            }

            if (read < bytes.Length)
            {
                return bytes[..read];
            }

            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
    }
}
