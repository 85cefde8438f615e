using Sam.Gpu.Experiments;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void The_help_of_run_tells_of_every_key_with_its_meaning_and_its_value()
    {
        var help = Cli.Run("run", "--help").Out;

        Assert.All(ConfigurationKey.All, key => Assert.Contains($"--{key.Name} {key.Placeholder}", help, StringComparison.Ordinal));
        string joined = string.Join(' ', help.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(ConfigurationKey.All, key => Assert.Contains(key.Description, joined, StringComparison.Ordinal));
        Assert.Contains("--step-size X step size η > 0 [0.1]", joined, StringComparison.Ordinal);
        Assert.Contains("Sharpness-Aware Minimization and the Edge of Stability", joined, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("plot")]
    [InlineData("evaluate")]
    [InlineData("spectrum")]
    [InlineData("list")]
    [InlineData("devices")]
    [InlineData("check")]
    public void The_help_of_every_command_has_an_example_and_fits_the_screen(string command)
    {
        var result = Cli.Run(command, "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Matches(@"Examples?:\n  samgpu " + command, result.Out);
        Assert.All(result.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains($"  {command} ", Cli.Run("--help").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_arguments_there_is_the_overview()
    {
        var result = Cli.Run();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Cli.Run("--help"), result);
        Assert.StartsWith("Trains networks", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_names_the_commit()
    {
        var result = Cli.Run("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^samgpu \d+\.\d+\.\d+ \((unknown|[0-9a-f]{40}(-dirty)?)\)\n$", result.Out);
    }
}
