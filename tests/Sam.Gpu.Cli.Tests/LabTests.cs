using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class LabTests
{
    [Fact]
    public void Labs_are_listed_with_their_claims()
    {
        var result = Cli.Run("lab", "list");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)^sam-edge +Under SAM ", result.Out);
        Assert.Matches(@"(?m)^gd-edge +Under gradient descent ", result.Out);
        Assert.Matches(@"(?m)^accuracy +What .* Takes long: not among all\.$", result.Out.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_lab_checks_what_it_expects_and_leaves_a_figure()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run("lab", "gd-edge", "--quiet", "--output", folder["out"], "--data-root", folder["none"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"\n  quantity +expected +measured +as expected\n  η = 0\.1: .* 1 ± 0\.04000 +\d\.\d+ +yes\n", result.Out);
        Assert.Matches(@"\nas expected, [\d.]+ s; in .*out:\n  figures/gd-edge\.svg\n", result.Out.Replace('\\', '/'));
        Assert.True(File.Exists(Path.Combine(folder["out"], "lab.json")));
    }

    [Theory]
    [InlineData("sam-egde", "Did you mean 'sam-edge'?")]
    [InlineData("all --output somewhere", "leave it out with 'all'")]
    [InlineData("gd-edge --threads x", "--threads 'x' is not allowed")]
    public void Wrong_labs_and_options_are_refused(string arguments, string message)
    {
        var result = Cli.Run(["lab", .. arguments.Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
