using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class FigureTextTests
{
    private static string Shown(string markup) => string.Concat(FigureText.Parse(markup).Select(run =>
        run.Position switch { TextPosition.Subscript => "<sub>", TextPosition.Superscript => "<sup>", _ => "<" }
        + (run.Italic ? "i:" : "") + run.Text + ">"));

    [Theory]
    [InlineData("training step", "<training step>")]
    [InlineData("*λ*_{1}", "<i:λ><sub>1>")]
    [InlineData("10^{−3}", "<10><sup>−3>")]
    [InlineData("2/*η*", "<2/><i:η>")]
    [InlineData("|cos(*g*_{SAM}, *u*_{1})|", "<|cos(><i:g><sub>SAM><, ><i:u><sub>1><)|>")]
    [InlineData("‖*g*‖_{2}^{2} ≤ 1", "<‖><i:g><‖><sub>2><sup>2>< ≤ 1>")]
    [InlineData("*x_{i}y*", "<i:x><sub>i:i><i:y>")]
    [InlineData("λ_{*k*}", "<λ><sub>i:k>")]
    [InlineData("", "")]
    public void Markup_becomes_runs(string markup, string expected)
    {
        Assert.Equal(expected, Shown(markup));
    }

    [Theory]
    [InlineData("snake_case", "<snake_case>")]
    [InlineData("a*b", "<a*b>")]
    [InlineData("x_{open", "<x_{open>")]
    [InlineData("2^n", "<2^n>")]
    [InlineData("_", "<_>")]
    [InlineData("\\", "<\\>")]
    public void What_is_not_closed_stands_for_itself(string markup, string expected)
    {
        Assert.Equal(expected, Shown(markup));
    }

    [Theory]
    [InlineData("run_{1}*a*^{b}\\c")]
    [InlineData("*")]
    [InlineData("a\\_{x}")]
    [InlineData("100 % <b> & ς")]
    public void Escaped_names_are_shown_as_they_are(string name)
    {
        string markup = FigureText.Escape(name);
        Assert.Equal($"<{name}>", Shown(markup));
        Assert.Equal($"<a><sub>{name}>", Shown("a_{" + markup + "}"));
    }

    [Fact]
    public void Plain_text_has_no_markup()
    {
        Assert.Equal("λ1 / SAM edge", FigureText.Plain("*λ*_{1} / SAM edge"));
    }

    [Fact]
    public void Widths_are_those_of_Helvetica()
    {
        // 2 × 278 + 2 × 556 thousandths: space, period and two digits.
        Assert.Equal(16.68, FontMetrics.Width("1. 2", 10), 10);

        // The script counts at its smaller size.
        Assert.Equal(10 * (0.5 + (0.556 * FontMetrics.ScriptSize)), FontMetrics.Width("*λ*_{1}", 10), 10);
    }

    [Fact]
    public void Texts_that_are_too_long_shrink_and_then_end_in_an_ellipsis()
    {
        string markup = "a title with *λ*_{1} that goes on and on";
        double width = FontMetrics.Width(markup, 8);
        Assert.Equal(8, TextFit.Fit(markup, 8, width + 1).FontSize);
        FittedText shrunk = TextFit.Fit(markup, 8, 0.9 * width);
        Assert.Equal(7.2, shrunk.FontSize, 10);
        Assert.Equal(0.9 * width, shrunk.Width, 10);
        FittedText cut = TextFit.Fit(markup, 8, 0.5 * width);
        Assert.Equal(6, cut.FontSize);
        Assert.True(cut.Width <= 0.5 * width);
        Assert.EndsWith("…", cut.Runs[^1].Text, StringComparison.Ordinal);
        Assert.Empty(TextFit.Fit("wide", 8, 0).Runs);
    }
}
