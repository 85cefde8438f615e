using Sam.Gpu.Data;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>The data of the problems, and where files are not at hand generated examples of the same shape: speed depends on the shape alone.</summary>
internal static class StandIns
{
    /// <summary>The name of the digits.</summary>
    public const string Digits = "mnist";

    /// <summary>The name of the images.</summary>
    public const string Images = "cifar10";

    /// <summary>The name of the text.</summary>
    public const string Text = "tiny-shakespeare";

    private const string TextFile = "tiny_shakespeare.txt";
    private const int Classes = 10;
    private const int Vocabulary = 128;
    private static readonly int[] ImageShape = [3, 32, 32];

    /// <summary>Reads or generates the data of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="dataRoot">The folder of the data sets.</param>
    /// <param name="sequenceLength">The tokens of a sequence, where the network takes sequences.</param>
    public static DataSet Load(Problem problem, string dataRoot, int? sequenceLength)
    {
        int examples = problem.Examples ?? 1;
        return problem.Data switch
        {
            Digits when !Directory.Exists(Path.Combine(dataRoot, Digits)) => Clusters(examples, [28 * 28]),
            Images when !Directory.Exists(Path.Combine(dataRoot, Images)) => Clusters(examples, ImageShape),
            Text when !File.Exists(Path.Combine(dataRoot, TextFile)) => Tokens(examples, sequenceLength!.Value),
            _ => Taken(DataSource.Parse(problem.Data, dataRoot, sequenceLength), problem.Examples),
        };
    }

    private static DataSet Taken(DataSet data, int? examples) => data.Take(examples ?? data.Examples);

    /// <summary>Generates examples of ten classes.</summary>
    /// <param name="examples">How many.</param>
    /// <param name="shape">The shape of one.</param>
    public static DataSet Clusters(int examples, IReadOnlyList<int> shape)
    {
        var data = SyntheticClasses.Create(examples, shape.Aggregate((product, length) => product * length), Classes);
        return DataSet.ForClassification(data.Name, data.Inputs, data.Labels, Classes, inputShape: [.. shape]);
    }

    // Each token and the one after it. 0 is the padding, which a text has not.
    private static DataSet Tokens(int examples, int length)
    {
        var random = new RandomStream(0, "tokens");
        int[] tokens = new int[(examples * length) + 1];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = 1 + random.NextBelow(Vocabulary - 1);
        }

        return DataSet.ForSequences("generated tokens", ExampleMatrix.Dense(tokens[..^1], examples, length), tokens[1..], Vocabulary);
    }
}
