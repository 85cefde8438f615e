using System.Globalization;

namespace Sam.Gpu.Data;

/// <summary>The header of a .npy file: a Python dictionary with the keys descr, fortran_order and shape.</summary>
/// <param name="TypeCode">The dtype as NumPy codes it, such as <c>&lt;f4</c>; for records, "a record".</param>
/// <param name="IsFortranOrder">Whether the first axis varies fastest.</param>
/// <param name="Shape">The length of each axis.</param>
internal sealed record NumpyHeader(string TypeCode, bool IsFortranOrder, long[] Shape)
{
    /// <summary>Reads the dictionary.</summary>
    /// <exception cref="FormatException">It is not the dictionary that NumPy writes; the message says where.</exception>
    public static NumpyHeader Parse(string text)
    {
        var parser = new Parser(text);
        if (parser.ParseValue() is not Dictionary<string, object?> entries)
        {
            throw new FormatException("it is not a dictionary");
        }

        parser.ExpectEnd();
        return new NumpyHeader(
            Entry("descr") switch
            {
                string code => code,
                List<object?> => "a record",
                _ => throw new FormatException("'descr' is no dtype"),
            },
            Entry("fortran_order") is bool order ? order : throw new FormatException("'fortran_order' is neither True nor False"),
            Entry("shape") is List<object?> lengths && lengths.All(length => length is long and >= 0)
                ? [.. lengths.Cast<long>()]
                : throw new FormatException("'shape' is not a tuple of lengths"));

        object? Entry(string key) =>
            entries.TryGetValue(key, out var value) ? value : throw new FormatException($"the key '{key}' is missing");
    }

    /// <summary>Reads the part of Python's literals that occurs in headers.</summary>
    private sealed class Parser(string text)
    {
        // Deeper than any dtype, shallow enough for the stack.
        private const int MaximumDepth = 32;
        private int position;
        private int depth;

        public object? ParseValue()
        {
            SkipSpace();
            if (position == text.Length)
            {
                throw Unexpected();
            }

            return text[position] switch
            {
                '{' => ParseDictionary(),
                '(' => ParseSequence(')'),
                '[' => ParseSequence(']'),
                '\'' or '"' => ParseString(),
                >= '0' and <= '9' => ParseNumber(),
                _ => ParseWord(),
            };
        }

        public void ExpectEnd()
        {
            SkipSpace();
            if (position < text.Length)
            {
                throw Unexpected();
            }
        }

        private Dictionary<string, object?> ParseDictionary()
        {
            var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
            Enter();
            while (!TryTake('}'))
            {
                var key = ParseValue() as string ?? throw Unexpected();
                Take(':');
                entries[key] = ParseValue();
                if (!TryTake(','))
                {
                    Take('}');
                    break;
                }
            }

            depth--;
            return entries;
        }

        private List<object?> ParseSequence(char end)
        {
            var items = new List<object?>();
            Enter();
            while (!TryTake(end))
            {
                items.Add(ParseValue());
                if (!TryTake(','))
                {
                    Take(end);
                    break;
                }
            }

            depth--;
            return items;
        }

        private string ParseString()
        {
            var end = text.IndexOf(text[position], position + 1);
            if (end < 0)
            {
                throw Unexpected();
            }

            var value = text[(position + 1)..end];
            position = end + 1;
            return value;
        }

        private long ParseNumber()
        {
            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            if (!long.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                position = start;
                throw Unexpected();
            }

            // Python 2 wrote long numbers with an L.
            if (position < text.Length && text[position] == 'L')
            {
                position++;
            }

            return number;
        }

        private object? ParseWord()
        {
            (string Word, object? Value)[] words = [("True", true), ("False", false), ("None", null)];
            foreach (var (word, value) in words)
            {
                if (string.CompareOrdinal(text, position, word, 0, word.Length) == 0)
                {
                    position += word.Length;
                    return value;
                }
            }

            throw Unexpected();
        }

        private void Enter()
        {
            position++;
            if (++depth > MaximumDepth)
            {
                throw Unexpected();
            }
        }

        private void Take(char expected)
        {
            if (!TryTake(expected))
            {
                throw Unexpected();
            }
        }

        private bool TryTake(char expected)
        {
            SkipSpace();
            if (position == text.Length || text[position] != expected)
            {
                return false;
            }

            position++;
            return true;
        }

        private void SkipSpace()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }
        }

        private FormatException Unexpected() => new(
            position < text.Length
                ? $"'{text[position]}' was not expected at its character {position.ToString(CultureInfo.InvariantCulture)}"
                : "it ends too early");
    }
}
