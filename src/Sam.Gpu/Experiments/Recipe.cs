using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Gpu.Experiments;

/// <summary>A named configuration in a JSON file: built in, written by the user, or the <c>run.json</c> that a run left.</summary>
/// <remarks>
/// <c>{ "name": …, "description": …, "configuration": { "step-size": 0.05, … } }</c>; keys that are left out keep their defaults, and a key
/// that is not known is an error. What the recipe claims of its run stands in
/// <c>"expected": [{ "quantity": "ratio", "from": 0.9, "to": 1.1 }, …]</c>; see <see cref="Expectation"/>. Other members of the file, such as
/// the provenance in a run.json, are passed over.
/// </remarks>
/// <param name="Name">The name; runs are named after it.</param>
/// <param name="Description">What it shows, in a line.</param>
/// <param name="Configuration">The configuration.</param>
/// <param name="Expected">What it claims; empty where nothing is.</param>
public sealed record Recipe(string Name, string Description, RunConfiguration Configuration, IReadOnlyList<Expectation> Expected)
{
    private const string Prefix = "Sam.Gpu.Recipes.";

    /// <summary>The recipe that runs when none is named.</summary>
    public const string Default = "demo";

    /// <summary>The built-in recipes, by name.</summary>
    public static IReadOnlyList<Recipe> BuiltIn { get; } = ReadBuiltIn();

    /// <summary>Finds a built-in recipe, or reads a file.</summary>
    /// <param name="nameOrFile">A name, or the path of a file that ends in <c>.json</c>.</param>
    /// <exception cref="UsageException">There is no such recipe, or the file has an unknown key or a value that is not allowed.</exception>
    /// <exception cref="DataException">The file is missing or is no JSON.</exception>
    public static Recipe Load(string nameOrFile)
    {
        if (!nameOrFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return BuiltIn.FirstOrDefault(recipe => recipe.Name == nameOrFile)
                ?? throw Suggestions.Unknown("recipe", nameOrFile, BuiltIn.Select(recipe => recipe.Name));
        }

        string text;
        try
        {
            text = File.ReadAllText(nameOrFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The recipe '{nameOrFile}' cannot be read: {exception.Message}", exception);
        }

        return Parse(text, nameOrFile, Path.GetFileNameWithoutExtension(nameOrFile));
    }

    /// <summary>The configuration as JSON, every key with its value, but for those of other optimizers.</summary>
    /// <param name="configuration">The configuration.</param>
    public static JsonObject ToJson(RunConfiguration configuration) =>
        new(ConfigurationKey.All.Select(key => (Key: key, Value: key.Get(configuration)))
            .Where(row => row.Value is not null || !row.Key.IsOfOptimizers)
            .Select(row => KeyValuePair.Create(row.Key.Name, row.Value)));

    private static Recipe Parse(string text, string source, string defaultName)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw new DataException($"'{source}' is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}. Mend the file.", exception);
        }

        if (root is not JsonObject recipe || recipe["configuration"] is not JsonObject keys)
        {
            throw new DataException(
                $"'{source}' is not a recipe: expected an object with a member \"configuration\" such as {{ \"step-size\": 0.05 }}.");
        }

        var configuration = new RunConfiguration();
        foreach (var (name, value) in keys)
        {
            configuration = InSource(source, () => ConfigurationKey.Find(name).Set(configuration, Text(value)));
        }

        var expected = InSource(source, () => ReadExpected(recipe["expected"]));
        return new Recipe(Member(recipe, "name") ?? defaultName, Member(recipe, "description") ?? "", configuration, expected);
    }

    private static T InSource<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UsageException exception)
        {
            throw new UsageException($"'{source}': {exception.Message}", exception);
        }
    }

    private static IReadOnlyList<Expectation> ReadExpected(JsonNode? node) => node switch
    {
        null => [],
        JsonArray rows => [.. rows.Select(row => Expectation.Create(Text((row as JsonObject)?["quantity"]), Bound(row, "from"), Bound(row, "to")))],
        _ => throw new UsageException("\"expected\" is no list: give [{ \"quantity\": \"ratio\", \"from\": 0.9, \"to\": 1.1 }]."),
    };

    private static double? Bound(JsonNode? row, string name) => row?[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out double number) => number,
        var other => throw new UsageException($"\"{name}\" of an expectation is {other.ToJsonString()}: give a number."),
    };

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue(out string? content) => content,
        _ => value.ToJsonString(),
    };

    /// <summary>A text of an object; null where there is none.</summary>
    internal static string? Member(JsonObject recipe, string name) =>
        recipe[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static Recipe[] ReadBuiltIn()
    {
        var assembly = typeof(Recipe).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    string recipe = Path.GetFileNameWithoutExtension(name[Prefix.Length..]);
                    return Parse(reader.ReadToEnd(), recipe, recipe);
                }),
        ];
    }
}
