namespace Sam.Gpu.Data;

/// <summary>Writes files that are either complete or not there.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file under a temporary name in the same folder, then renames it.</summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="write">Writes the content to the stream; need not close it.</param>
    /// <param name="overwrite">Whether to replace an existing file, also one that another program made meanwhile.</param>
    /// <exception cref="UsageException">The file exists and is not to be replaced. It is left as it was.</exception>
    /// <exception cref="DataException">
    /// The file cannot be written: no space, a quota, no permission, no such folder. An existing file is left as it was, and the
    /// temporary one is removed, here and whenever <paramref name="write"/> throws.
    /// </exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (Directory.Exists(target))
        {
            throw new DataException($"Cannot write '{path}': a folder has that name. Choose another name.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DataException($"Cannot write '{path}': there is no folder '{folder}'. Create it or choose another one.");
        }

        if (!overwrite && Path.Exists(target))
        {
            throw Exists(path);
        }

        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite);
        }
        catch (Exception failure)
        {
            Remove(temporary);
            if (failure is IOException && !overwrite && Path.Exists(target))
            {
                throw Exists(path, failure);
            }

            if (DiskFailure.Is(failure))
            {
                throw new DataException(
                    $"Cannot write '{path}': {DiskFailure.Describe(failure)}. Nothing was changed; free space, mend the permissions, "
                    + "or choose another folder.",
                    failure);
            }

            throw;
        }
    }

    private static UsageException Exists(string path, Exception? cause = null) =>
        new($"'{path}' exists, and nothing is overwritten. Give another name, or remove it first.", cause);

    /// <summary>Removes a temporary file, if the system lets it.</summary>
    internal static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            // A failure before this one says more; a file that stays is no harm but for its space.
        }
    }
}
