using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>What samgpu evaluate accepts, and what it says of files that do not fit.</summary>
public sealed class EvaluationTests : IDisposable
{
    private const int Features = 3;
    private const int Width = 4;
    private const int Outputs = 2;
    private const int Examples = 5;

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, NumpyArray> parameters = new()
    {
        ["0.weight"] = Numbers(1, Width, Features),
        ["0.bias"] = Numbers(2, Width),
        ["2.weight"] = Numbers(3, Outputs, Width),
        ["2.bias"] = Numbers(4, Outputs),
    };

    private readonly Dictionary<string, NumpyArray> inputs = new()
    {
        ["x"] = Numbers(5, Examples, Features),
        ["y"] = NumpyArray.Of([0L, 1, 1, 0, 1], Examples),
    };

    private readonly Dictionary<string, NumpyArray> directions = new()
    {
        ["0.weight"] = Numbers(6, 2, Width, Features),
        ["0.bias"] = Numbers(7, 2, Width),
        ["2.weight"] = Numbers(8, 2, Outputs, Width),
        ["2.bias"] = Numbers(9, 2, Outputs),
    };

    private EvaluationRequest Request => new()
    {
        Network = "mlp:4",
        Activation = "tanh",
        Loss = "mse",
        Parameters = folder["P.npz"],
        Inputs = folder["D.npz"],
        Directions = folder["V.npz"],
        Output = folder["O.npz"],
        Threads = 1,
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheResultSaysWhatTheFileHolds()
    {
        var result = Run(Request with { Eigenvalues = 2 });
        using var output = NumpyArchive.Open(folder["O.npz"]);
        Assert.Equal(Examples, result.Examples);
        Assert.Equal((Width * Features) + Width + (Outputs * Width) + Outputs, result.ParameterCount);
        Assert.Equal(2, result.Directions);
        Assert.Equal(result.Loss, output.Read("loss").ToDoubles().Single());
        Assert.Equal(result.Eigenvalues.Select(pair => pair.Value), output.Read("eigenvalues").ToDoubles());
        Assert.Equal(result.Eigenvalues.Select(pair => pair.Residual), output.Read("residuals").ToDoubles());
        Assert.NotNull(result.Accuracy);
        double norm = Math.Sqrt(output.Names.Where(name => name.StartsWith("gradient/", StringComparison.Ordinal))
            .Sum(name => output.Read(name).ToDoubles().Sum(number => number * number)));
        Assert.Equal(norm, result.GradientNorm, 1e-14);
    }

    [Fact]
    public void ClassesOfAnyWholeTypeAreOneHotTargets()
    {
        double loss = Run(Request with { Directions = null }).Loss;
        inputs["y"] = NumpyArray.Of(new byte[] { 0, 1, 1, 0, 1 }, Examples);
        Assert.Equal(loss, Run(Request with { Directions = null, Output = folder["O2.npz"] }).Loss);
        inputs["y"] = NumpyArray.Of([1.0, 0, 0, 1, 0, 1, 1, 0, 0, 1], Examples, Outputs);
        Assert.Equal(loss, Run(Request with { Directions = null, Output = folder["O3.npz"] }).Loss);
    }

    [Fact]
    public void FloatsWithoutASecondAxisAreTargetsOfOneOutput()
    {
        parameters["2.weight"] = Numbers(3, 1, Width);
        parameters["2.bias"] = Numbers(4, 1);
        inputs["y"] = Numbers(10, Examples);
        var result = Run(Request with { Directions = null });
        Assert.Null(result.Accuracy);
    }

    [Fact]
    public void ParametersInSinglePrecisionAreRead()
    {
        foreach (var (name, array) in parameters.ToArray())
        {
            parameters[name] = NumpyArray.Of(Array.ConvertAll(array.ToDoubles(), number => (float)number), [.. array.Shape]);
        }

        Run(Request);
        using var output = NumpyArchive.Open(folder["O.npz"]);
        Assert.All(output.Names, name => Assert.Equal(NumpyType.Float64, output.Read(name).Type));
    }

    [Fact]
    public void ManyDirectionsGiveWhatTheyGiveAlone()
    {
        // More than fit into one block of directions.
        const int count = 37;
        foreach (string name in directions.Keys.ToArray())
        {
            directions[name] = Numbers(20 + name[0], [count, .. parameters[name].Shape]);
        }

        Run(Request);
        using var together = NumpyArchive.Open(folder["O.npz"]);
        foreach (int k in new[] { 0, 15, 16, 36 })
        {
            var one = directions.ToDictionary(d => d.Key, d => NumpyArray.Of(RowOf(d.Value, k), [1, .. parameters[d.Key].Shape]));
            NumpyArchive.Write(folder["one.npz"], one);
            Evaluation.Run(Request with { Directions = folder["one.npz"], Output = folder[$"O{k}.npz"] });
            using var alone = NumpyArchive.Open(folder[$"O{k}.npz"]);
            foreach (string name in parameters.Keys.SelectMany(name => new[] { $"hvp/{name}", $"ggn/{name}" }))
            {
                double[] expected = alone.Read(name).ToDoubles();
                double[] actual = RowOf(together.Read(name), k);
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
            }
        }
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoBit()
    {
        Run(Request with { Eigenvalues = 2 });
        Evaluation.Run(Request with { Eigenvalues = 2, Threads = 3, Output = folder["O3.npz"] });
        Assert.Equal(File.ReadAllBytes(folder["O.npz"]), File.ReadAllBytes(folder["O3.npz"]));
    }

    [Fact]
    public void AnExistingOutputIsRefusedAndLeftAsItWas()
    {
        folder.Write("O.npz", 1, 2, 3);
        Refuses<UsageException>(Request, "O.npz", "exists");
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["O.npz"]));
        Refuses<UsageException>(Request with { Output = folder["P.npz"] }, "P.npz", "exists");
        Refuses<UsageException>(Request with { Output = folder.Path }, "exists");
        Refuses<DataException>(Request with { Output = Path.Combine(folder["missing"], "O.npz") }, "no folder", "missing");
    }

