using System.Text.Json;
using Sam.Gpu.Data;

namespace Sam.Gpu.Tests.Golden;

/// <summary>What tools/golden.py had PyTorch compute, and how to have it computed again.</summary>
internal static class GoldenData
{
    private const string Regenerate =
        "Regenerate it with: python3 tools/golden.py --output tests/Sam.Gpu.Tests/Golden (needs NumPy and PyTorch), look at the "
        + "difference, and commit it.";

    /// <summary>The folder beside the tests that the golden data was copied to.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The script, copied beside the data.</summary>
    public static string Script => Path.Combine(Folder, "golden.py");

    /// <summary>manifest.json.</summary>
    public static JsonElement Manifest => JsonDocument.Parse(File.ReadAllBytes(Existing("manifest.json"))).RootElement;

    /// <summary>The arrays of a case.</summary>
    public static GoldenCase Case(string name)
    {
        var description = Manifest.GetProperty("cases").EnumerateArray().FirstOrDefault(c => c.GetProperty("name").GetString() == name);
        return description.ValueKind == JsonValueKind.Object
            ? new GoldenCase(description, Read(Existing($"{name}.npz")))
            : throw Stale($"the manifest has no case '{name}'");
    }

    /// <summary>The arrays of the trajectories, with the network that they are of.</summary>
    public static GoldenCase Trajectories =>
        new(Manifest.GetProperty("trajectories"), Read(Existing("trajectories.npz")));

    /// <summary>All arrays of a file by name.</summary>
    public static IReadOnlyDictionary<string, NumpyArray> Read(string path)
    {
        using var archive = NumpyArchive.Open(path);
        return archive.Names.ToDictionary(name => name, archive.Read);
    }

    /// <summary>The failure of a test whose golden data is not what it should be.</summary>
    public static Exception Stale(string why) =>
        Xunit.Sdk.FailException.ForFailure($"The golden data is missing or stale: {why}. {Regenerate}");

    private static string Existing(string name)
    {
        string path = Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw Stale($"there is no file '{path}'");
    }
}
