using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using PdfSharp.Pdf;
using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.OxyPlot.Tests;

public sealed class PdfTests
{
    // Across the text, in points: its box is aligned, not its baseline, and the two know its height to a hundredth of the font size.
    private const double Across = 0.12;

    // Along the text, in points: half of what its width differs from that of the layout, which only knows the widths of some symbols.
    private const double Along = 1;

    private static byte[] Drawn(Figure figure)
    {
        using var stream = new MemoryStream();
        new PdfFigures().Write(figure, stream);
        Assert.True(stream.CanWrite, "the stream is closed");
        return stream.ToArray();
    }

    public static TheoryData<int> AllFigures => [.. Enumerable.Range(0, Samples.OfRuns.Count + 3)];

    private static Figure Sample(int index) =>
        index < Samples.OfRuns.Count
            ? Samples.OfRuns[index]
            : new[] { Samples.Everything, Samples.WithLegend, Samples.Logarithmic }[index - Samples.OfRuns.Count];

    [Theory]
    [MemberData(nameof(AllFigures))]
    public void Every_text_of_the_figure_is_there_in_its_letters(int index)
    {
        Figure figure = Sample(index);
        string text = string.Concat(PdfText.Pieces(Drawn(figure)).Select(piece => piece.Text));

        Assert.Contains(FigureText.Plain(figure.XAxis.Label), text, StringComparison.Ordinal);
        Assert.Contains(FigureText.Plain(figure.YAxis.Label), text, StringComparison.Ordinal);
        Assert.Contains(FigureText.Plain(figure.Title ?? ""), text, StringComparison.Ordinal);
        Assert.All(figure.Series.Select(series => series.Label).OfType<string>(), label =>
            Assert.Contains(FigureText.Plain(label), text, StringComparison.Ordinal));
        Assert.All(figure.Notes, note => Assert.Contains(FigureText.Plain(note), text, StringComparison.Ordinal));
        Assert.DoesNotContain(text, character => character is >= '\uE000' and <= '\uF8FF' or '\u2060');
    }

    [Fact]
    public void Greek_letters_scripts_and_signs_are_right()
    {
        var pieces = PdfText.Pieces(Drawn(Samples.Everything));
        string text = string.Concat(pieces.Select(piece => piece.Text));

        Assert.Contains("λ1 ≤ ‖∇L‖2", text, StringComparison.Ordinal);
        Assert.Contains("η = 0.05, ρ ≤ 0.1 & <b>", text, StringComparison.Ordinal);
        Assert.Contains("v ≤ ρ2·10−3", text, StringComparison.Ordinal);
        Assert.Contains("2/η", text, StringComparison.Ordinal);

        // Variables are slanted, and what the main font lacks comes from the other.
        Assert.All(pieces.Where(piece => piece.Text is "λ" or "η" or "ρ"), piece =>
            Assert.EndsWith("SamGpuSans-Italic", piece.Font, StringComparison.Ordinal));
        Assert.Contains(pieces, piece => piece.Text == "∇" && piece.Font.EndsWith("DejaVuSans", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllFigures))]
    public void Fonts_are_embedded_as_subsets_of_TrueType_with_maps_to_Unicode(int index)
    {
        using PdfDocument document = PdfText.Open(Drawn(Sample(index)));

        int number = 0;
        Assert.All(PdfText.Fonts(document).Values, font =>
        {
            Assert.Equal("/Type0", font.Elements.GetName("/Subtype"));
            string tag = $"AAAAA{(char)('A' + number++)}";
            Assert.Matches($@"^/{tag}\+(SamGpuSans-Regular|SamGpuSans-Italic|DejaVuSans)$", font.Elements.GetName("/BaseFont"));
            Assert.NotNull(font.Elements.GetDictionary("/ToUnicode"));
            PdfDictionary descendant = font.Elements.GetArray("/DescendantFonts")!.Elements.GetDictionary(0)!;
            Assert.Equal("/CIDFontType2", descendant.Elements.GetName("/Subtype"));
            PdfDictionary descriptor = descendant.Elements.GetDictionary("/FontDescriptor")!;
            Assert.Equal(font.Elements.GetName("/BaseFont"), descriptor.Elements.GetName("/FontName"));
            Assert.NotNull(descriptor.Elements.GetDictionary("/FontFile2"));
        });
    }

