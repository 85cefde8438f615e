using Sam.Gpu.Cli.Commands;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class CheckTests
{
    [Fact]
    public void A_sound_device_has_a_table_of_rows_rates_and_exit_code_0()
    {
        var result = Run(new SoundProvider());

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^device +ilgpu-cpu, stand-in\ndriver +test 1\nprecision +float\nproducts +portable\nseed +7\n\n", result.Out);
        Assert.Matches(@"\nwhat +compared +worst error \(ulp\) +allowed +verdict\n", result.Out);
        Assert.Matches(@"\nexp +\d+ +[\d.]+ +4\.000 +ok\n", result.Out);
        Assert.Matches(@"\nproduct 8×8 by 8×8 +\d+ +[\d.]+ +4\.000 +ok\n", result.Out);
        Assert.Matches(@"\ncopy bandwidth +[\d.]+ GB/s +copy of [\d.]+ MiB\n +[\d.]+ GB/s +kernel that scales", result.Out);
        Assert.Matches(@"\nmatrix rate +[\d.]+ GFLOP/s +\d+×\d+ by \d+×\d+\n", result.Out);
        Assert.Matches(@"\nall \d+ checks passed\n$", result.Out);
        Assert.StartsWith("checking elementary functions…\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_with_wrong_products_is_exit_code_4_and_names_the_rows()
    {
        var result = Run(new SpoiltProvider());

        Assert.Equal(4, result.ExitCode);
        Assert.Matches(@"\nproduct 8×8 by 8×8 +\d+ +[\d.]+ +4\.000 +FAILED\n", result.Out);
        Assert.Matches(@"\nfailed: product 8×8 by 8×8: 8×8 by 8×8.*, number \d+ of 64: [-\d.]+, not [-\d.]+\n", result.Out);
        Assert.Matches(@"\n\d+ of \d+ checks failed\n$", result.Out);
    }

    [Theory]
    [InlineData("gpu", 2, "Unknown device 'gpu'")]
    [InlineData("cpu:1", 2, "--device cpu:1 is not allowed")]
    [InlineData("cuda:99", 4, "--device cuda:99: ")]
    public void A_device_that_is_not_there_is_an_error(string device, int code, string message)
    {
        var result = Cli.Run("check", "--device", device);

        Assert.Equal(code, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.StartsWith($"samgpu: error: {message}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--precision", "half")]
    [InlineData("--seed", "-1")]
    public void A_value_that_is_not_allowed_is_exit_code_2(string option, string value)
    {
        var result = Cli.Run("check", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"samgpu: error: {option} '{value}' is not allowed", result.Error, StringComparison.Ordinal);
    }

    private static CliResult Run(IDeviceProvider provider)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var command = CheckCommand.Create(new DeviceCatalog(provider), new Terminal(output, error));
        int code = command.Parse(["--device", "ilgpu-cpu", "--seed", "7"]).Invoke();
        return new CliResult(code, output.ToString(), error.ToString());
    }

    // They stand in for the device that is checked on few numbers.
    private class SoundProvider : IDeviceProvider
    {
        public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.IlgpuCpu];

        public string? Missing => null;

        public IReadOnlyList<DeviceDescription> List() =>
        [
            new DeviceDescription
            {
                Id = "ilgpu-cpu",
                Kind = DeviceKind.IlgpuCpu,
                Name = "stand-in",
                Memory = 1 << 30,
                Driver = "test 1",
                SupportsDouble = true,
            },
        ];

        public virtual Device Create(DeviceDescription description, DeviceOptions options) => CpuDevice.Create(options.Precision, 2);
    }

    private sealed class SpoiltProvider : SoundProvider
    {
        public override Device Create(DeviceDescription description, DeviceOptions options) => SpoiltDevice.Create(Spoilage.BiasedProducts);
    }
}
