using Sam.Gpu.OxyPlot;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

/// <summary><c>--figures</c>, checked before anything runs.</summary>
public sealed class FiguresTests
{
    [Theory]
    [InlineData("pfd", "Unknown figure format 'pfd'. Did you mean 'pdf'? Allowed: svg, pdf, none.")]
    [InlineData("svg,png", "Unknown figure format 'png'. Allowed: svg, pdf, none.")]
    [InlineData("", "Unknown figure format ''. Allowed: svg, pdf, none.")]
    [InlineData("none,svg", "'none,svg' is not allowed: 'none' goes with no other format. Give none alone, or leave it out.")]
    public void A_format_that_there_is_not_is_named_before_anything_is_made(string formats, string message)
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--output", folder["out"], "--figures", formats]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"samgpu: error: --figures: {message}\n", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_run_can_leave_no_figures()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--output", folder["out"], "--figures", "none"]);

        Assert.Equal(0, result.ExitCode);
        Assert.False(Directory.Exists(folder["out/figures"]));
        Assert.DoesNotContain("figures", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Plotting_nothing_is_an_error()
    {
        var result = Cli.Run("plot", "runs/demo", "--figures", "none");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("give at least one format", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_and_plots_have_pdf_beside_svg_or_where_it_cannot_be_made_refuse_it_before_they_begin()
    {
        if (OxyPlotFigures.Missing is null)
        {
            AssertPdfIsMade();
        }
        else
        {
            AssertPdfIsRefused();
        }
    }

    private static void AssertPdfIsRefused()
    {
        using var folder = new TemporaryFolder();

        string[][] commands = [[.. Cli.SmallRun, "--output", folder["out"]], [.. Cli.SmallRun, "--dry-run"], ["plot", folder["out"]]];

        foreach (string[] command in commands)
        {
            var result = Cli.Run([.. command, "--figures", "svg,pdf"]);

            Assert.Equal(2, result.ExitCode);
            Assert.Equal(
                $"samgpu: error: --figures: Figures as 'pdf' cannot be made: {OxyPlotFigures.Missing}. Without it there are: svg.\n",
                result.Error);
            Assert.Empty(result.Out);
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    private static void AssertPdfIsMade()
    {
        using var folder = new TemporaryFolder();

        var run = Cli.Run([.. Cli.SmallRun, "--output", folder["out"], "--figures", "SVG, pdf"]);
        byte[] drawn = File.ReadAllBytes(folder["out/figures/eigenvalues.pdf"]);
        var plot = Cli.Run("plot", folder["out"], "--output", folder["again"], "--figures", "pdf");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(10, Directory.GetFiles(folder["out/figures"]).Length);
        Assert.Equal(0, plot.ExitCode);
        Assert.Equal(5, Directory.GetFiles(folder["again"], "*.pdf").Length);
        Assert.Equal(5, Directory.GetFiles(folder["again"]).Length);
        Assert.Equal(drawn, File.ReadAllBytes(folder["again/eigenvalues.pdf"]));
        Assert.Equal("%PDF"u8.ToArray(), drawn[..4]);
    }
}
