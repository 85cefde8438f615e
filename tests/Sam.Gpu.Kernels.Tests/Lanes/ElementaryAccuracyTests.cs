using Xunit;

namespace Sam.Gpu.Kernels.Tests.Lanes;

public sealed class ElementaryAccuracyTests(ITestOutputHelper output)
{
    // What the library promises for every function on every device.
    private const double Bound = 4;

    // A prime, so that the patterns fall on all significands.
    private const int Stride = 997;

    private const int EachOfBinary64 = 100_000;

    [Fact]
    public void Exp_is_within_the_bound() => Check<ExpFunction>();

    [Fact]
    public void ExpM1_is_within_the_bound() => Check<ExpM1Function>();

    [Fact]
    public void Log_is_within_the_bound() => Check<LogFunction>();

    [Fact]
    public void Log1P_is_within_the_bound() => Check<Log1PFunction>();

    [Fact]
    public void Tanh_is_within_the_bound() => Check<TanhFunction>();

    [Fact]
    public void Sigmoid_is_within_the_bound() => Check<SigmoidFunction>();

    [Fact]
    public void Softplus_is_within_the_bound() => Check<SoftplusFunction>();

    [Fact]
    public void Erf_is_within_the_bound() => Check<ErfFunction>();

    [Fact]
    public void Erfc_is_within_the_bound() => Check<ErfcFunction>();

    [Fact]
    public void NormalCdf_is_within_the_bound() => Check<NormalCdfFunction>();

    [Fact]
    public void NormalDensity_is_within_the_bound() => Check<NormalDensityFunction>();

    private void Check<F>()
        where F : struct, IElementaryFunction
    {
        var binary32 = AccuracySweep<F>.OfBinary32(Stride);
        var binary64 = AccuracySweep<F>.OfBinary64(EachOfBinary64);
        output.WriteLine(binary32.ToString());
        output.WriteLine(binary64.ToString());
        Assert.True(binary32.WorstError <= Bound, binary32.ToString());
        Assert.True(binary64.WorstError <= Bound, binary64.ToString());
    }
}
