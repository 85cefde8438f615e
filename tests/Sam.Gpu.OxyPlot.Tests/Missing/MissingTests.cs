using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.OxyPlot.Tests;

/// <summary>Without OxyPlot there is no PDF, and the reason is given before anything is drawn.</summary>
public sealed class MissingTests
{
    [Fact]
    public void It_says_what_is_missing_and_how_to_try_again()
    {
        Assert.Contains("OxyPlot.Core", OxyPlotFigures.Missing, StringComparison.Ordinal);
        Assert.Contains("tools/packages", OxyPlotFigures.Missing, StringComparison.Ordinal);
        Assert.Equal(OxyPlotFigures.Missing, new PdfFigures().Missing);
    }

    [Fact]
    public void Asking_for_pdf_is_an_error_that_says_so_and_names_what_there_is()
    {
        var error = Assert.Throws<UsageException>(() => FigureFormats.Parse("svg,pdf", [new SvgFigures(), new PdfFigures()]));

        Assert.Contains("OxyPlot.Core", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Without it there are: svg.", error.Message, StringComparison.Ordinal);
    }
}