    [Fact]
    public void UnknownNamesAreAnsweredWithTheNearestOne()
    {
        Refuses<UsageException>(Request with { Network = "mpl:4" }, "mpl", "Did you mean 'mlp'?");
        Refuses<UsageException>(Request with { Activation = "tahn" }, "tahn", "Did you mean 'tanh'?");
        Refuses<UsageException>(Request with { Loss = "msa" }, "msa", "Did you mean 'mse'?");
    }

    [Fact]
    public void TheNumberOfEigenvaluesIsFromNoneToAll()
    {
        Refuses<UsageException>(Request with { Eigenvalues = -1 }, "--eigenvalues -1");
        Refuses<UsageException>(Request with { Eigenvalues = 27 }, "27 eigenvalues", "1 to 26");
    }

    [Theory]
    [InlineData("P.npz")]
    [InlineData("D.npz")]
    [InlineData("V.npz")]
    public void AMissingOrDamagedFileIsNamed(string file)
    {
        WriteInputs();
        File.Delete(folder[file]);
        RefusesWhatIsThere<DataException>(Request, file, "no file");
        folder.Write(file, 7);
        RefusesWhatIsThere<DataException>(Request, file, "not an .npz archive");
    }

    [Fact]
    public void MissingAndUnexpectedParametersAreNamed()
    {
        Refuses<DataException>(
            Request with { Activation = "identity" },
            "P.npz", "Missing: 1.weight", "Not expected: 2.weight, 2.bias", "--activation identity", "mlp:4");
        Refuses<DataException>(
            Request with { Network = "mlp:4-4" },
            "P.npz", "Missing: 4.weight", "Expected: 0.weight, 0.bias, 2.weight, 2.bias, 4.weight");
        Refuses<DataException>(Request with { Network = "mlp:4,bias=none" }, "P.npz", "Not expected: 0.bias, 2.bias");
        Refuses<DataException>(Request with { Network = "mlp:4,bias=hidden" }, "P.npz", "Not expected: 2.bias.");
        parameters["extra"] = Numbers(1, 1);
        Refuses<DataException>(Request, "P.npz", "Not expected: extra");
    }

    [Fact]
    public void HiddenWidthsThatDisagreeWithTheParametersAreNamed() =>
        Refuses<DataException>(Request with { Network = "mlp:6" }, "'0.weight'", "P.npz", "float64 (4, 3)", "(6, 3)", "--network");

    [Theory]
    [InlineData("0.weight", "expected a weight", 12)]
    [InlineData("2.weight", "expected a weight", 2, 4, 1)]
    [InlineData("2.weight", "needs the shape (2, 4)", 2, 5)]
    [InlineData("0.bias", "needs the shape (4,)", 4, 1)]
    [InlineData("2.bias", "needs the shape (2,)", 3)]
    public void WrongShapesOfParametersAreNamed(string name, string expected, params int[] shape)
    {
        parameters[name] = Numbers(1, shape);
        Refuses<DataException>(Request, $"'{name}'", "P.npz", parameters[name].Description, expected);
    }

    [Fact]
    public void ParametersMustBeFiniteFloats()
    {
        parameters["0.bias"] = NumpyArray.Of([1, 2, 3, 4], Width);
        Refuses<DataException>(Request, "'0.bias'", "P.npz", "int32 (4,)", "float32 or float64");
        parameters["0.bias"] = NumpyArray.Of([1, 2, double.NaN, 4], Width);
        Refuses<DataException>(Request, "'0.bias'", "P.npz", "NaN", "index 2");
        parameters["0.bias"] = NumpyArray.Of([float.NegativeInfinity, 2, 3, 4], Width);
        Refuses<DataException>(Request, "'0.bias'", "P.npz", "infinite", "index 0");
    }

