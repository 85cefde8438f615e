using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Sam.Gpu.OxyPlot.Pdf;

/// <summary>The fonts of PDF figures: part of this library, so that a figure looks alike wherever it is made.</summary>
/// <remarks>
/// Sam.Gpu Sans has the widths of Helvetica, which figures are laid out with; DejaVu Sans gives the symbols that it lacks. See Fonts/ for
/// their licences. Both are TrueType, and a document gets those characters that it has, with a map to Unicode.
/// </remarks>
internal sealed class PdfFonts
{
    /// <summary>Height of a line's box above its baseline over the font size.</summary>
    public const double Ascent = 0.905;

    /// <summary>Depth of a line's box below its baseline over the font size.</summary>
    public const double Descent = 0.212;

    /// <summary>Height of a line's box over the font size.</summary>
    public const double LineHeight = Ascent + Descent;

    private static readonly XGlyphTypeface Upright = Load("SamGpuSans-Regular.ttf");
    private static readonly XGlyphTypeface Italic = Load("SamGpuSans-Italic.ttf");
    private static readonly XGlyphTypeface Symbols = Load("DejaVuSans.ttf");
    private static readonly XPdfFontOptions Options = new(PdfFontEncoding.Unicode, PdfFontEmbedding.TryComputeSubset);

    private readonly Dictionary<(XGlyphTypeface Face, double Size), XFont> fonts = [];

    /// <summary>Splits a text into pieces of one font each.</summary>
    /// <param name="text">The text.</param>
    /// <param name="italic">Whether it is slanted.</param>
    /// <param name="size">The font size in points.</param>
    public IEnumerable<(string Text, XFont Font)> Pieces(string text, bool italic, double size)
    {
        XFont main = Font(italic ? Italic : Upright, size);
        XFont symbols = Font(Symbols, size);
        int start = 0;
        XFont? current = null;
        for (int index = 0; index < text.Length; index += char.IsSurrogatePair(text, index) ? 2 : 1)
        {
            int code = char.IsSurrogatePair(text, index) ? char.ConvertToUtf32(text, index) : text[index];
            XFont font = Has(main, code) || !Has(symbols, code) ? main : symbols;
            if (current is not null && font != current)
            {
                yield return (text[start..index], current);
                start = index;
            }

            current = font;
        }

        if (current is not null)
        {
            yield return (text[start..], current);
        }
    }

    // Glyph 0 stands for all characters that a font lacks.
    private static bool Has(XFont font, int code) => GlyphHelper.GlyphIndexFromCodePoint(code, font) != 0;

    private XFont Font(XGlyphTypeface face, double size)
    {
        if (!fonts.TryGetValue((face, size), out XFont? font))
        {
            font = new XFont(face, size, Options);
            fonts.Add((face, size), font);
        }

        return font;
    }

    private static XGlyphTypeface Load(string name)
    {
        using Stream stream = typeof(PdfFonts).Assembly.GetManifestResourceStream("Sam.Gpu.OxyPlot.Fonts." + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new XGlyphTypeface(XFontSource.GetOrCreateFrom(bytes));
    }
}
