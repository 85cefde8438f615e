using System.IO.Compression;

namespace Sam.Gpu.Data;

/// <summary>A .npz file: a zip archive of .npy arrays, each with a name. Arrays are read when they are asked for.</summary>
public sealed class NumpyArchive : IDisposable
{
    private const string Extension = ".npy";

    // The earliest time that a zip archive can hold: the same arrays give the same bytes.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string path;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries;

    private NumpyArchive(string path, ZipArchive archive)
    {
        this.path = path;
        this.archive = archive;
        entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var entry in archive.Entries)
        {
            // Like NumPy: what is not an array may be there, and is left alone.
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
            {
                continue;
            }

            var name = entry.FullName[..^Extension.Length];
            if (!entries.TryAdd(name, entry))
            {
                throw new DataException($"'{path}' holds two arrays named '{name}'; expected one of each name. Save it again with "
                    + "numpy.savez.");
            }

            names.Add(name);
        }

        Names = names;
    }

    /// <summary>The names of the arrays, in the order of the file, without ".npy".</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens an archive and reads its table of contents, no array. Dispose of it to close the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is missing, or is no zip archive.</exception>
    public static NumpyArchive Open(string path)
    {
        var stream = DataFile.Open(path);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return new NumpyArchive(path, archive);
        }
        catch (Exception failure)
        {
            var length = stream.Length;
            var start = new byte[4];
            stream.Position = 0;
            var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            archive?.Dispose();
            stream.Dispose();
            if (failure is InvalidDataException or IOException)
            {
                var isZip = read == 4 && start.AsSpan().SequenceEqual("PK\u0003\u0004"u8);
                throw new DataException(
                    isZip
                        ? $"'{path}' is truncated or damaged: it begins as a zip archive, but no table of contents was found at its "
                            + $"end (byte {length}). Copy or save the file again."
                        : $"'{path}' is not an .npz archive: at byte 0 expected 504B0304 (a zip archive), found "
                            + $"{(read == 0 ? "the end of the file" : Convert.ToHexString(start, 0, read))}. Save it with numpy.savez.",
                    failure);
            }

            throw;
        }
    }

    /// <summary>Writes an archive at once and completely, or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="arrays">Names, without ".npy", and arrays, in the order to write; no name twice.</param>
    /// <param name="compress">Deflates the arrays; numbers of a training run shrink by a tenth or so.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <exception cref="UsageException">The file exists and is not to be replaced.</exception>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, NumpyArray>> arrays, bool compress = false, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, array) in arrays)
            {
                if (name.Length == 0 || !names.Add(name))
                {
                    throw new ArgumentException($"The name '{name}' is empty or given twice.", nameof(arrays));
                }

                var entry = archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                entry.LastWriteTime = Timestamp;
                using var content = entry.Open();
                NumpyFile.Write(content, array);
            }
        }, overwrite);
    }

    /// <summary>Whether there is an array of that name.</summary>
    /// <param name="name">The name, without ".npy".</param>
    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>Reads an array and checks it against the checksum of the archive.</summary>
    /// <param name="name">The name, without ".npy".</param>
    /// <exception cref="DataException">There is no such array, it is damaged, or it holds another type of values.</exception>
    public NumpyArray Read(string name)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            var nearest = Suggestions.Nearest(name, Names);
            throw new DataException(
                $"'{path}' has no array '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} "
                + $"It holds: {(Names.Count == 0 ? "no arrays" : string.Join(", ", Names))}. Save the array under the name '{name}'.");
        }

        var place = $"Array '{name}' of '{path}'";
        try
        {
            using var stream = new ChecksumStream(entry.Open());
            var array = NumpyFile.Read(stream, entry.Length, place);
            return stream.Checksum == entry.Crc32
                ? array
                : throw new DataException(
                    $"{place} is damaged: expected the checksum (CRC-32) {entry.Crc32:X8}, found {stream.Checksum:X8}. Copy or save "
                    + "the file again.");
        }
        catch (Exception failure) when (failure is InvalidDataException or NotSupportedException or IOException)
        {
            throw new DataException(
                $"{place} cannot be unpacked: {failure.Message} Expected an entry that is stored or deflated, as numpy.savez and "
                + "numpy.savez_compressed write it. Copy or save the file again.",
                failure);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => archive.Dispose();
}
