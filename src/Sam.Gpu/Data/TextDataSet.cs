namespace Sam.Gpu.Data;

/// <summary>A text as sequences of tokens, its ASCII codes, to predict each from those before it.</summary>
public static class TextDataSet
{
    /// <summary>The tokens that there are: the ASCII codes. 0 is the padding, which no text holds.</summary>
    public const int Vocabulary = 128;

    private const int TestLines = 10_000;

    /// <summary>Reads a text and cuts it into sequences, as google-deepmind/sam_edge does.</summary>
    /// <param name="path">The file, of ASCII codes 1 to 127.</param>
    /// <param name="length">T ≥ 1, the tokens of a sequence.</param>
    /// <param name="name">The name of the data set; else <c>text:</c> and the path.</param>
    /// <returns>
    /// Sequences of T tokens, [examples, T], and as targets the same shifted by one: each takes T + 1 characters, which no other sequence has;
    /// what is left at the end is not used. The last 10 000 lines of a text with more lines are the test set.
    /// </returns>
    /// <exception cref="DataException">The file is missing, has a byte that is no ASCII character or is 0, or is shorter than a sequence.</exception>
    public static DataSet Load(string path, int length, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        byte[] text = Read(path);
        int wrong = Array.FindIndex(text, code => code is 0 or >= Vocabulary);
        if (wrong >= 0)
        {
            throw new DataException(
                $"'{path}' has the byte {text[wrong]} at byte {wrong}; expected ASCII characters, 1 to {Vocabulary - 1}. Remove or "
                + "replace what is not ASCII, such as accents and typographic quotes.");
        }

        name ??= $"text:{path}";
        int end = StartOfLastLines(text);
        var train = Cut(text.AsSpan(0, end), length, path, "training text");
        var test = end == text.Length ? null : Create($"{name} (test)", Cut(text.AsSpan(end), length, path, $"last {TestLines} lines"), length, null);
        return Create(name, train, length, test);
    }

    private static byte[] Read(string path)
    {
        using var file = DataFile.Open(path);
        if (file.Length > Array.MaxLength)
        {
            throw new DataException($"'{path}' has {file.Length} bytes; expected at most {Array.MaxLength}. Give a part of the text.");
        }

        var text = new byte[file.Length];
        file.ReadExactly(text);
        return text;
    }

    // The index of the first character of the last lines; the length of the text where it has no more lines than those.
    private static int StartOfLastLines(byte[] text)
    {
        int lines = 0;
        for (int i = text.Length - 2; i >= 0; i--)
        {
            if (text[i] == '\n' && ++lines == TestLines)
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static byte[][] Cut(ReadOnlySpan<byte> text, int length, string path, string part)
    {
        if (text.Length < length + 1)
        {
            throw new DataException(
                $"'{path}' is too short: its {part} has {text.Length} characters; expected at least {length + 1}, a sequence of {length} tokens and "
                + "the one after it. Give a longer text, or a network with a shorter sequence=.");
        }

        var crops = new byte[text.Length / (length + 1)][];
        for (int i = 0; i < crops.Length; i++)
        {
            crops[i] = text.Slice(i * (length + 1), length + 1).ToArray();
        }

        return crops;
    }

    private static DataSet Create(string name, byte[][] crops, int length, DataSet? test)
    {
        byte[] inputs = [.. crops.SelectMany(crop => crop[..^1])];
        int[] targets = [.. crops.SelectMany(crop => crop[1..]).Select(code => (int)code)];
        return DataSet.ForSequences(name, ExampleMatrix.Dense(inputs, crops.Length, length), targets, Vocabulary, test);
    }
}
