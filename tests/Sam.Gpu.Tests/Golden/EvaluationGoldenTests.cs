using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Golden;

/// <summary>What samgpu evaluate writes, against PyTorch in double.</summary>
public sealed class EvaluationGoldenTests : IDisposable
{
    // Double rounds at 1e-16; sums of a few hundred terms and the conditioning of these networks leave a factor of thousands to spare.
    private const double DoubleTolerance = 1e-10;

    // Float rounds at 6e-8, the double parameters too; measured is at most a few 1e-6, and 1.2e-5 where layer norms divide by deviations.
    private const double FloatTolerance = 3e-5;

    // The error of an eigenvalue is at most its residual.
    private const double EigenvalueTolerance = 1e-8;

    private const int Eigenvalues = 5;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Cases =>
    [
        "relu-mse", "tanh-half", "gelu-entropy", "gelu-tanh-mse", "elu-half", "softplus-entropy", "swish-half", "hardtanh-mse",
        "sigmoid-entropy", "identity-half", "cnn-mse", "cnn-entropy", "cnn-average-half", "transformer-entropy", "transformer-mse",
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void EvaluationInDoubleAgreesWithPyTorch(string name)
    {
        var golden = GoldenData.Case(name);
        var result = Evaluation.Run(golden.Request(folder, "O.npz"));
        var output = GoldenData.Read(folder["O.npz"]);
        AgreesOn(golden, output, DoubleTolerance);
        Assert.Empty(output["loss"].Shape);
        Assert.All(output.Values, array => Assert.Equal(NumpyType.Float64, array.Type));
        Assert.Equal(golden["loss"].Single(), result.Loss, golden["loss"].Single() * DoubleTolerance);
        Assert.Empty(result.Eigenvalues);
        Assert.DoesNotContain("eigenvalues", output.Keys);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EvaluationInFloatIsNearDouble(string name)
    {
        var golden = GoldenData.Case(name);
        Evaluation.Run(golden.Request(folder, "O.npz", Precision.Float));
        AgreesOn(golden, GoldenData.Read(folder["O.npz"]), FloatTolerance);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EigenvaluesAgreeWithTheDenseHessian(string name)
    {
        var golden = GoldenData.Case(name);
        var request = golden.Request(folder, "O.npz") with { Directions = null, Eigenvalues = Eigenvalues, EigenvalueTolerance = 1e-10 };
        var result = Evaluation.Run(request);
        Assert.All(result.Eigenvalues, pair => Assert.True(pair.Converged, result.EigenvaluesExplanation));

        var output = GoldenData.Read(folder["O.npz"]);
        double[] eigenvalues = output["eigenvalues"].ToDoubles();
        double[] residuals = output["residuals"].ToDoubles();
        double[] expected = golden["eigenvalues"][^Eigenvalues..];
        Array.Reverse(expected);
        Assert.Equal(new byte[Eigenvalues].Select(_ => (byte)1), output["converged"].AsSpan<byte>().ToArray());
        Assert.DoesNotContain(output.Keys, key => key.StartsWith("hvp/", StringComparison.Ordinal));

        // The eigenvectors go back in as directions: H v is λ v but for the residual.
        NumpyArchive.Write(
            folder["V2.npz"],
            Group(output, "eigenvectors/").Select(pair => KeyValuePair.Create(pair.Key["eigenvectors/".Length..], pair.Value)));
        Evaluation.Run(request with { Directions = folder["V2.npz"], Eigenvalues = 0, Output = folder["O2.npz"] });
        var products = GoldenData.Read(folder["O2.npz"]);
        for (int k = 0; k < Eigenvalues; k++)
        {
            Assert.Equal(expected[k], eigenvalues[k], Math.Abs(expected[k]) * EigenvalueTolerance);
            Assert.True(residuals[k] <= 1e-10 * eigenvalues[k]);
            double[] vector = Row(Group(output, "eigenvectors/"), k);
            double[] product = Row(Group(products, "hvp/"), k);
            Assert.Equal(1, Agreement.Norm(vector), 1e-12);
            double residual = Agreement.Norm([.. product.Zip(vector, (a, b) => a - (eigenvalues[k] * b))]);
            Assert.Equal(residuals[k], residual, 1e-12 * expected[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BothEndsOfTheSpectrumAgreeWithTheDenseHessian(string name)
    {
        var golden = GoldenData.Case(name);
        using var device = CpuDevice.Create(Precision.Double, 1);
        var (objective, network, parameters) = golden.Bind(device, folder);
        using var bound = objective;
        using var theta = device.Allocate(network.ParameterCount, "parameters");
        using var gradient = device.Allocate(network.ParameterCount, "gradient");
        using var loss = device.Allocate(1, "loss");
        device.Upload(parameters, theta.Span);
        using var solver = new Eigensolver(
            device, network.ParameterCount, new EigensolverOptions { Count = 3, Which = SpectrumPart.BothEnds, Tolerance = 1e-10 });
        var result = solver.Solve(new HessianOperator(objective.Linearize(theta.Span, gradient.Span, loss.Span)));
        Assert.True(result.Converged, result.Explanation);
        double[] all = golden["eigenvalues"];
        double[] expected = [all[^1], all[^2], all[^3], all[0], all[1], all[2]];
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], result.Pairs[k].Value, Math.Abs(expected[k]) * EigenvalueTolerance);
        }
    }

    private static void AgreesOn(GoldenCase golden, IReadOnlyDictionary<string, NumpyArray> output, double tolerance)
    {
        var expected = golden.Arrays
            .Where(array => array.Key == "loss" || array.Key.Split('/')[0] is "gradient" or "hvp" or "ggn").ToDictionary();
        Assert.Equal(expected.Keys.Order(), output.Keys.Order());
        foreach (var (key, array) in expected)
        {
            Assert.Equal(array.Shape, output[key].Shape);
            Agreement.Require(array.ToDoubles(), output[key].ToDoubles(), tolerance, key);
        }
    }

    private static List<KeyValuePair<string, NumpyArray>> Group(IReadOnlyDictionary<string, NumpyArray> arrays, string prefix) =>
        [.. arrays.Where(array => array.Key.StartsWith(prefix, StringComparison.Ordinal))];

    // The k-th of the vectors whose parts are arrays [K, …].
    private static double[] Row(List<KeyValuePair<string, NumpyArray>> arrays, int k) =>
        [.. arrays.SelectMany(array => array.Value.ToDoubles().Chunk(array.Value.Count / array.Value.Shape[0]).ElementAt(k))];
}
