using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;
using PdfSharp.Pdf.IO;

namespace Sam.Gpu.OxyPlot.Tests;

/// <summary>A piece of text in a PDF.</summary>
/// <param name="Text">Its characters, by the font's own map to Unicode.</param>
/// <param name="Place">Where its baseline begins: points from the left and the upper edge of the page.</param>
/// <param name="Font">The name of the font.</param>
/// <param name="Size">The font size in points.</param>
internal sealed record PdfPiece(string Text, Vector2 Place, string Font, double Size);

/// <summary>Reads the text of a page as a viewer does: through the operators of its content and the maps of its fonts.</summary>
internal static partial class PdfText
{
    public static PdfDocument Open(byte[] file) => PdfReader.Open(new MemoryStream(file), PdfDocumentOpenMode.Import);

    /// <summary>The dictionaries of the page's fonts by the names that its content has for them.</summary>
    public static IReadOnlyDictionary<string, PdfDictionary> Fonts(PdfDocument document)
    {
        PdfDictionary fonts = document.Pages[0].Elements.GetDictionary("/Resources")!.Elements.GetDictionary("/Font")!;
        return fonts.Elements.Keys.ToDictionary(name => name, name => fonts.Elements.GetDictionary(name)!);
    }

    public static IReadOnlyList<PdfPiece> Pieces(byte[] file)
    {
        using PdfDocument document = Open(file);
        var maps = Fonts(document).ToDictionary(font => font.Key, font => ToUnicode(font.Value));
        var names = Fonts(document).ToDictionary(font => font.Key, font => font.Value.Elements.GetName("/BaseFont"));
        float height = (float)document.Pages[0].Height.Point;
        var pieces = new List<PdfPiece>();
        var saved = new Stack<Matrix3x2>();
        Matrix3x2 page = Matrix3x2.Identity;
        Matrix3x2 line = Matrix3x2.Identity;
        var operands = new List<string>();
        string font = "";
        double size = 0;
        foreach (string word in Content(document).Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "q":
                    saved.Push(page);
                    break;
                case "Q":
                    page = saved.Pop();
                    break;
                case "cm":
                    float[] m = Numbers(6);
                    page = new Matrix3x2(m[0], m[1], m[2], m[3], m[4], m[5]) * page;
                    break;
                case "BT":
                    line = Matrix3x2.Identity;
                    break;
                case "Tm":
                    float[] t = Numbers(6);
                    line = new Matrix3x2(t[0], t[1], t[2], t[3], t[4], t[5]);
                    break;
                case "Td":
                    line = Matrix3x2.CreateTranslation(Numbers(2)[0], Numbers(2)[1]) * line;
                    break;
                case "Tf":
                    font = operands[^2];
                    size = double.Parse(operands[^1], CultureInfo.InvariantCulture);
                    break;
                case "Tj":
                    Vector2 place = Vector2.Transform(Vector2.Zero, line * page);
                    pieces.Add(new PdfPiece(Decode(operands[^1], maps[font]), place with { Y = height - place.Y }, names[font], size));
                    break;
                default:
                    operands.Add(word);
                    continue;
            }

            operands.Clear();
        }

        return pieces;

        float[] Numbers(int count) => [.. operands.TakeLast(count).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static string Content(PdfDocument document)
    {
        PdfContent content = document.Pages[0].Contents.CreateSingleContent();
        content.Stream.TryUncompress();
        // Long strings go over several lines.
        return String().Replace(
            Encoding.Latin1.GetString(content.Stream.Value),
            match => string.Concat(match.Value.Where(character => !char.IsWhiteSpace(character))));
    }

    private static Dictionary<int, string> ToUnicode(PdfDictionary font)
    {
        PdfDictionary map = font.Elements.GetDictionary("/ToUnicode")!;
        map.Stream.TryUncompress();
        var characters = new Dictionary<int, string>();
        foreach (Match match in Range().Matches(Encoding.Latin1.GetString(map.Stream.Value)))
        {
            int first = Convert.ToInt32(match.Groups[1].Value, 16);
            int last = Convert.ToInt32(match.Groups[2].Value, 16);
            int code = Convert.ToInt32(match.Groups[3].Value, 16);
            for (int glyph = first; glyph <= last; glyph++)
            {
                characters[glyph] = char.ConvertFromUtf32(code + glyph - first);
            }
        }

        return characters;
    }

    private static string Decode(string hexadecimal, Dictionary<int, string> map)
    {
        string digits = hexadecimal.Trim('<', '>');
        return string.Concat(digits.Chunk(4).Select(glyph => map[Convert.ToInt32(new string(glyph), 16)]));
    }

    [GeneratedRegex("<[0-9A-Fa-f\\s]*>")]
    private static partial Regex String();

    [GeneratedRegex("<([0-9A-Fa-f]{4})><([0-9A-Fa-f]{4})><([0-9A-Fa-f]{4})>")]
    private static partial Regex Range();
}
