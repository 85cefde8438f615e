namespace Sam.Gpu.Cli.Tests;

/// <summary>A folder for the files of one test, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("samgpu-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, params byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Every file and folder with its time and content: what must not change.</summary>
    public IReadOnlyList<string> Inventory() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(entry =>
            $"{entry} {File.GetLastWriteTimeUtc(entry):O} {(File.Exists(entry) ? Convert.ToHexString(File.ReadAllBytes(entry)) : "")}"),
    ];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
