using System.Globalization;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

/// <summary>What only a process of its own shows.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_finishes_the_step_and_writes_the_files(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals");
        }

        using var folder = new TemporaryFolder();
        string[] arguments = [.. Cli.SmallRunOf(1_000_000_000, 1000), "--step-size", "0.01"];
        using var process = Cli.Start(folder.Path, arguments);

        // The line of the first measurement: training goes on.
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("step ", StringComparison.Ordinal))
        {
        }

        using var kill = Cli.StartProgram("kill", folder.Path, ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        var result = Cli.Finish(process);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains("interrupted: finishing the step", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("interrupted after ", result.Out, StringComparison.Ordinal);
        string run = folder["runs/demo"];
        Assert.Contains("\"status\": \"interrupted\"", File.ReadAllText(Path.Combine(run, "run.json")), StringComparison.Ordinal);
        Assert.All((string[])["metrics.csv", "spectrum.csv", "parameters.npz", "figures/loss.svg"], file => Assert.True(File.Exists(Path.Combine(run, file))));
        Assert.Empty(Directory.GetFiles(run, "*.part"));
        int steps = int.Parse(result.Out.Split(' ')[2], CultureInfo.InvariantCulture);
        Assert.Equal(steps + 1, File.ReadLines(Path.Combine(run, "metrics.csv")).Count());
    }

    [Fact]
    public void Redirected_output_has_no_escapes_and_the_language_changes_no_number()
    {
        using var folder = new TemporaryFolder();
        using var process = Cli.Start(folder.Path, [.. Cli.SmallRun, "--step-size", "0.05"], ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"), ("TERM", "xterm-256color"));
        var result = Cli.Finish(process);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Out + result.Error);
        Assert.Contains("η=0.05 ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"step-size\": 0.05,", File.ReadAllText(folder["runs/demo/run.json"]), StringComparison.Ordinal);
        Assert.Matches(@"mean of λ₁/SAM-edge, last quarter of measurements: \d\.\d{3}\n", result.Out);
        Assert.Contains("files in runs/demo:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_the_exit_code_of_the_process_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        using var process = Cli.Start(folder.Path, ["run", "deno"]);
        var result = Cli.Finish(process);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("samgpu: error: Unknown recipe 'deno'. Did you mean 'demo'?", result.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Inventory());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public void On_a_screen_the_run_is_drawn_live_and_the_cursor_comes_back(string? noColor, bool isColored)
    {
        using var folder = new TemporaryFolder();
        string command = $"dotnet '{Cli.Program}' {string.Join(' ', Cli.SmallRun)}";
        CliResult? result = null;
        try
        {
            // script (util-linux) lends the command a terminal.
            using var process = Cli.StartProgram(
                "script", folder.Path, ["-qec", command, "/dev/null"], ("TERM", "xterm-256color"), ("NO_COLOR", noColor));
            result = Cli.Finish(process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no 'script', which lends a command a terminal");
        }

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("⠒⠒ λ₁", result.Out, StringComparison.Ordinal);
        Assert.Contains(" 20/20 100 %", result.Out, StringComparison.Ordinal);
        Assert.Equal(isColored, result.Out.Contains("\u001b[38;5;", StringComparison.Ordinal));
        Assert.True(
            result.Out.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) > result.Out.LastIndexOf("\u001b[?25l", StringComparison.Ordinal),
            "the cursor stays hidden");
        Assert.Contains("completed 20 of 20 steps.", result.Out, StringComparison.Ordinal);
    }
}
