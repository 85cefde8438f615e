using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class ListTests
{
    [Theory]
    [InlineData(
        "recipes", "demo", "chebyshev", "mnist-mlp", "mnist-mlp-small", "cifar10-cnn", "cifar10-cnn-small", "shakespeare-transformer",
        "shakespeare-transformer-small")]
    [InlineData("networks", "mlp:W1-W2-…", "cnn:C1-C2-…", "transformer:KEY=N,…")]
    [InlineData("activations", "identity", "relu", "tanh", "hardtanh", "sigmoid", "softplus", "elu", "swish", "gelu", "gelu-tanh")]
    [InlineData("losses", "mse", "half-squared-error", "cross-entropy")]
    [InlineData("initializations", "pytorch", "glorot-normal[:GAIN-…]", "normal:S[-…]")]
    [InlineData("optimizers", "gd", "sgd", "polyak", "nesterov", "adam", "gradient-flow", "sam", "sam-unnormalised", "k-sam", "mesa")]
    [InlineData("data", "mnist", "mnist:DIR", "npz:FILE", "gaussian-classes")]
    [InlineData("keys", "step-size", "rho", "data", "seed")]
    public void Every_list_is_a_name_a_line_in_a_column(string kind, params string[] names)
    {
        var result = Cli.Run("list", kind);

        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Out.TrimEnd('\n').Split('\n');
        Assert.Subset(lines.Select(line => line.Split(' ')[0]).ToHashSet(), names.ToHashSet());
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void Devices_says_what_the_processor_can()
    {
        var result = Cli.Run("devices");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^cpu\n  name +.+\n  kind +processor\n", result.Out);
        Assert.Matches(@"\n  memory +[\d.]+ GiB\n", result.Out);
    }

    [Fact]
    public void Devices_says_what_the_program_was_built_without_and_how_to_try_again()
    {
        var result = Cli.Run("devices");

        Assert.All(OptionalPackages.Missing, missing => Assert.Contains(missing, result.Out, StringComparison.Ordinal));
        Assert.All(OptionalPackages.Missing, missing => Assert.EndsWith("run tools/packages to try again", missing, StringComparison.Ordinal));
    }
}
