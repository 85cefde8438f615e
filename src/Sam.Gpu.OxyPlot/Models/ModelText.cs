using System.Text;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Models;

/// <summary>Writes texts of figures in OxyPlot's markup, which has scripts too, but no italics.</summary>
/// <remarks>
/// For print there are marks as well, characters of Unicode's private use: what OxyPlot cannot say to a render context travels inside its
/// texts, and <see cref="Pdf.PdfPageContext"/> takes it out again. OxyPlot sets scripts at 62 % of the text's size and cuts texts into
/// pieces before a context sees them; so the marks of a piece are complete in themselves.
/// </remarks>
internal static class ModelText
{
    /// <summary>What follows is slanted, up to <see cref="Upright"/> or the end of the piece.</summary>
    public const char Italic = '\uE000';

    /// <summary>What follows stands upright.</summary>
    public const char Upright = '\uE001';

    /// <summary>The piece is a subscript.</summary>
    public const char Subscript = '\uE002';

    /// <summary>The piece is a superscript.</summary>
    public const char Superscript = '\uE003';

    /// <summary>Size of a script over that of its line, in OxyPlot.</summary>
    public const double ScriptSize = 0.62;

    /// <summary>From the top of a line to the top of a subscript, over the font size, in OxyPlot; superscripts begin at the top.</summary>
    public const double SubscriptTop = 0.6;

    // Between a sign of OxyPlot's markup and the brace that would give it its meaning; shows nowhere.
    private const char WordJoiner = '\u2060';

    /// <summary>A text in OxyPlot's markup.</summary>
    /// <param name="runs">The text.</param>
    /// <param name="forPrint">Whether to add marks.</param>
    public static string Of(IReadOnlyList<TextRun> runs, bool forPrint)
    {
        var text = new StringBuilder();
        foreach (TextRun run in runs)
        {
            text.Append(run.Position switch { TextPosition.Subscript => "_{", TextPosition.Superscript => "^{", _ => "" });
            if (forPrint)
            {
                text.Append(run.Position switch
                {
                    TextPosition.Subscript => $"{Subscript}",
                    TextPosition.Superscript => $"{Superscript}",
                    _ => "",
                });
                text.Append(run.Italic ? $"{Italic}" : "");
            }

            AppendPlain(text, run.Text);
            text.Append(forPrint && run.Italic ? $"{Upright}" : "");
            text.Append(run.Position == TextPosition.Line ? "" : "}");
        }

        return text.ToString();
    }

    /// <summary>A text in OxyPlot's markup.</summary>
    /// <param name="markup">The text, in the markup of <see cref="FigureText"/>.</param>
    /// <param name="forPrint">Whether to add marks.</param>
    public static string Of(string markup, bool forPrint) => Of(FigureText.Parse(markup), forPrint);

    private static void AppendPlain(StringBuilder text, string plain)
    {
        foreach (char character in plain.Where(character => character is not (>= Italic and <= Superscript)))
        {
            if (character == '{' && text.Length > 0 && text[^1] is '_' or '^')
            {
                text.Append(WordJoiner);
            }

            text.Append(character);
        }
    }
}
