using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class EvaluateTests
{
    [Fact]
    public void A_linear_map_has_the_numbers_that_are_worked_out_by_hand()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = Prepare(folder);
        NumpyArchive.Write(folder["v.npz"], [new("0.weight", NumpyArray.Of([1.0], 1, 1, 1)), new("0.bias", NumpyArray.Of([0.0], 1, 1))]);

        var result = Cli.Run([.. arguments, "--directions", folder["v.npz"], "--eigenvalues", "1"]);

        // Outputs 2x + 1 for x = 1 and 3, targets 0: ½ (3² + 7²) / 2 = 14.5; the Hessian is [[5, 2], [2, 1]] with the top 3 + √8.
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("loss: 14.5\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"eigenvalue 1: 5\.8284271247\d* ± ", result.Out);
        using var output = NumpyArchive.Open(folder["o.npz"]);
        Assert.Equal([5.0], output.Read("hvp/0.weight").ToDoubles());
        Assert.Equal([2.0], output.Read("hvp/0.bias").ToDoubles());
        Assert.Equal([12.0], output.Read("gradient/0.weight").ToDoubles());
    }

    [Fact]
    public void An_output_that_exists_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = Prepare(folder);
        folder.Write("o.npz", 1, 2, 3);
        var before = folder.Inventory();

        var result = Cli.Run(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(folder["o.npz"], result.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Inventory());
    }

    [Theory]
    [InlineData("--eigenvalues", "0")]
    [InlineData("--eigenvalues", "1.5")]
    [InlineData("--precision", "half")]
    public void Its_keys_are_read_as_those_of_a_run(string option, string value)
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Prepare(folder), option, value]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"samgpu: error: {option} '{value}' is not allowed", result.Error, StringComparison.Ordinal);
    }

    private static string[] Prepare(TemporaryFolder folder)
    {
        NumpyArchive.Write(folder["p.npz"], [new("0.weight", NumpyArray.Of([2.0], 1, 1)), new("0.bias", NumpyArray.Of([1.0], 1))]);
        NumpyArchive.Write(folder["d.npz"], [new("x", NumpyArray.Of([1.0, 3.0], 2, 1)), new("y", NumpyArray.Of([0.0, 0.0], 2, 1))]);
        return
        [
            "evaluate", "--network", "mlp:", "--activation", "identity", "--loss", "half-squared-error", "--parameters", folder["p.npz"],
            "--inputs", folder["d.npz"], "--output", folder["o.npz"],
        ];
    }
}
