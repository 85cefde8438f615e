using System.Globalization;

namespace Sam.Gpu.Data;

/// <summary>The data sets that <c>--data</c> and recipes can name.</summary>
public static class DataSource
{
    /// <summary>CIFAR-10, and its folder below the one with all data sets.</summary>
    internal const string Cifar10Name = "cifar10";

    private const string MnistName = "mnist";
    private const string StandardizedCifar10Name = "cifar10-standardized";
    private const string NpzName = "npz";
    private const string TextName = "text";
    private const string ShakespeareName = "tiny-shakespeare";
    private const string ChebyshevName = "chebyshev";

    private static readonly string[] ClassesSettings = ["examples", "features", "classes", "spread", "seed"];

    /// <summary>Every form of specification, with one line about it.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> List { get; } =
    [
        (
            SyntheticClasses.Name,
            $"Gaussian clusters, generated: {SyntheticClasses.DefaultExamples} examples, "
            + $"{SyntheticClasses.DefaultFeatures} features, {SyntheticClasses.DefaultClasses} classes"),
        (SyntheticClasses.Name + ":KEY=VALUE,...", "the same with examples=, features=, classes=, spread= or seed= of your choice"),
        (ChebyshevName + "-K-N", "regression: the Chebyshev polynomial of degree K at N even points, such as chebyshev-5-20"),
        (MnistName, "the MNIST digits in the folder mnist/ below --data-root, SAMGPU_DATA or ./data"),
        (MnistName + ":DIR", "the MNIST digits in the folder DIR: four IDX files, gzipped or not"),
        (Cifar10Name, "the CIFAR-10 images in the folder cifar10/ below --data-root, SAMGPU_DATA or ./data, less the mean image"),
        (Cifar10Name + ":DIR", "the CIFAR-10 images in the folder DIR: data_batch_1.bin … data_batch_5.bin, those that are there, and test_batch.bin"),
        (StandardizedCifar10Name + "[:DIR]", "the same, each pixel also over its standard deviation, as the code of Cohen et al. has them"),
        (ShakespeareName, "the text tiny_shakespeare.txt of char-rnn below --data-root, SAMGPU_DATA or ./data, as text:FILE"),
        (TextName + ":FILE", "an ASCII text as sequences to predict the next character; its last 10000 lines are the test set. For a transformer"),
        (NpzName + ":FILE", "arrays x [N, features...] and y (classes [N], or targets [N, outputs]) of a NumPy archive"),
    ];

    /// <summary>Makes or reads the data set that a specification names.</summary>
    /// <param name="specification">One of the forms of <see cref="List"/>.</param>
    /// <param name="dataRoot">The folder below which named sets lie: see <see cref="DataRoot.Resolve"/>.</param>
    /// <param name="sequenceLength">The tokens of a sequence, where the network takes sequences; texts are cut so.</param>
    /// <exception cref="UsageException">The specification is not one of the allowed forms.</exception>
    /// <exception cref="DataException">A file is missing or not what it should be.</exception>
    public static DataSet Parse(string specification, string dataRoot, int? sequenceLength = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(dataRoot);
        var colon = specification.IndexOf(':', StringComparison.Ordinal);
        var head = colon < 0 ? specification : specification[..colon];
        var rest = colon < 0 ? null : specification[(colon + 1)..];
        switch (head)
        {
            case MnistName:
                return Mnist.Load(rest is null ? Path.Combine(dataRoot, MnistName) : RequireRest("a folder, such as mnist:data/mnist"));
            case Cifar10Name or StandardizedCifar10Name:
                return Cifar10.Load(
                    rest is null ? Path.Combine(dataRoot, Cifar10Name) : RequireRest($"a folder, such as {head}:data/cifar10"),
                    head, head == StandardizedCifar10Name);
            case NpzName:
                return NpzDataSet.Load(RequireRest("a file, such as npz:data.npz"));
            case TextName:
                return TextDataSet.Load(RequireRest("a file, such as text:data/tiny_shakespeare.txt"), RequireLength());
            case ShakespeareName when rest is null:
                return TextDataSet.Load(Path.Combine(dataRoot, "tiny_shakespeare.txt"), RequireLength(), ShakespeareName);
            case SyntheticClasses.Name:
                return ParseClasses(rest is null ? "" : RequireRest("settings, such as gaussian-classes:examples=1024"));
            default:
                return rest is null && (head == ChebyshevName || head.StartsWith(ChebyshevName + "-", StringComparison.Ordinal))
                    ? ParseChebyshev(head)
                    : throw Unknown(specification, head);
        }

        int RequireLength() => sequenceLength
            ?? throw new UsageException($"--data '{specification}' needs a network of sequences, such as --network transformer.");

        string RequireRest(string what) =>
            !string.IsNullOrEmpty(rest)
                ? rest
                : throw new UsageException($"--data '{specification}' was given; after '{head}:' expected {what}.");
    }

    private static DataSet ParseChebyshev(string specification)
    {
        var parts = specification.Split('-');
        return parts.Length == 3
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var degree)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var points)
            ? Chebyshev.Create(degree, points)
            : throw new UsageException(
                $"--data '{specification}' was given; expected chebyshev-K-N with a degree K and a number of points N, such as "
                + "chebyshev-5-20.");
    }

    private static DataSet ParseClasses(string settings)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings.Length == 0 ? [] : settings.Split(','))
        {
            var (key, value) = setting.Split('=') is [var left, var right] ? (left, right) : (setting, "");
            if (!ClassesSettings.Contains(key, StringComparer.Ordinal) && value.Length > 0)
            {
                throw Suggestions.Unknown($"setting of {SyntheticClasses.Name}", key, ClassesSettings);
            }

            if (value.Length == 0 || !given.TryAdd(key, value))
            {
                throw new UsageException(
                    $"{SyntheticClasses.Name} was given '{setting}'; expected KEY=VALUE, each key once, separated by commas. Keys: "
                    + $"{string.Join(", ", ClassesSettings)}.");
            }
        }

        return SyntheticClasses.Create(
            Whole("examples", SyntheticClasses.DefaultExamples),
            Whole("features", SyntheticClasses.DefaultFeatures),
            Whole("classes", SyntheticClasses.DefaultClasses),
            Number("spread", SyntheticClasses.DefaultSpread),
            Seed());

        int Whole(string key, int otherwise) =>
            !given.TryGetValue(key, out var text) ? otherwise
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
            : throw NoNumber(key, text, "a whole number");

        double Number(string key, double otherwise) =>
            !given.TryGetValue(key, out var text) ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw NoNumber(key, text, "a number such as 0.5");

        ulong Seed() =>
            !given.TryGetValue("seed", out var text) ? 0
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw NoNumber("seed", text, "a whole number from 0 on");

        UsageException NoNumber(string key, string text, string expected) =>
            new($"{SyntheticClasses.Name} was given {key}={text}; expected {expected}.");
    }

    private static UsageException Unknown(string specification, string head)
    {
        // The numbers of chebyshev-5-20 are no part of its name; those of cifar10 are.
        string[] names = [MnistName, Cifar10Name, StandardizedCifar10Name, TextName, ShakespeareName, NpzName, ChebyshevName, SyntheticClasses.Name];
        var name = Suggestions.Nearest(head, names) is null ? head.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-') : head;
        var nearest = Suggestions.Nearest(name, names);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}{specification[name.Length..]}'?";
        return new UsageException($"Unknown data set '{specification}'.{hint} Allowed: "
            + $"{string.Join("; ", List.Select(entry => entry.Syntax))}.");
    }
}
