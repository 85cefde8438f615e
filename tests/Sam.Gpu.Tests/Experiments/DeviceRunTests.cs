using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>A short main job measures the same on every device of the machine as on the CPU.</summary>
public sealed class DeviceRunTests
{
    public static TheoryData<string> Names => [.. TestDevices.Own.Prepend("cpu")];

    [Theory, MemberData(nameof(Names))]
    public void A_run_in_double_is_the_same_to_nine_digits(string device)
    {
        Assert.SkipUnless(TestDevices.Catalog.Find(device).SupportsDouble, $"{device} does not compute in double");

        // Rounding differs in the last bits and grows along 20 steps by far less than 10⁶: the run is short of the edge, where it is chaotic.
        AssertSameRun(device, "double", 1e-9, 1e-9);
    }

    // Rounding of float, 6e-8, the norm of a gradient, and 20 steps; eigenvalues are measured to a residual of 1e-3.
    [Theory, MemberData(nameof(Names))]
    public void A_run_in_float_is_the_same_to_three_digits(string device) => AssertSameRun(device, "float", 1e-4, 1e-3);

    private static void AssertSameRun(string device, string precision, double lossTolerance, double eigenvalueTolerance)
    {
        string settings = $"network=mlp:20 steps=20 measure-every=20 eigenvalues=1 precision={precision}";
        var expected = RecipeRun.Of("chebyshev", settings);
        var summary = RecipeRun.Of("chebyshev", $"{settings} device={device}");

        Assert.Equal(expected.Measurements.Count, summary.Measurements.Count);
        foreach (var (here, there) in expected.Measurements.Zip(summary.Measurements))
        {
            Near.Number(here.Loss, there.Loss, lossTolerance * here.Loss, "loss");
            Near.Numbers([.. here.Eigenvalues], [.. there.Eigenvalues], eigenvalueTolerance * here.Eigenvalues[0], "eigenvalue");
            Near.Number(here.SamEdge, there.SamEdge, eigenvalueTolerance * here.SamEdge, "SAM edge");
        }
    }
}
