using System.Globalization;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class ResumeTests
{
    // Long enough to be killed in, and to have time for checkpoints; short enough to wait for.
    private static readonly string[] LongRun = [.. Cli.SmallRunOf(20_000, 1000), "--step-size", "0.01", "--figures", "none", "--checkpoint-every", "500"];

    [Fact]
    public void A_process_that_was_killed_goes_on_to_the_same_bits()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no 'kill'");
        }

        using var folder = new TemporaryFolder();
        Assert.Equal(0, Cli.Run([.. LongRun, "--output", folder["whole"]]).ExitCode);
        using (var process = Cli.Start(folder.Path, [.. LongRun, "--output", "run"]))
        {
            // Some time behind the first checkpoint, wherever the process then is.
            while (!File.Exists(folder["run/checkpoint.npz"]) && !process.HasExited)
            {
                Thread.Sleep(1);
            }

            Thread.Sleep(20);
            process.Kill();
            Assert.Equal(137, Cli.Finish(process).ExitCode);
        }

        Assert.True(File.Exists(folder["run/metrics.csv.part"]));
        var result = Cli.Run("run", "--resume", folder["run"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("continued from step [0-9]+00\n", result.Error);
        AssertSame(folder["whole"], folder["run"]);
    }

    [Fact]
    public void A_process_that_was_interrupted_says_how_to_continue_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals");
        }

        using var folder = new TemporaryFolder();
        using var process = Cli.Start(folder.Path, [.. Cli.SmallRunOf(1_000_000_000, 500), "--step-size", "0.01", "--figures", "none"]);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("step ", StringComparison.Ordinal))
        {
        }

        using var kill = Cli.StartProgram("kill", folder.Path, ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        var result = Cli.Finish(process);

        Assert.Equal(143, result.ExitCode);
        Assert.Contains("To continue: samgpu run --resume runs/demo\n", result.Out, StringComparison.Ordinal);
        int taken = int.Parse(result.Out.Split(' ')[2], CultureInfo.InvariantCulture);
        string steps = (taken + 700).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(0, Cli.Run("run", "--resume", folder["runs/demo/run.json"], "--steps", steps, "--figures", "none").ExitCode);
        Cli.Run([.. Cli.SmallRunOf(taken + 700, 500), "--step-size", "0.01", "--figures", "none", "--output", folder["whole"]]);
        AssertSame(folder["whole"], folder["runs/demo"]);
    }

    [Theory]
    [InlineData("demo --resume RUN", "RECIPE 'demo' and --resume")]
    [InlineData("--resume RUN --output elsewhere", "--output 'elsewhere' and --resume")]
    [InlineData("--resume RUN --name other", "--name 'other' and --resume")]
    [InlineData("--resume RUN --steps 30 --estimate", "--estimate and --resume exclude each other")]
    [InlineData("--resume RUN --set rho=0.5", "--rho 0.5")]
    [InlineData("--resume RUN", "has taken 20 steps. Give more of them with --steps.")]
    public void What_contradicts_the_run_is_exit_code_2(string words, string message)
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--figures", "none", "--output", folder["run"]]);
        var before = folder.Inventory();

        var result = Cli.Run(["run", .. words.Replace("RUN", folder["run"], StringComparison.Ordinal).Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Inventory());
    }

    [Fact]
    public void A_dry_run_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--figures", "none", "--output", folder["run"]]);
        var before = folder.Inventory();

        var result = Cli.Run("run", "--resume", folder["run"], "--steps", "50", "--dry-run");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"\n  steps +50\n", result.Out);
        Assert.Equal(before, folder.Inventory());
    }

    [Fact]
    public void A_disk_that_has_no_room_for_a_checkpoint_is_exit_code_3_and_takes_the_other_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such limit");
        }

        // 6 blocks are 3 or 6 KiB, as the shell has it: what 3 steps leave fits, but for the vectors of the eigensolver.
        using var folder = new TemporaryFolder();
        string[] arguments = [.. Cli.SmallRunOf(3, 1000).Select(word => word == "mlp:8" ? "mlp:40" : word), "--figures", "none", "--output", "run"];
        string script = $"ulimit -f 6; exec dotnet '{Cli.Program}' {string.Join(' ', arguments)}";
        using var process = Cli.StartProgram("sh", folder.Path, ["-c", script], ("DOTNET_EnableWriteXorExecute", "0"));
        var result = Cli.Finish(process);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("checkpoint.npz", result.Error, StringComparison.Ordinal);
        Assert.Contains("larger than a quota", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["run"], "*.tmp"));
        Assert.All((string[])["metrics.csv", "spectrum.csv", "parameters.npz"], file => Assert.True(File.Exists(folder[$"run/{file}"])));
        Assert.Contains("\"status\": \"completed\"", File.ReadAllText(folder["run/run.json"]), StringComparison.Ordinal);
    }

    private static void AssertSame(string whole, string parts)
    {
        foreach (string table in (string[])["metrics.csv", "spectrum.csv"])
        {
            Assert.Equal(Cli.WithoutTime(Path.Combine(whole, table)), Cli.WithoutTime(Path.Combine(parts, table)));
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "parameters.npz")), File.ReadAllBytes(Path.Combine(parts, "parameters.npz")));
    }
}
