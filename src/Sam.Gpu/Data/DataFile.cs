namespace Sam.Gpu.Data;

/// <summary>Opens files for reading, with errors that name them.</summary>
internal static class DataFile
{
    /// <summary>Opens a file, or throws a <see cref="DataException"/> that says why it cannot be read.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file '{path}' (looked for as '{Path.GetFullPath(path)}'). Check the path.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var cause = Directory.Exists(path) ? "it is a folder, a file was expected." : failure.Message;
            throw new DataException($"Cannot read '{path}': {cause} Check the path and its permissions.", failure);
        }
    }
}
