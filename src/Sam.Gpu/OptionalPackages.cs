using System.Reflection;

namespace Sam.Gpu;

/// <summary>The packages that this program can do without: what it was built without, and why.</summary>
/// <remarks>tools/packages finds out which of them NuGet can restore, and records it for the build.</remarks>
public static class OptionalPackages
{
    // Sam.Gpu.csproj writes one such attribute for each missing package.
    private const string Prefix = "Built without ";

    private static readonly Dictionary<string, string> Reasons = typeof(OptionalPackages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(attribute => attribute.Key.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(attribute => attribute.Key[Prefix.Length..], attribute => attribute.Value ?? "");

    /// <summary>What this program was built without, a sentence each, with the reason and the way out; empty if nothing is missing.</summary>
    public static IReadOnlyList<string> Missing => [.. Reasons.Keys.Order(StringComparer.Ordinal).Select(package => WhyMissing(package)!)];

    /// <summary>Why a package is missing, with the way out; null if this program was built with it.</summary>
    /// <param name="package">The name of the package: ILGPU or OxyPlot.Core.</param>
    public static string? WhyMissing(string package) => Reasons.TryGetValue(package, out string? reason)
        ? $"this program was built without the package {package} ({(reason.Length > 0 ? reason : "left out by hand")}); "
            + "with it in reach, run tools/packages to try again"
        : null;
}
