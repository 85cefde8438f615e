using Xunit;

namespace Sam.Gpu.Ilgpu.Tests;

/// <summary>Without ILGPU there are no devices of it, and the reason is given.</summary>
public sealed class MissingTests
{
    [Fact]
    public void It_gives_no_device_and_says_why_and_how_to_try_again()
    {
        var provider = new IlgpuProvider();

        Assert.Empty(provider.List());
        Assert.Contains("ILGPU", provider.Missing, StringComparison.Ordinal);
        Assert.Contains("tools/packages", provider.Missing, StringComparison.Ordinal);
    }
}
