using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class VerifyTests
{
    private const string Configuration =
        """{ "data": "chebyshev-5-20", "network": "mlp:8", "steps": 20, "measure-every": 5, "eigenvalues": 1, "threads": 1 }""";

    [Theory]
    [InlineData("""{ "quantity": "unconverged", "to": 0 }""", 0, "yes", "mine: as expected")]
    [InlineData("""{ "quantity": "unconverged", "to": 0 }, { "quantity": "ratio", "from": 1000 }""", 1, "no", "mine: not as expected")]
    public void A_recipe_is_run_and_what_it_claims_is_said_to_have_come_out_or_not(string expected, int code, string verdict, string last)
    {
        using var folder = new TemporaryFolder();
        string recipe = Write(folder, $"[{expected}]");

        var result = Cli.Run("verify", recipe, "--quiet", "--output", folder["out"]);

        Assert.Equal(code, result.ExitCode);
        Assert.EndsWith($"{verdict}\n{last}\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"measurements whose λ₁ has not converged, last half +at most 0 +0\.000 +yes\n", result.Out);
        Assert.True(File.Exists(Path.Combine(folder["out"], "run.json")));
    }

    [Fact]
    public void Another_seed_may_be_taken()
    {
        using var folder = new TemporaryFolder();

        Cli.Run("verify", Write(folder, """[{ "quantity": "unconverged", "to": 0 }]"""), "--seed", "7", "--quiet", "--output", folder["out"]);

        Assert.Contains("\"seed\": 7", File.ReadAllText(Path.Combine(folder["out"], "run.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "claims nothing of its run")]
    [InlineData("""[{ "quantity": "raito", "from": 1 }]""", "Did you mean 'ratio'?")]
    [InlineData("""[{ "quantity": "ratio", "from": "1" }]""", "give a number")]
    [InlineData("""[{ "quantity": "ratio" }]""", "has no range")]
    [InlineData("1", "\"expected\" is no list")]
    public void Recipes_that_claim_nothing_that_can_be_checked_are_refused(string expected, string message)
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run("verify", Write(folder, expected), "--output", folder["out"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder["out"]));
    }

    [Fact]
    public void Runs_stand_beside_each_other_in_a_table()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--quiet", "--output", folder["one"]]);
        Cli.Run([.. Cli.SmallRun, "--quiet", "--optimizer", "gd", "--output", folder["two"]]);

        var text = Cli.Run("compare", folder["one"], folder["two"]);
        var markdown = Cli.Run("compare", folder["one"], "--last", "1", "--markdown");

        Assert.Matches(@"^run +optimizer +η +ρ .*\none +sam +0\.1 +0\.02 .*\ntwo +gd +0\.1 +0 .* – +–\n$", text.Out);
        Assert.Matches(@"^\| run \| .* \|\n(\|---){12}\|\n\| one \| sam \|.*%? \|\n$", markdown.Out);
        Assert.Equal(2, Cli.Run("compare", folder["one"], "--last", "0").ExitCode);
        Assert.Equal(3, Cli.Run("compare", folder["three"]).ExitCode);
    }

    [Fact]
    public void An_estimate_says_how_long_the_whole_takes_and_makes_nothing()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRunOf(1000, 10), "--estimate", "--output", folder["out"]]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^demo: the whole would take about \d+:\d\d; ", result.Out);
        Assert.Matches(@"\n  steps +1000 of ", result.Out);
        Assert.Matches(@"\n  measurements +101 of .* s, \d+ products\n", result.Out);
        Assert.Empty(folder.Inventory());
    }

    [Fact]
    public void A_run_that_diverges_at_once_has_no_estimate()
    {
        var result = Cli.Run([.. Cli.SmallRun, "--activation", "identity", "--optimizer", "gd", "--step-size", "1e30", "--estimate"]);

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("Try a smaller --step-size", result.Error, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string expected) =>
        folder.Write("mine.json", System.Text.Encoding.UTF8.GetBytes($$"""{ "configuration": {{Configuration}}, "expected": {{expected}} }"""));
}
