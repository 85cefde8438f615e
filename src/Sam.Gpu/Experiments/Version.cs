using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sam.Gpu.Experiments;

/// <summary>Which program this is.</summary>
public static class Version
{
    private static readonly string[] Parts =
        (typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+', 2);

    /// <summary>The version number.</summary>
    public static string Number => Parts[0];

    /// <summary>The commit it was built from, or "unknown".</summary>
    public static string Commit => Parts.Length > 1 ? Parts[1] : "unknown";

    /// <summary>Program, runtime and system, for the record.</summary>
    internal static JsonObject ToJson() => new()
    {
        ["samgpu"] = Number,
        ["commit"] = Commit,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
    };
}
