using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class SpectrumTests
{
    [Fact]
    public void A_linear_map_has_the_numbers_that_are_worked_out_by_hand()
    {
        using var folder = new TemporaryFolder();

        var result = Cli.Run([.. Prepare(folder), "--eigenvalues", "1", "--output", folder["out"], "--rho", "0.1"]);

        // Outputs 2x + 1 for x = 1 and 3, targets 0: the gradient is (12, 5), the Hessian [[5, 2], [2, 1]] with the eigenvalues 3 ± √8.
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"largest 1 +5\.828 ", result.Out);
        Assert.Matches(@"smallest 1 +0\.1716 ", result.Out);
        Assert.Matches(@"gradient norm +13\.00", result.Out);
        Assert.Matches(@"trace by Hutch\+\+ +6\.000 ± 0\.000 ", result.Out);
        Assert.Contains("1 within 0.001", result.Out, StringComparison.Ordinal);
        Assert.Contains("agrees", result.Out, StringComparison.Ordinal);
        Assert.Contains("whole: eigenvalues", result.Error, StringComparison.Ordinal);
        using var output = NumpyArchive.Open(Path.Combine(folder["out"], "spectrum.npz"));

        // The top eigenvector is along (2, √8 − 2); its cosine with the gradient by plain arithmetic.
        double y = Math.Sqrt(8) - 2;
        double cosine = ((12 * 2) + (5 * y)) / (13 * Math.Sqrt(4 + (y * y)));
        Assert.Equal(cosine, output.Read("whole/gradient_cosines").ToDoubles().Single(), 1e-9);
        Assert.Equal(1, output.Read("whole/density_mass").ToDoubles().Single(), 1e-3);
        Assert.Equal(3, output.Read("whole/density_mean").ToDoubles().Single(), 1e-3);
    }

    [Fact]
    public void The_end_of_a_run_is_measured_whole_and_by_layer()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["run"]]);

        var result = Cli.Run(
            "spectrum", folder["run"], "--layer", "whole", "--layer", "each", "--matrix", "gauss-newton", "--quiet", "--lanczos-runs", "3",
            "--lanczos-steps", "5", "--trace-products", "12", "--size", "double");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Contains("Gauss-Newton matrix of half-squared-error, 25 parameters", result.Out, StringComparison.Ordinal);
        Assert.Contains("\n0: 16 parameters\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\n2: 9 parameters\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("|cos(g_SAM, v)|", result.Out, StringComparison.Ordinal);
        Assert.Contains("SAM edge", result.Out, StringComparison.Ordinal);
        string figures = Path.Combine(folder["run"], "spectrum", "figures");
        Assert.Contains("width=\"174mm\"", File.ReadAllText(Path.Combine(figures, "densities.svg")), StringComparison.Ordinal);
        Assert.Contains("samgpu spectrum",
            File.ReadAllText(Path.Combine(folder["run"], "spectrum", "spectrum.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--layer 1", "Layer '1' has no parameters")]
    [InlineData(2, "--layer 0.wieght", "Did you mean '0.weight'?")]
    [InlineData(2, "--matrix hesian", "Did you mean 'hessian'?")]
    [InlineData(2, "--width 0", "--width '0'")]
    [InlineData(2, "--lanczos-runs 1", "--lanczos-runs '1'")]
    [InlineData(2, "--trace-products 5.5", "--trace-products '5.5'")]
    [InlineData(2, "--eigenvalues 0", "--eigenvalues '0'")]
    [InlineData(2, "--network mlp:8", "a run brings its own")]
    [InlineData(2, "--figures gif", "gif")]
    [InlineData(2, "--lanczos-step 5", "Did you mean '--lanczos-steps'?")]
    public void What_is_not_allowed_is_said_in_a_line_and_nothing_is_written(int code, string words, string expected)
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["run"]]);
        var before = folder.Inventory();

        var result = Cli.Run(["spectrum", folder["run"], "--quiet", .. words.Split(' ')]);

        Assert.Equal(code, result.ExitCode);
        Assert.StartsWith("samgpu: error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, folder.Inventory());
    }

    [Fact]
    public void A_run_without_parameters_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        Cli.Run([.. Cli.SmallRun, "--output", folder["run"]]);
        File.Delete(Path.Combine(folder["run"], "parameters.npz"));

        var result = Cli.Run("spectrum", folder["run"]);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("no parameters.npz", result.Error, StringComparison.Ordinal);
    }

    private static string[] Prepare(TemporaryFolder folder)
    {
        NumpyArchive.Write(folder["p.npz"], [new("0.weight", NumpyArray.Of([2.0], 1, 1)), new("0.bias", NumpyArray.Of([1.0], 1))]);
        NumpyArchive.Write(folder["d.npz"], [new("x", NumpyArray.Of([1.0, 3.0], 2, 1)), new("y", NumpyArray.Of([0.0, 0.0], 2, 1))]);
        return
        [
            "spectrum", "--network", "mlp:", "--activation", "identity", "--loss", "half-squared-error", "--parameters", folder["p.npz"],
            "--inputs", folder["d.npz"],
        ];
    }
}