    [Theory]
    [MemberData(nameof(AllFigures))]
    public void Every_text_stands_where_the_figure_is_laid_out(int index)
    {
        Figure figure = Sample(index);
        PlotLayout layout = PlotLayout.Of(figure);
        if (layout.Legend is not null)
        {
            // OxyPlot places its legends, and the plot area with them.
            return;
        }

        var pieces = PdfText.Pieces(Drawn(figure));
        foreach (PlacedText text in layout.Texts.Where(text => text.Text.Runs.Count > 0 && text.Text.Runs[0].Position == TextPosition.Line))
        {
            double before = text.Text.Width * text.Anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => 0.5, _ => 1 };
            double x = text.Upwards ? text.Baseline.X : text.Baseline.X - before;
            double y = text.Upwards ? text.Baseline.Y + before : text.Baseline.Y;
            PdfPiece[] begins = [.. pieces.Where(piece => text.Text.Runs[0].Text.StartsWith(piece.Text, StringComparison.Ordinal))];
            Assert.True(
                begins.Any(piece => Math.Abs(piece.Place.X - x) <= (text.Upwards ? Across : Along)
                    && Math.Abs(piece.Place.Y - y) <= (text.Upwards ? Along : Across) && Math.Abs(piece.Size - text.Text.FontSize) < 0.01),
                $"'{text.Text.Runs[0].Text}' belongs at ({x}, {y}): {string.Join(", ", begins.Select(piece => piece.ToString()))}");
        }
    }

    [Fact]
    public void Scripts_are_as_large_and_as_far_from_the_line_as_in_svg()
    {
        var pieces = PdfText.Pieces(Drawn(Samples.Everything));
        int note = pieces.ToList().FindIndex(piece => piece.Text == "v");
        PdfPiece line = pieces[note];
        PdfPiece square = pieces.Skip(note).First(piece => piece.Text == "2");

        Assert.Equal(FontMetrics.ScriptSize * line.Size, square.Size, 0.01);
        Assert.Equal(FontMetrics.SuperscriptRise * line.Size, line.Place.Y - square.Place.Y, 0.02);

        int name = pieces.ToList().FindLastIndex(piece => piece.Text == "λ" && Math.Abs(piece.Size - LineEndLabels.FontSize) < 0.01);
        Assert.Equal("1", pieces[name + 1].Text);
        Assert.Equal(FontMetrics.SubscriptDrop * LineEndLabels.FontSize, pieces[name + 1].Place.Y - pieces[name].Place.Y, 0.02);
    }

    [Fact]
    public void The_page_has_the_printed_size_and_the_document_says_what_it_is()
    {
        byte[] file = Drawn(Samples.Everything);
        using PdfDocument document = PdfText.Open(file);

        Assert.Equal(Samples.Everything.Size.WidthMillimetres, document.Pages[0].Width.Millimeter, 0.01);
        Assert.Equal(Samples.Everything.Size.HeightMillimetres, document.Pages[0].Height.Millimeter, 0.01);
        Assert.Equal("η = 0.05, ρ ≤ 0.1 & <b>", document.Info.Title);
        Assert.Equal("A line & <more>.", document.Info.Subject);
        Assert.Matches(@"^samgpu \d", document.Info.Creator);
        Assert.Equal(Samples.Everything.Provenance, document.Info.Elements.GetString("/Provenance"));
    }

    [Fact]
    public void Its_metadata_are_well_formed_and_say_the_same()
    {
        string file = Encoding.UTF8.GetString(Drawn(Samples.Everything));
        const string End = "</x:xmpmeta>";
        int begin = file.IndexOf("<x:xmpmeta", StringComparison.Ordinal);
        string packet = file[begin..(file.IndexOf(End, StringComparison.Ordinal) + End.Length)];
        XNamespace core = "http://purl.org/dc/elements/1.1/";
        XDocument metadata = XDocument.Parse(packet);

        Assert.Equal("η = 0.05, ρ ≤ 0.1 & <b>", metadata.Descendants(core + "title").Single().Value);
        Assert.Equal("A line & <more>.", metadata.Descendants(core + "description").Single().Value);
    }

    [Fact]
    public void Metadata_that_would_not_fit_are_left_to_the_properties()
    {
        Figure figure = Samples.Everything with { Title = new string('&', 900), Description = new string('<', 900) };
        using PdfDocument document = PdfText.Open(Drawn(figure));

        Assert.Equal(figure.Title, document.Info.Title);
        Assert.Equal(figure.Description, document.Info.Subject);
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes_and_another_one_another_identifier()
    {
        byte[] first = Drawn(Samples.Everything);

        Assert.Equal(first, Drawn(Samples.Everything));
        Assert.DoesNotContain("CreationDate", Encoding.Latin1.GetString(first), StringComparison.Ordinal);
        using PdfDocument one = PdfText.Open(first);
        using PdfDocument other = PdfText.Open(Drawn(Samples.Everything with { Notes = [] }));
        Assert.NotEqual(one.Internals.FirstDocumentID, other.Internals.FirstDocumentID);
    }

    [Fact]
    public void Long_runs_and_runs_that_diverge_give_small_files()
    {
        double[] steps = [.. Enumerable.Range(0, 100_000).Select(step => (double)step)];
        double[] losses = [.. steps.Select(step => step < 99_000 ? 1 + Math.Sin(step) : Math.Exp(step / 150))];
        Figure figure = Samples.Logarithmic with
        {
            XAxis = new FigureAxis { Label = "training step" },
            YAxis = new FigureAxis { Label = "training loss", Minimum = 0, Maximum = 2 },
            Series = [new FigureSeries { X = steps, Y = losses }],
        };

        Assert.InRange(Drawn(figure).Length, 1, 60_000);
    }

    [Fact]
    public void A_model_that_cannot_be_drawn_is_an_error_and_no_file()
    {
        using var stream = new MemoryStream();
        var model = new global::OxyPlot.PlotModel();
        model.Annotations.Add(new global::OxyPlot.Annotations.TextAnnotation());
        model.Axes.Add(new global::OxyPlot.Axes.LinearAxis());

        Assert.Throws<InvalidOperationException>(() => new PdfExporter().Export(model, stream));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_program_that_reads_pdf_finds_the_same_text()
    {
        string file = Path.Combine(Path.GetTempPath(), $"samgpu-{Guid.NewGuid():N}.pdf");
        try
        {
            File.WriteAllBytes(file, Drawn(Samples.Everything));
            string text = PdfToText(file);

            Assert.Contains("η = 0.05, ρ ≤ 0.1 & <b>", text, StringComparison.Ordinal);
            Assert.Contains("SAM edge", text, StringComparison.Ordinal);
            Assert.Contains("λ1", text, StringComparison.Ordinal);
            Assert.Contains("2/η", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string PdfToText(string file)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-enc", "UTF-8", file, "-"])
            {
                RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8,
            })!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text;
        }
        catch (Win32Exception)
        {
            Assert.Skip("pdftotext is not on the path; it comes with Poppler.");
            throw;
        }
    }
}
