using Sam.Gpu.Checks;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Checks;

public sealed class DeviceCheckTests
{
    private static readonly CheckOptions Brief = new() { IsThorough = false };

    /// <summary>Those of every machine, a kind each, and the machine's own.</summary>
    public static TheoryData<string> Keys() =>
    [
        "cpu float 2 threads", "cpu double 1 thread", "simd256 float", "simd512 double",
        "emulated float groups of 4", "emulated double groups of 1",
        .. TestDevices.Keys().Select(row => row.Data).Where(IsOwn),
    ];

    [Theory, MemberData(nameof(Keys))]
    public void Every_row_of_a_sound_device_passes(string key)
    {
        using var device = TestDevices.Create(key);

        var result = DeviceCheck.Run(device, Brief);

        // A machine's own device may use what OpenCL allows.
        Assert.All(
            result.Rows,
            row => Assert.True(row.Verdict == CheckVerdict.Passed || (IsOwn(key) && row.Verdict == CheckVerdict.Tolerated), $"{row}"));
        Assert.All(
            result.Rows,
            row => Assert.True(row.Compared > 0 && (row.WorstError <= row.Allowed || row.Verdict == CheckVerdict.Tolerated), $"{row}"));
        Assert.InRange(result.Rows.Count, 100, 200);
        Assert.Equal(DeviceCheck.Repetition, result.Rows[^1].Name);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Other_seeds_pass_as_well(ulong seed)
    {
        using var device = CpuDevice.Create(Precision.Float, 2);

        Assert.Empty(DeviceCheck.Run(device, Brief with { Seed = seed }).Failures);
    }

    [Fact]
    public void The_same_seed_finds_the_same()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);

        Assert.Equal(DeviceCheck.Run(device, Brief).Rows, DeviceCheck.Run(device, Brief).Rows);
    }

    [Fact]
    public void Biased_products_fail_in_their_rows_alone()
    {
        var result = Check(Spoilage.BiasedProducts);

        Assert.All(result.Failures, row => Assert.StartsWith("product", row.Name, StringComparison.Ordinal));
        Assert.Contains(result.Failures, row => row.Name == "product 8×8 by 8×8");
        Assert.Contains(
            result.Failures, row => row.Name == "product, accumulated" && row.Worst.Contains(", not ", StringComparison.Ordinal));
    }

    [Fact]
    public void Quotients_that_OpenCL_allows_are_tolerated_and_say_so()
    {
        var result = Check(Spoilage.InexactQuotients);

        var row = Assert.Single(result.Rows, row => row.Name == "a / b");
        Assert.Equal(CheckVerdict.Tolerated, row.Verdict);
        Assert.InRange(row.WorstError, 1, 2.5);
        Assert.Contains("OpenCL allows 2.5 ulp", row.Note, StringComparison.Ordinal);
        Assert.Empty(result.Failures);
    }

    [Fact]
    public void Quotients_beyond_that_fail()
    {
        var failure = Check(Spoilage.WrongQuotients).Failures[0];

        Assert.Equal("a / b", failure.Name);

        // Six steps, or up to twelve ulp where the steps become larger.
        Assert.InRange(failure.WorstError, 5.5, 12.5);
        Assert.StartsWith("at ", failure.Worst, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_subnormal_numbers_is_tolerated_in_their_rows_alone()
    {
        var result = Check(Spoilage.NoSubnormals);

        Assert.Empty(result.Failures);
        var tolerated = result.Rows.Where(row => row.Verdict == CheckVerdict.Tolerated).ToList();
        Assert.All(tolerated, row => Assert.EndsWith(", subnormal", row.Name, StringComparison.Ordinal));
        Assert.All(
            (string[])["exp", "log", "a · b", "c where a < b"],
            name => Assert.Contains(tolerated, row => row.Name == $"{name}, subnormal"));
        Assert.All(tolerated, row => Assert.Contains("subnormal numbers for zero", row.Note, StringComparison.Ordinal));
    }

    [Fact]
    public void Sums_that_change_from_run_to_run_fail()
    {
        var failure = Assert.Single(Check(Spoilage.ChangingSums).Failures, row => row.Name == DeviceCheck.Repetition);

        Assert.Contains("column sums", failure.Worst, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_are_measured_on_arrays_that_are_large_enough()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);

        var rates = DeviceRates.Measure(device);

        Assert.True(rates.Copy.Bytes >= 1 << 20 && rates.Scale.Bytes >= 1 << 20 && rates.Side >= 64, $"{rates}");
        Assert.All((double[])[rates.Copy.Rate, rates.Scale.Rate, rates.MatrixRate], rate => Assert.InRange(rate, 1e6, 1e15));
    }

    private static bool IsOwn(string key) => TestDevices.Own.Any(name => key.StartsWith($"{name} ", StringComparison.Ordinal));

    private static CheckResult Check(Spoilage spoilage)
    {
        using var device = SpoiltDevice.Create(spoilage);
        return DeviceCheck.Run(device, Brief);
    }
}