    [Fact]
    public void ExamplesMustFitTheNetworkAndEachOther()
    {
        inputs["x"] = Numbers(5, Examples, Features + 1);
        Refuses<DataException>(Request, "'x'", "D.npz", "4 features", "expected 3", "P.npz");
        inputs["x"] = Numbers(5, Examples - 1, Features);
        Refuses<DataException>(Request, "'y'", "D.npz", "5", "4");
        inputs["x"] = Numbers(5, Examples, Features);
        inputs["y"] = Numbers(5, Examples, Outputs + 1);
        Refuses<DataException>(Request, "'y'", "D.npz", "3 outputs", "expected 2");
        inputs["y"] = Numbers(5, Examples);
        Refuses<DataException>(Request, "'y'", "D.npz", "1 outputs", "expected 2");
        inputs["y"] = NumpyArray.Of([0, 1, 2, 0, 1], Examples);
        Refuses<DataException>(Request, "'y'", "D.npz", "class 2", "index 2", "0 to 1");
        inputs["y"] = NumpyArray.Of([0, 1, -1, 0, 1], Examples);
        Refuses<DataException>(Request, "'y'", "D.npz", "class -1", "index 2");
        inputs.Remove("y");
        Refuses<DataException>(Request, "'y'", "D.npz");
    }

    [Fact]
    public void CrossEntropyNeedsClasses()
    {
        inputs["y"] = Numbers(5, Examples, Outputs);
        Refuses<UsageException>(Request with { Loss = "cross-entropy" }, "cross-entropy", "classes", "D.npz");
    }

    [Fact]
    public void DirectionsMustBeNamedAsTheParameters()
    {
        directions.Remove("2.bias");
        directions["bias"] = Numbers(1, 2, Outputs);
        Refuses<DataException>(Request, "V.npz", "Missing: 2.bias", "Not expected: bias");
    }

    [Fact]
    public void DirectionsMustBeAsManyAndOfTheShapesOfTheParameters()
    {
        directions["2.weight"] = Numbers(1, 3, Outputs, Width);
        Refuses<DataException>(Request, "'2.weight'", "V.npz", "3 directions", "expected 2");
        directions["2.weight"] = Numbers(1, Outputs, Width);
        Refuses<DataException>(Request, "'2.weight'", "V.npz", "float64 (2, 4)", "(2, 4)", "K");
        directions["2.weight"] = NumpyArray.Of(Array.Empty<double>(), 0, Outputs, Width);
        Refuses<DataException>(Request, "'2.weight'", "V.npz", "K ≥ 1");
        directions["2.weight"] = NumpyArray.Of(new long[2 * Outputs * Width], 2, Outputs, Width);
        Refuses<DataException>(Request, "'2.weight'", "V.npz", "int64", "float32 or float64");
        directions["2.weight"] = NumpyArray.Of(Enumerable.Repeat(double.NaN, 2 * Outputs * Width).ToArray(), 2, Outputs, Width);
        Refuses<DataException>(Request, "'2.weight'", "V.npz", "NaN");
    }

    [Fact]
    public void ALossBeyondTheRangeIsNotWritten()
    {
        parameters["2.bias"] = NumpyArray.Of([1e30, 1], Outputs);
        Refuses<DataException>(Request with { Precision = Precision.Float }, "P.npz", "D.npz", "--precision double");
        Run(Request);
        Assert.True(File.Exists(folder["O.npz"]));
    }

    private static double[] RowOf(NumpyArray array, int k) => array.ToDoubles().Chunk(array.Count / array.Shape[0]).ElementAt(k);

    private static NumpyArray Numbers(int seed, params int[] shape)
    {
        var random = new RandomStream((ulong)seed, "test");
        double[] numbers = new double[shape.Aggregate(1, (product, length) => product * length)];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.NextGaussian();
        }

        return NumpyArray.Of(numbers, shape);
    }

    private void WriteInputs()
    {
        NumpyArchive.Write(folder["P.npz"], parameters);
        NumpyArchive.Write(folder["D.npz"], inputs);
        NumpyArchive.Write(folder["V.npz"], directions);
    }

    private EvaluationResult Run(EvaluationRequest request)
    {
        WriteInputs();
        return Evaluation.Run(request);
    }

    private void Refuses<E>(EvaluationRequest request, params string[] parts)
        where E : SamGpuException
    {
        WriteInputs();
        RefusesWhatIsThere<E>(request, parts);
    }

    // The error has every part in its message, and no file has come, gone or changed.
    private void RefusesWhatIsThere<E>(EvaluationRequest request, params string[] parts)
        where E : SamGpuException
    {
        string[] before = Directory.GetFiles(folder.Path);
        string message = Assert.Throws<E>(() => Evaluation.Run(request)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(before.Order(), Directory.GetFiles(folder.Path).Order());
    }
}
