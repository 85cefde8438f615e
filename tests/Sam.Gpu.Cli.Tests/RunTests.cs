using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class RunTests
{
    private static readonly string[] Files =
    [
        "checkpoint.npz",
        "figures/alignments.svg", "figures/eigenvalues-sam-edge.svg", "figures/eigenvalues.svg", "figures/loss.svg", "figures/ratio.svg",
        "metrics.csv", "parameters.npz", "run.json", "spectrum.csv",
    ];

    [Fact]
    public void The_summary_says_how_it_ended_and_names_every_file()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--output", folder["out"]]);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("completed 20 of 20 steps.", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"λ₁: \d+\.\d+ ± ", result.Out);
        Assert.Matches(@"mean of λ₁/SAM-edge, last half of measurements: \d+\.\d{3}\n", result.Out);
        Assert.Matches(@"mean of λ₁/SAM-edge, last quarter of measurements: \d+\.\d{3}\n", result.Out);
        Assert.Contains("measurements: 5\n", result.Out, StringComparison.Ordinal);
        Assert.Equal(Files, FilesBelow(folder["out"]));
        Assert.All(Files, file => Assert.Contains($"    {file}\n", result.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gd", "λ₁/(2/η)")]
    [InlineData("polyak", "λ₁/Polyak-edge")]
    [InlineData("nesterov", "λ₁/Nesterov-edge")]
    [InlineData("sam-unnormalised", "λ₁/SAM-edge")]
    public void Every_optimizer_has_its_edge_named(string optimizer, string ratio)
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--optimizer", optimizer, "--output", folder["out"]]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"mean of {ratio}, last quarter", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_progress_is_few_lines_without_escapes_on_standard_error()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRunOf(500, 1), "--output", folder["out"]]);

        Assert.InRange(result.Error.Split('\n').Length, 20, 25);
        Assert.Contains("step 500/500  loss ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error + result.Out);
    }

    [Fact]
    public void Quiet_shows_the_summary_alone()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--quiet", "--output", folder["out"]]);

        Assert.Empty(result.Error);
        Assert.StartsWith("completed", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_come_before_set_and_set_before_the_recipe_and_that_before_defaults()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write(
            "mine.json",
            """{ "configuration": { "data": "chebyshev-5-20", "network": "mlp:4", "rho": 0.2, "step-size": 0.2, "steps": 7 } }"""u8.ToArray());

        var result = Cli.Run("run", recipe, "--set", "rho=0.3", "--rho", "0.4", "--set", "step-size=0.3", "--dry-run");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("mine:", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  rho +0\.4\n", result.Out);
        Assert.Matches(@"\n  step-size +0\.3\n", result.Out);
        Assert.Matches(@"\n  steps +7\n", result.Out);
        Assert.Matches(@"\n  eigenvalues +3\n", result.Out);
    }

    [Fact]
    public void A_dry_run_shows_the_plan_and_makes_nothing()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Cli.SmallRun, "--dry-run", "--output", folder["out"]]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"parameters +25\n", result.Out);
        Assert.Matches(@"examples +20\n", result.Out);
        Assert.Matches(@"measurements +5\n", result.Out);
        Assert.Contains(folder["out"], result.Out, StringComparison.Ordinal);
        Assert.Empty(folder.Inventory());
    }

    [Fact]
    public void A_dry_run_into_a_folder_that_exists_says_so()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(2, Cli.Run([.. Cli.SmallRun, "--dry-run", "--output", folder.Path]).ExitCode);
    }

    [Theory]
    [InlineData("--optimizer gd --rho 0.1", "--rho")]
    [InlineData("--optimizer gd --set momentum=0.5", "--momentum")]
    [InlineData("--optimizer sam --momentum 0.5", "--momentum")]
    [InlineData("--optimizer polyak --base-optimizer nesterov", "--base-optimizer")]
    public void What_means_nothing_to_the_optimizer_is_noted(string options, string name)
    {
        var result = Cli.Run([.. Cli.SmallRun, "--dry-run", .. options.Split(' ')]);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"samgpu: note: {name} has no effect", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_run_that_diverges_keeps_what_was_measured_and_ends_with_5()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run(
            [.. Cli.SmallRunOf(500, 5), "--activation", "identity", "--optimizer", "gd", "--step-size", "100", "--output", folder["out"]]);

        Assert.Equal(5, result.ExitCode);
        Assert.StartsWith("diverged at step ", result.Out, StringComparison.Ordinal);
        Assert.Equal(Files.Where(file => file != "checkpoint.npz"), FilesBelow(folder["out"]));
        Assert.True(File.ReadAllLines(Path.Combine(folder["out"], "metrics.csv")).Length > 2);
        Assert.True(File.ReadAllLines(Path.Combine(folder["out"], "spectrum.csv")).Length > 1);
        Assert.Equal("diverged", Json(folder["out"])["status"]!.GetValue<string>());
    }

    [Fact]
    public void The_file_that_a_run_leaves_runs_it_again_to_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--optimizer", "sgd", "--batch-size", "7", "--seed", "5", "--name", "first", "--output", folder["one"]]);

        var result = Cli.Run("run", Path.Combine(folder["one"], "run.json"), "--output", folder["two"]);

        Assert.Equal(0, result.ExitCode);
        AssertSameTables(folder["one"], folder["two"]);
        Assert.Equal("first", Json(folder["two"])["name"]!.GetValue<string>());
        Assert.StartsWith("samgpu run --data chebyshev-5-20 ", Json(folder["one"])["command"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_threads_changes_no_number()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["run", "--steps", "30", "--measure-every", "10"];
        Cli.Run([.. arguments, "--threads", "1", "--output", folder["one"]]);
        Cli.Run([.. arguments, "--threads", "2", "--output", folder["two"]]);

        AssertSameTables(folder["one"], folder["two"]);
    }

    [Fact]
    public void A_decimal_point_is_one_in_a_country_of_commas()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = german;
            var result = Cli.Run([.. Cli.SmallRun, "--step-size", "0.05", "--set", "rho=0.25", "--dry-run"]);

            Assert.Matches(@"\n  step-size +0\.05\n", result.Out);
            Assert.Matches(@"\n  rho +0\.25\n", result.Out);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertSameTables(string first, string second)
    {
        foreach (string table in (string[])["metrics.csv", "spectrum.csv"])
        {
            Assert.Equal(Cli.WithoutTime(Path.Combine(first, table)), Cli.WithoutTime(Path.Combine(second, table)));
        }
    }

    private static JsonNode Json(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!;

    private static string[] FilesBelow(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];
}
