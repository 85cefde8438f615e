namespace Sam.Gpu.Data;

/// <summary>Passes on what is read from a stream and keeps the CRC-32 of it, which the zip reader of .NET does not check.</summary>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private static readonly uint[] Table = CreateTable();
    private uint remainder = uint.MaxValue;

    /// <summary>The CRC-32 (ISO 3309, as in zip) of all that was read so far.</summary>
    public uint Checksum => ~remainder;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        foreach (var octet in buffer[..read])
        {
            remainder = Table[(byte)(remainder ^ octet)] ^ (remainder >> 8);
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (var octet = 0u; octet < table.Length; octet++)
        {
            var value = octet;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * 0xEDB88320);
            }

            table[octet] = value;
        }

        return table;
    }
}
