using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class PlotTests
{
    [Fact]
    public void The_figures_of_a_run_are_drawn_anew_from_its_tables()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["out"]]);
        string figures = Path.Combine(folder["out"], "figures");
        string before = File.ReadAllText(Path.Combine(figures, "ratio.svg"));
        Directory.Delete(figures, recursive: true);

        var result = Cli.Run("plot", folder["out"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(5, result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(File.Exists));
        Assert.Equal(before, File.ReadAllText(Path.Combine(figures, "ratio.svg")));
    }

    [Fact]
    public void The_figures_of_one_run_are_the_same_in_another_folder()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["out"]]);

        var result = Cli.Run("plot", folder["out"], "--output", folder["figures"]);

        Assert.Equal(0, result.ExitCode);
        string[] drawn = [.. Directory.GetFiles(folder["figures"]).Order()];
        Assert.Equal(5, drawn.Length);
        Assert.All(drawn, file =>
            Assert.Equal(File.ReadAllText(Path.Combine(folder["out"], "figures", Path.GetFileName(file))), File.ReadAllText(file)));
    }

    [Fact]
    public void Several_runs_lie_over_each_other_in_a_size_of_choice()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["one"]]);
        Cli.Run([.. Cli.SmallRun, "--optimizer", "gd", "--output", folder["two"]]);

        var result = Cli.Run("plot", folder["one"], folder["two"], "--output", folder["both"], "--size", "90x61.5");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("width=\"90mm\" height=\"61.5mm\"", File.ReadAllText(Path.Combine(folder["both"], "loss.svg")), StringComparison.Ordinal);
    }
}
