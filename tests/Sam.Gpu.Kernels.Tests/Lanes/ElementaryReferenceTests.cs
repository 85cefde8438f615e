using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.Lanes;

public sealed class ElementaryReferenceTests
{
    /// <summary>
    /// Function, argument, high and low part and exponent of the value, computed with mpmath 1.3 (400 digits) and split with
    /// <c>high = float(v); low = float(v - high)</c> after <c>v = ldexp(value, -exponent)</c>.
    /// </summary>
    public static TheoryData<string, double, double, double, int> Golden => new()
    {
        { nameof(ElementaryReference.Exp), 0.001, 1.0010005001667084, -4.290842058948394E-17, 0 },
        { nameof(ElementaryReference.Exp), 0.3, 1.3498588075760032, -9.447314673432387E-17, 0 },
        { nameof(ElementaryReference.Exp), -0.7, 0.4965853037914095, 9.827550225511106E-18, 0 },
        { nameof(ElementaryReference.Exp), 1.0, 2.718281828459045, 1.4456468917292502E-16, 0 },
        { nameof(ElementaryReference.Exp), -20.25, 1.6052280551856116E-09, -3.657643988865463E-26, 0 },
        { nameof(ElementaryReference.Exp), 100.5, 0.9936788816675761, -1.3699326857789564E-17, 145 },
        { nameof(ElementaryReference.Exp), 700.1, 0.5107885626617487, -4.964279066000486E-17, 1011 },
        { nameof(ElementaryReference.Exp), -744.5, 0.9418322690261121, -3.7188757790608865E-17, -1074 },
        { nameof(ElementaryReference.ExpM1), 1E-100, 0.8749002899132048, 4.374501449566024E-101, -332 },
        { nameof(ElementaryReference.ExpM1), 1E-09, 1.0000000005000001E-09, -7.443897403844588E-26, 0 },
        { nameof(ElementaryReference.ExpM1), -0.2, -0.18126924692201815, 8.381141526439973E-19, 0 },
        { nameof(ElementaryReference.ExpM1), 0.34, 0.4049475905635938, 2.4494021305886566E-17, 0 },
        { nameof(ElementaryReference.ExpM1), -0.36, -0.3023236739289689, -1.6716174555575517E-17, 0 },
        { nameof(ElementaryReference.ExpM1), 2.5, 11.182493960703473, 2.0334002173348147E-16, 0 },
        { nameof(ElementaryReference.ExpM1), -30.0, -0.9999999999999064, -1.557128749895031E-17, 0 },
        { nameof(ElementaryReference.ExpM1), 300.7, 0.8817238537223847, -5.0065015657536935E-17, 434 },
        { nameof(ElementaryReference.Log), 5E-324, -744.4400719213812, -4.422444340918698E-14, 0 },
        { nameof(ElementaryReference.Log), 0.001, -6.907755278982137, -2.1613487097372872E-16, 0 },
        { nameof(ElementaryReference.Log), 0.9, -0.10536051565782628, 4.81014917638444E-18, 0 },
        { nameof(ElementaryReference.Log), 0.9375, -0.06453852113757118, 6.470486661692933E-18, 0 },
        { nameof(ElementaryReference.Log), 0.999999, -1.000000500029089E-06, 6.48066860222922E-23, 0 },
        { nameof(ElementaryReference.Log), 1.0000000001, 1.000000082690371E-10, -4.2169170658954805E-27, 0 },
        { nameof(ElementaryReference.Log), 1.07, 0.06765864847381486, -7.5914541378878285E-19, 0 },
        { nameof(ElementaryReference.Log), 3.3, 1.1939224684724346, -5.282476628744736E-17, 0 },
        { nameof(ElementaryReference.Log), 1E+300, 690.7755278982137, 2.3747660028800243E-14, 0 },
        { nameof(ElementaryReference.Log1P), 1E-90, 0.5092589940836215, -2.5462949704181077E-91, -298 },
        { nameof(ElementaryReference.Log1P), 1E-10, 9.999999999500001E-11, -3.389513322121794E-27, 0 },
        { nameof(ElementaryReference.Log1P), -0.05, -0.051293294387550536, 1.471772378261738E-19, 0 },
        { nameof(ElementaryReference.Log1P), 0.0626, 0.06071873503470581, -3.1058083618631645E-18, 0 },
        { nameof(ElementaryReference.Log1P), -0.75, -1.3862943611198906, -4.638093627692599E-17, 0 },
        { nameof(ElementaryReference.Log1P), 1.5, 0.9162907318741551, -4.141195369011963E-17, 0 },
        { nameof(ElementaryReference.Log1P), 1E+17, 39.14394658089878, -1.0157503206494484E-15, 0 },
        { nameof(ElementaryReference.Tanh), 1E-80, 0.5928554968950589, -1.9761849896501962E-161, -265 },
        { nameof(ElementaryReference.Tanh), 1E-05, 9.999999999666668E-06, -4.5758701526937E-22, 0 },
        { nameof(ElementaryReference.Tanh), -0.14, -0.13909244787845804, -8.38123098186371E-18, 0 },
        { nameof(ElementaryReference.Tanh), 0.6, 0.5370495669980353, -2.923064398544366E-17, 0 },
        { nameof(ElementaryReference.Tanh), 1.9, 0.9562374581277391, -3.72117578918074E-17, 0 },
        { nameof(ElementaryReference.Tanh), -20.5, -1.0, 3.1257643786699776E-18, 0 },
        { nameof(ElementaryReference.Sigmoid), -0.1, 0.47502081252106, 2.5084310194303448E-17, 0 },
        { nameof(ElementaryReference.Sigmoid), 0.9, 0.710949502625004, -3.5926702712753686E-17, 0 },
        { nameof(ElementaryReference.Sigmoid), -37.5, 5.175555005801868E-17, 1.1233770371470169E-33, 0 },
        { nameof(ElementaryReference.Sigmoid), -700.25, 0.8425286305745361, 3.772923982822153E-17, -1010 },
        { nameof(ElementaryReference.Sigmoid), 12.5, 0.9999962733607158, -2.372542274476846E-17, 0 },
        { nameof(ElementaryReference.Softplus), -0.01, 0.6881596805078624, -3.5900179044990006E-17, 0 },
        { nameof(ElementaryReference.Softplus), 1.75, 1.9102241504380872, -1.5889016475469108E-17, 0 },
        { nameof(ElementaryReference.Softplus), -36.5, 1.4068617124461467E-16, -1.2930548319691142E-34, 0 },
        { nameof(ElementaryReference.Softplus), -79.5, 0.6180280611484331, 5.1020343169546563E-17, -114 },
        { nameof(ElementaryReference.Softplus), -300.5, 0.6926220454418606, 5.274271640109842E-17, -433 },
        { nameof(ElementaryReference.Softplus), 33.25, 33.25000000000001, -3.4770831795539638E-15, 0 },
        { nameof(ElementaryReference.Erf), 1E-200, 0.8637184171527561, 1.3481675087549162E-17, -664 },
        { nameof(ElementaryReference.Erf), 1E-05, 1.1283791670579E-05, -3.369136869444807E-23, 0 },
        { nameof(ElementaryReference.Erf), -0.4, -0.42839235504666845, -2.711758748308591E-17, 0 },
        { nameof(ElementaryReference.Erf), 0.99, 0.8385080695553698, -2.8410838632595673E-17, 0 },
        { nameof(ElementaryReference.Erf), 1.01, 0.8468104962282768, -5.299360328208859E-17, 0 },
        { nameof(ElementaryReference.Erf), -2.75, -0.9998993780778803, -4.451378916214761E-17, 0 },
        { nameof(ElementaryReference.Erf), 4.5, 0.9999999998033839, 1.2614727975054947E-17, 0 },
        { nameof(ElementaryReference.Erfc), -3.25, 1.9999956972205364, -5.877549671064496E-17, 0 },
        { nameof(ElementaryReference.Erfc), -0.2, 1.2227025892104784, 1.02863480270741E-16, 0 },
        { nameof(ElementaryReference.Erfc), 0.49, 0.4883317388114769, 7.796662205370479E-18, 0 },
        { nameof(ElementaryReference.Erfc), 0.51, 0.4707563801588296, -2.7157813505506037E-17, 0 },
        { nameof(ElementaryReference.Erfc), 1.5, 0.033894853524689274, -8.274380778554473E-19, 0 },
        { nameof(ElementaryReference.Erfc), 5.75, 4.232136617425738E-16, -1.8599660417815564E-32, 0 },
        { nameof(ElementaryReference.Erfc), 8.375, 0.9372616327232762, 1.6403512367367828E-17, -105 },
        { nameof(ElementaryReference.Erfc), 8.38, 0.861434347969477, 3.701177122855093E-17, -105 },
        { nameof(ElementaryReference.Erfc), 15.5, 0.7629101319129011, 2.358009876520689E-17, -351 },
        { nameof(ElementaryReference.Erfc), 26.75, 0.5334069113585487, 5.364135321449461E-17, -1037 },
        { nameof(ElementaryReference.NormalCdf), -38.25, 0.5138335733721241, 3.2099797176203475E-17, -1061 },
        { nameof(ElementaryReference.NormalCdf), -20.5, 0.5613574835620603, -4.3539239836439647E-17, -308 },
        { nameof(ElementaryReference.NormalCdf), -11.85, 0.8729176270604232, 1.8668294637026644E-17, -106 },
        { nameof(ElementaryReference.NormalCdf), -5.5, 1.8989562465887718E-08, 1.5092774863741613E-24, 0 },
        { nameof(ElementaryReference.NormalCdf), -0.76, 0.22362729243759943, -2.9662161043502674E-18, 0 },
        { nameof(ElementaryReference.NormalCdf), -0.74, 0.2296499971647906, 8.581929585251134E-18, 0 },
        { nameof(ElementaryReference.NormalCdf), 0.3, 0.6179114221889527, -4.172211963776293E-17, 0 },
        { nameof(ElementaryReference.NormalCdf), 2.5, 0.9937903346742238, 2.39834723349092E-17, 0 },
        { nameof(ElementaryReference.NormalDensity), 0.0, 0.3989422804014327, -2.49232720227773E-17, 0 },
        { nameof(ElementaryReference.NormalDensity), -1.25, 0.18264908538902191, -9.602809932420022E-18, 0 },
        { nameof(ElementaryReference.NormalDensity), 10.5, 4.575375590520806E-25, -2.8228658996022583E-41, 0 },
        { nameof(ElementaryReference.NormalDensity), -38.25, 0.6146109199308016, 1.0732385791127798E-17, -1056 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Reference_has_ninety_bits(string function, double x, double high, double low, int exponent)
    {
        var value = Evaluate(function, x);
        var significand = DoubleDouble.Scale(value.Significand, value.Exponent - exponent);
        var difference = (significand - new DoubleDouble(high, low)).High;

        // 2⁻⁹⁰ leaves an oracle of binary64 with an error below 2⁻³⁷ of its ulp.
        Assert.True(Math.Abs(difference) <= Math.ScaleB(Math.Abs(high), -90), $"{function}({x:R}) is off by {difference / high:E1}");
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Binary64_oracle_has_forty_five_bits(string function, double x, double high, double low, int exponent)
    {
        var value = function switch
        {
            nameof(ElementaryReference.ExpM1) => ElementaryInBinary64.ExpM1(x),
            nameof(ElementaryReference.Log1P) => ElementaryInBinary64.Log1P(x),
            nameof(ElementaryReference.Sigmoid) => ElementaryInBinary64.Sigmoid(x),
            nameof(ElementaryReference.Softplus) => ElementaryInBinary64.Softplus(x),
            nameof(ElementaryReference.Erf) => ElementaryInBinary64.Erf(x),
            nameof(ElementaryReference.Erfc) => ElementaryInBinary64.Erfc(x),
            nameof(ElementaryReference.NormalCdf) => ElementaryInBinary64.NormalCdf(x),
            nameof(ElementaryReference.NormalDensity) => ElementaryInBinary64.NormalDensity(x),
            _ => high,
        };
        if (exponent == 0)
        {
            // 2⁻⁴⁵ leaves an oracle of binary32 with an error below 2⁻²¹ of its ulp.
            Assert.True(Math.Abs(value - high - low) <= Math.ScaleB(Math.Abs(high), -45), $"{function}({x:R}) gives {value:R}");
        }
    }

    [Fact]
    public void Errors_are_counted_in_units_of_the_last_place()
    {
        Assert.Equal(1, ((ScaledNumber)(DoubleDouble)1.5).UlpsFrom(Math.BitIncrement(1.5)));
        Assert.Equal(0.25, ((ScaledNumber)new DoubleDouble(1, Math.ScaleB(1, -54))).UlpsFrom(1));
        Assert.Equal(0.5, new ScaledNumber(1.5, -1074).UlpsFrom(double.Epsilon));
        Assert.Equal(0, new ScaledNumber(1.5, 1024).UlpsFrom(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, ((ScaledNumber)(DoubleDouble)1).UlpsFrom(double.NaN));
        Assert.Equal(1, ElementaryInBinary64.UlpsBetween(MathF.BitIncrement(1.5f), 1.5));
        Assert.Equal(0.5, ElementaryInBinary64.UlpsBetween(float.Epsilon, 1.5 * float.Epsilon));
        Assert.Equal(0, ElementaryInBinary64.UlpsBetween(float.PositiveInfinity, 1e39));
        Assert.Equal(double.PositiveInfinity, ElementaryInBinary64.UlpsBetween(float.NaN, 1));
    }

    private static ScaledNumber Evaluate(string function, double x) => function switch
    {
        nameof(ElementaryReference.Exp) => ElementaryReference.Exp(x),
        nameof(ElementaryReference.ExpM1) => ElementaryReference.ExpM1(x),
        nameof(ElementaryReference.Log) => ElementaryReference.Log(x),
        nameof(ElementaryReference.Log1P) => ElementaryReference.Log1P(x),
        nameof(ElementaryReference.Tanh) => ElementaryReference.Tanh(x),
        nameof(ElementaryReference.Sigmoid) => ElementaryReference.Sigmoid(x),
        nameof(ElementaryReference.Softplus) => ElementaryReference.Softplus(x),
        nameof(ElementaryReference.Erf) => ElementaryReference.Erf(x),
        nameof(ElementaryReference.Erfc) => ElementaryReference.Erfc(x),
        nameof(ElementaryReference.NormalCdf) => ElementaryReference.NormalCdf(x),
        nameof(ElementaryReference.NormalDensity) => ElementaryReference.NormalDensity(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "no such reference"),
    };
}
