using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Golden;

/// <summary>Third derivatives made of differences, against PyTorch differentiating three times, in double.</summary>
public sealed class ThirdDerivativeGoldenTests : IDisposable
{
    // What the defaults promise is 10⁻⁹ by their own estimate, which is one of the error before the last extrapolation.
    private const double Tolerance = 1e-9;

    private static readonly IReadOnlyDictionary<string, NumpyArray> Third = GoldenData.Read(Path.Combine(GoldenData.Folder, "third.npz"));

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Cases => [.. Third.Keys.Select(key => key.Split('/')[0]).Distinct()];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_along_two_eigenvectors_agree_with_PyTorch(string name)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var (objective, network, parameters) = GoldenData.Case(name).Bind(device, folder);
        using var bound = objective;
        int size = network.ParameterCount;
        using var theta = device.Place(parameters);
        using var vectors = device.Place(Third[$"{name}/vectors"].ToDoubles());
        using var result = device.Allocate(3 * size, "third derivatives");
        using var third = new ThirdDerivative(objective);
        double[] expected = Third[$"{name}/pairs"].ToDoubles();
        for (int call = 0; call < 3; call++)
        {
            // Later calls begin with other steps.
            var estimate = third.Pairs(theta.Span, vectors.Span, result.Span, 2);
            double[] actual = device.Read(result.Span);
            double error = Near.Norm([.. expected.Zip(actual, (a, b) => a - b)]);
            Agreement.Require(expected, actual, Tolerance, $"third derivatives of {name}");
            Assert.InRange(estimate.RelativeError, 0, Tolerance);
            Assert.InRange(error, 0, 2 * estimate.RelativeError * Near.Norm(expected));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_of_the_sharpness_agrees_with_PyTorch(string name)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var (objective, network, parameters) = GoldenData.Case(name).Bind(device, folder);
        using var bound = objective;
        using var theta = device.Place(parameters);
        using var point = new SharpnessPoint(objective, new EigensolverOptions { Tolerance = 1e-11 });
        point.Measure(theta.Span);
        Near.Number(Third[$"{name}/eigenvalues"].ToDoubles()[0], point.Sharpness, 1e-10 * point.Sharpness, "sharpness");

        // The residual over the gap to the next eigenvalue, at least a hundredth here, is the error of the eigenvector.
        Agreement.Require(
            Third[$"{name}/pairs"].ToDoubles()[..network.ParameterCount], device.Read(point.SharpnessGradient), Tolerance,
            $"gradient of the sharpness of {name}");
    }
}
