using System.Security.Cryptography;
using System.Text;
using PdfSharp.Pdf;
using Sam.Gpu.Figures;

namespace Sam.Gpu.OxyPlot.Pdf;

/// <summary>Saves a document with what it says about itself, and with nothing in it that is drawn by lot or tells the time.</summary>
/// <remarks>
/// PDFsharp tags embedded fonts, the document and its metadata with random numbers. Here fonts are tagged in their order, and the document
/// by a hash of what it shows. PDFsharp also copies properties into the metadata without escaping them, so its metadata are replaced.
/// </remarks>
internal static class PdfIdentity
{
    private const string BeginPacket = "<?xpacket begin=";
    private const string EndPacket = "<?xpacket end=\"w\"?>";

    /// <summary>The bytes of a document's file.</summary>
    /// <param name="document">The document, of one page.</param>
    /// <param name="title">Its title.</param>
    /// <param name="description">A sentence or two.</param>
    /// <param name="provenance">Where the numbers come from.</param>
    /// <param name="creator">The program that made what is shown.</param>
    public static byte[] Save(PdfDocument document, string title, string description, string provenance, string creator)
    {
        var information = document.Info;
        information.Title = title;
        information.Subject = description;
        information.Creator = creator;
        information.Elements.SetString("/Provenance", provenance);
        information.Elements.Remove("/CreationDate");
        NameFonts(document);
        byte[] shown = document.Pages[0].Contents.CreateSingleContent().Stream.Value;
        byte[] texts = Encoding.UTF8.GetBytes(string.Join('\n', title, description, provenance, creator));
        string identifier = Encoding.Latin1.GetString(SHA256.HashData([.. shown, .. texts]).AsSpan(0, 16));
        document.Internals.FirstDocumentID = identifier;
        document.Internals.SecondDocumentID = identifier;
        using var memory = new MemoryStream();
        document.Save(memory, closeStream: false);
        byte[] file = memory.ToArray();
        ReplaceMetadata(file, title, description, creator, information.Producer);
        return file;
    }

    // AAAAAA+, AAAAAB+, …: the tag of a subset is six letters, and differs between the fonts of a document.
    private static void NameFonts(PdfDocument document)
    {
        var names = new Dictionary<string, string>();
        foreach (PdfDictionary item in document.Internals.GetAllObjects().OfType<PdfDictionary>())
        {
            foreach (string key in (string[])["/BaseFont", "/FontName"])
            {
                string old = item.Elements.GetName(key);
                if (old.Length == 0)
                {
                    continue;
                }

                if (!names.TryGetValue(old, out string? name))
                {
                    name = $"/AAAAA{(char)('A' + names.Count)}+{PostScriptName(old[(old.IndexOf('+', StringComparison.Ordinal) + 1)..])}";
                    names.Add(old, name);
                }

                item.Elements.SetName(key, name);
            }
        }
    }

    // PDFsharp makes "Sam.Gpu Sans,Italic" of a family and a style.
    private static string PostScriptName(string name) => string.Concat(
        name.Replace(',', '-').Replace(" Regular", "-Regular", StringComparison.Ordinal)
            .Where(character => char.IsAsciiLetterOrDigit(character) || character == '-'));

    /// <summary>Replaces the packet of metadata by one of the same length, so that everything else stays where it is.</summary>
    private static void ReplaceMetadata(byte[] file, string title, string description, string creator, string producer)
    {
        int begin = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(BeginPacket));
        int end = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(EndPacket)) + EndPacket.Length;
        int length = end - begin;
        Span<byte> room = file.AsSpan(begin, length);
        room.Fill((byte)' ');

        // PDFsharp's own words need more room than escapes do, unless a text is nothing but signs; then the properties alone have it.
        byte[][] packets =
        [
            Packet(title, description, creator, producer), Packet(title, "", creator, producer), Packet("", "", creator, producer),
        ];
        byte[] packet = packets.First(candidate => candidate.Length + EndPacket.Length <= length);
        packet.CopyTo(room);
        Encoding.ASCII.GetBytes(EndPacket).CopyTo(room[^EndPacket.Length..]);
    }

    private static byte[] Packet(string title, string description, string creator, string producer) => Encoding.UTF8.GetBytes(
        $"""
        {BeginPacket}"{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{SvgRenderer.Escape(title)}</rdf:li></rdf:Alt></dc:title>
        <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{SvgRenderer.Escape(description)}</rdf:li></rdf:Alt></dc:description>
        <xmp:CreatorTool>{SvgRenderer.Escape(creator)}</xmp:CreatorTool>
        <pdf:Producer>{SvgRenderer.Escape(producer)}</pdf:Producer>
        </rdf:Description></rdf:RDF></x:xmpmeta>

        """.ReplaceLineEndings("\n"));
}
