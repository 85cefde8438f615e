using System.Globalization;
using System.Text.Json.Nodes;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>A row of the table: a case beside its ceiling.</summary>
/// <param name="Case">The case.</param>
/// <param name="Own">The seconds of a call, a repetition each.</param>
/// <param name="Ceiling">The seconds of the ceiling's; of no meaning where there is none.</param>
/// <param name="HasCeiling">Whether there is a ceiling.</param>
internal sealed record Result(Case Case, IReadOnlyList<double> Own, IReadOnlyList<double> Ceiling, bool HasCeiling)
{
    /// <summary>The unit of <see cref="Rate"/>.</summary>
    public string Unit => Case.Kind == CaseKind.Pass ? "GB/s" : "GFLOP/s";

    /// <summary>What the fastest call did a second, in 10⁹.</summary>
    public double Rate => Case.Work / Own.Min() / 1e9;

    /// <summary>What the fastest call of the ceiling did a second, in 10⁹.</summary>
    public double CeilingRate => Case.CeilingWork / Ceiling.Min() / 1e9;

    /// <summary>The part of the ceiling that is reached; above 1 we are faster.</summary>
    public double Ratio => Rate / CeilingRate;

    /// <summary>The cells of the row.</summary>
    public IReadOnlyList<string> Cells() =>
    [
        Case.Name,
        Number(Rate, "F1"),
        HasCeiling ? Number(CeilingRate, "F1") : "–",
        HasCeiling ? Number(Ratio, "F2") + (Case.IsMemoryBound ? "" : " *") : "–",
    ];

    /// <summary>The row with every time, for programs.</summary>
    public JsonObject ToJson()
    {
        var row = new JsonObject
        {
            ["kind"] = Case.Kind.ToString().ToLowerInvariant(),
            ["name"] = Case.Name,
            ["precision"] = Case.Precision.ToString().ToLowerInvariant(),
            ["unit"] = Unit,
            ["work"] = Case.Work,
            ["isMemoryBound"] = Case.Kind == CaseKind.Pass && Case.IsMemoryBound,
            ["rate"] = Rate,
            ["seconds"] = Array(Own),
        };
        if (HasCeiling)
        {
            row["ceilingWork"] = Case.CeilingWork;
            row["ceilingRate"] = CeilingRate;
            row["ratio"] = Ratio;
            row["ceilingSeconds"] = Array(Ceiling);
        }

        return row;
    }

    private static JsonArray Array(IEnumerable<double> seconds) => [.. seconds.Select(second => JsonValue.Create(second))];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
