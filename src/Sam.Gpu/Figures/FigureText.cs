using System.Text;

namespace Sam.Gpu.Figures;

/// <summary>Where a piece of text sits.</summary>
public enum TextPosition
{
    /// <summary>On the line.</summary>
    Line,

    /// <summary>Below the line, smaller.</summary>
    Subscript,

    /// <summary>Above the line, smaller.</summary>
    Superscript,
}

/// <summary>A piece of text in one style.</summary>
/// <param name="Text">The characters, not empty.</param>
/// <param name="Position">Where they sit.</param>
/// <param name="Italic">Whether they are slanted, as variables are.</param>
public readonly record struct TextRun(string Text, TextPosition Position, bool Italic);

/// <summary>
/// The markup of all texts in a figure: <c>_{…}</c> is a subscript, <c>^{…}</c> a superscript, <c>*…*</c> a slanted variable, and a
/// backslash before <c>_ ^ * } \</c> takes away its meaning.
/// </summary>
/// <remarks>Scripts do not nest. Whatever is not closed, and <c>_</c> or <c>^</c> without a brace, stands for itself.</remarks>
public static class FigureText
{
    /// <summary>Splits a text into pieces of one style.</summary>
    /// <param name="markup">The text.</param>
    /// <returns>The pieces in reading order; none is empty, and neighbours differ in style.</returns>
    public static IReadOnlyList<TextRun> Parse(string markup)
    {
        ArgumentNullException.ThrowIfNull(markup);
        var runs = new List<TextRun>();
        var text = new StringBuilder();
        TextPosition position = TextPosition.Line;
        bool italic = false;
        bool italicOnLine = false;
        int scriptEnd = -1;
        for (int index = 0; index < markup.Length; index++)
        {
            char character = markup[index];
            if (IsEscape(markup, index))
            {
                text.Append(markup[++index]);
            }
            else if (index == scriptEnd)
            {
                Flush();
                position = TextPosition.Line;
                italic = italicOnLine;
                scriptEnd = -1;
            }
            else if (character == '*' && (italic || Find(markup, '*', index + 1, scriptEnd < 0 ? markup.Length : scriptEnd) >= 0))
            {
                Flush();
                italic = !italic;
            }
            else if (scriptEnd < 0 && character is '_' or '^' && index + 1 < markup.Length && markup[index + 1] == '{'
                && Find(markup, '}', index + 2, markup.Length) is >= 0 and int end)
            {
                Flush();
                position = character == '_' ? TextPosition.Subscript : TextPosition.Superscript;
                italicOnLine = italic;
                scriptEnd = end;
                index++;
            }
            else
            {
                text.Append(character);
            }
        }

        Flush();
        return runs;

        void Flush()
        {
            if (text.Length > 0)
            {
                runs.Add(new TextRun(text.ToString(), position, italic));
                text.Clear();
            }
        }
    }

    /// <summary>The characters alone, without markup.</summary>
    /// <param name="markup">The text.</param>
    public static string Plain(string markup) => string.Concat(Parse(markup).Select(run => run.Text));

    /// <summary>Markup that shows a text as it is, as for names that users gave.</summary>
    /// <param name="plain">Any text.</param>
    public static string Escape(string plain)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var markup = new StringBuilder(plain.Length);
        foreach (char character in plain)
        {
            if (character is '_' or '^' or '*' or '}' or '\\')
            {
                markup.Append('\\');
            }

            markup.Append(character);
        }

        return markup.ToString();
    }

    private static bool IsEscape(string markup, int index) =>
        markup[index] == '\\' && index + 1 < markup.Length && markup[index + 1] is '_' or '^' or '*' or '}' or '\\';

    /// <summary>The next place in [start, end) where a character has its meaning; −1 where there is none.</summary>
    private static int Find(string markup, char character, int start, int end)
    {
        for (int index = start; index < end; index++)
        {
            if (IsEscape(markup, index))
            {
                index++;
            }
            else if (markup[index] == character)
            {
                return index;
            }
        }

        return -1;
    }
}
