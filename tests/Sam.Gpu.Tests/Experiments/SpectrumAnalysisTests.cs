using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.TestSupport;
using Sam.Gpu.Tests.Curvature;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>The spectrum of a run's end: what is written, and what is refused.</summary>
public sealed class SpectrumAnalysisTests : IDisposable
{
    private const int Dimension = 25;

    private readonly TemporaryFolder folder = new();

    private SpectrumRequest Request => new()
    {
        Run = folder["run"], DataRoot = ".", Devices = TestDevices.Catalog, Output = folder["spectrum"], Eigenvalues = 3, Threads = 1,
    };

    public SpectrumAnalysisTests() => RecipeRun.Of("chebyshev", "network=mlp:8 steps=30 measure-every=30 threads=1", CopyRun);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(CurvatureMatrix.Hessian, "hvp/")]
    [InlineData(CurvatureMatrix.GaussNewton, "ggn/")]
    public void The_file_holds_what_the_dense_matrix_of_the_same_parameters_has(CurvatureMatrix matrix, string products)
    {
        double[] dense = Dense(products);
        double[] values = BenchProblem.Eigenvalues(dense);
        double trace = BenchProblem.Trace(dense);

        var result = SpectrumAnalysis.Run(Request with { Matrix = matrix, Layers = ["whole", "each", "0.bias"] });

        using var archive = NumpyArchive.Open(Path.Combine(result.Folder, "spectrum.npz"));
        double[] Read(string name) => archive.Read(name).ToDoubles();
        Assert.Equal(["whole", "0", "2", "0.bias"], result.Blocks.Select(block => block.Mask.Name));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(values[^(i + 1)], Read("whole/top_eigenvalues")[i], 1e-8 * values[^1]);
            Assert.Equal(values[i], Read("whole/bottom_eigenvalues")[i], 1e-8 * values[^1]);
        }

        Assert.Equal([1, 1, 1], archive.Read("whole/top_converged").ToInt64s());
        Assert.Equal(trace, Read("whole/trace_hutchpp")[0], 1e-9);
        Assert.Equal(1, Read("whole/density_mass")[0], 1e-3);
        Assert.Equal(trace, Dimension * Read("whole/density_mean")[0], 0.01 * trace);
        Assert.All(result.Blocks, block => Assert.True(block.MassAgrees && block.TraceAgrees, block.Mask.Name));

        // The trace of the whole is that of its layers.
        Assert.Equal(trace, Read("0/trace_hutchpp")[0] + Read("2/trace_hutchpp")[0], 1e-9);
        Assert.Equal([3, 8, 1], archive.Read("0/top_eigenvectors/0.weight").Shape);
        Assert.Equal([3, 8], archive.Read("0.bias/bottom_eigenvectors/0.bias").Shape);
        Assert.False(archive.Contains("0/top_eigenvectors/2.weight"));
        Assert.Equal(10, archive.Read("whole/lanczos_nodes").Shape[0]);
    }

    [Fact]
    public void Alignments_are_those_of_the_gradients_with_the_eigenvectors()
    {
        var result = SpectrumAnalysis.Run(Request with { Layers = ["whole", "2"] });
        using var archive = NumpyArchive.Open(Path.Combine(result.Folder, "spectrum.npz"));
        Evaluate(null);
        using var evaluated = NumpyArchive.Open(folder["evaluated.npz"]);
        foreach (var block in result.Blocks)
        {
            double[] gradient = Flat(evaluated, "gradient/", block.Mask);
            double norm = Math.Sqrt(gradient.Sum(number => number * number));
            Assert.Equal(norm, block.Gradient.Norm, 1e-12);
            for (int i = 0; i < 3; i++)
            {
                double[] vector = [.. block.Mask.Parameters.SelectMany(parameter =>
                    archive.Read($"{block.Mask.Name}/top_eigenvectors/{parameter.Name}").ToDoubles()
                        .Skip(i * parameter.Length).Take(parameter.Length))];
                double cosine = Math.Abs(vector.Zip(gradient, (x, y) => x * y).Sum()) / norm;
                Assert.Equal(cosine, block.Gradient.Cosines[i], 1e-12);
                Assert.Equal(block.Gradient.Cosines.Take(i + 1).Sum(c => c * c), block.Gradient.Shares[i], 1e-12);
            }
        }

        // The run is one of SAM: its gradient is there, and another one.
        Assert.Equal(0.03, result.Rho);
        Assert.NotNull(result.Blocks[0].SamGradient);
        Assert.NotEqual(result.Blocks[0].Gradient.Norm, result.Blocks[0].SamGradient!.Norm);
        Assert.True(result.SamEdge < result.BaseEdge);
    }

    [Fact]
    public void With_a_radius_of_0_there_is_no_gradient_of_SAM()
    {
        var result = SpectrumAnalysis.Run(Request with { Rho = 0 });
        Assert.Null(result.Blocks[0].SamGradient);
        Assert.True(double.IsNaN(result.SamEdge));
        Assert.Equal(20, result.BaseEdge);
    }

    [Fact]
    public void A_density_of_another_mass_or_trace_does_not_pass_the_checks()
    {
        var block = SpectrumAnalysis.Run(Request).Blocks[0];
        double error = Math.Max(block.DensityTrace.StandardError, 0.01 * Math.Abs(block.HutchPlusPlus.Value));
        Assert.True(block.MassAgrees && block.TraceAgrees);
        Assert.False((block with { HutchPlusPlus = block.HutchPlusPlus with { Value = block.DensityTrace.Value + (4 * error) } }).TraceAgrees);
        Assert.False((block with { HutchPlusPlus = new TraceEstimate(double.NaN, double.NaN, 6) }).TraceAgrees);
        Assert.False((block with { Table = block.Table with { Values = [.. block.Table.Values.Select(value => 1.002 * value)] } }).MassAgrees);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        SpectrumAnalysis.Run(Request with { Layers = ["whole", "each"] });
        SpectrumAnalysis.Run(Request with { Layers = ["whole", "each"], Threads = 3, Output = folder["three"] });
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder["spectrum"], "spectrum.npz")),
            File.ReadAllBytes(Path.Combine(folder["three"], "spectrum.npz")));
    }

    [Fact]
    public void The_seed_changes_the_estimates_and_not_the_eigenvalues()
    {
        var one = SpectrumAnalysis.Run(Request with { TraceProducts = 12 }).Blocks[0];
        var two = SpectrumAnalysis.Run(Request with { TraceProducts = 12, Seed = 1, Output = folder["two"] }).Blocks[0];
        Assert.NotEqual(one.Hutchinson.Value, two.Hutchinson.Value);
        Assert.NotEqual(one.DensityTrace.Value, two.DensityTrace.Value);
        Assert.Equal(one.Top[0].Value, two.Top[0].Value, 1e-9);
    }

    [Fact]
    public void Files_give_what_the_run_gives()
    {
        var run = SpectrumAnalysis.Run(Request);
        var files = SpectrumAnalysis.Run(Files() with { Rho = 0.03, Device = "cpu" });
        Assert.Equal(run.Blocks[0].Top.Select(pair => pair.Value), files.Blocks[0].Top.Select(pair => pair.Value));
        Assert.Equal(run.Blocks[0].SamGradient!.Cosines, files.Blocks[0].SamGradient!.Cosines);
        Assert.True(double.IsNaN(files.BaseEdge));
    }

    [Fact]
    public void Without_a_folder_to_make_there_is_the_next_one_in_that_of_the_run()
    {
        var first = SpectrumAnalysis.Run(Request with { Output = null });
        var second = SpectrumAnalysis.Run(Request with { Output = null, Run = Path.Combine(folder["run"], "run.json") });
        Assert.Equal(Path.Combine(folder["run"], "spectrum"), first.Folder);
        Assert.Equal(Path.Combine(folder["run"], "spectrum-2"), second.Folder);
        Assert.Equal(
            ["figures/alignment.svg", "figures/density.svg", "spectrum.json", "spectrum.npz"],
            Directory.GetFiles(first.Folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(first.Folder, file)).Order());
    }

    [Fact]
    public void A_run_without_its_parameters_is_refused()
    {
        File.Delete(Path.Combine(folder["run"], "parameters.npz"));
        Refuses<DataException>(Request, "no parameters.npz", "samgpu run");
    }

    [Fact]
    public void Parameters_of_another_network_are_refused()
    {
        NumpyArchive.Write(Path.Combine(folder["run"], "parameters.npz"), [new("0.weight", NumpyArray.Of([1.0], 1, 1))]);
        Refuses<DataException>(Request, "Missing: 2.weight", "parameters.npz");
    }

    [Fact]
    public void A_folder_that_is_no_run_is_refused()
    {
        Directory.CreateDirectory(folder["empty"]);
        Refuses<DataException>(Request with { Run = folder["empty"] }, "is no run", "run.json");
        Refuses<DataException>(Request with { Run = folder["missing"] }, "is no run");
    }

    [Fact]
    public void Data_that_is_not_that_of_the_run_is_refused()
    {
        string file = Path.Combine(folder["run"], "run.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("chebyshev-5-20", "chebyshev-4-20", StringComparison.Ordinal));
        Refuses<DataException>(Request, "not the one", "SHA-256", "--data-root");
    }

    [Theory]
    [InlineData("0.weigt", "Did you mean '0.weight'?")]
    [InlineData("1", "selects nothing")]
    public void A_mask_that_selects_nothing_is_refused(string layers, string expected) =>
        Refuses<UsageException>(Request with { Layers = ["whole", layers] }, expected, "Layers with parameters: 0, 2.");

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Refuses<UsageException>(Request with { Eigenvalues = 0 }, "--eigenvalues 0");
        Refuses<UsageException>(Request with { TraceProducts = 5 }, "--trace-products 5", "at least 6");
        Refuses<UsageException>(Request with { LanczosRuns = 1 }, "1 --lanczos-runs", "at least 2");
        Refuses<UsageException>(Request with { Width = 1e-12 }, "width 1E-12", "at least");
        Refuses<UsageException>(Request with { Run = null }, "Whose spectrum?");
        Refuses<UsageException>(Request with { Inputs = "D.npz" }, "--inputs", "a run brings its own");
        Refuses<UsageException>(Request with { Output = folder["run"] }, "exists");
    }

    // Products with all unit vectors through the bridge to Python.
    private double[] Dense(string prefix)
    {
        Evaluate(folder["unit.npz"]);
        using var archive = NumpyArchive.Open(folder["evaluated.npz"]);
        var (parameters, dense) = (Network().Parameters, new double[Dimension * Dimension]);
        foreach (var parameter in parameters)
        {
            double[] array = archive.Read(prefix + parameter.Name).ToDoubles();
            for (int i = 0; i < Dimension; i++)
            {
                array.AsSpan(i * parameter.Length, parameter.Length).CopyTo(dense.AsSpan((i * Dimension) + parameter.Offset));
            }
        }

        return dense;
    }

    private void Evaluate(string? directions)
    {
        if (directions is not null)
        {
            NumpyArchive.Write(directions, Network().Parameters.Select(parameter =>
            {
                double[] array = new double[Dimension * parameter.Length];
                for (int i = 0; i < parameter.Length; i++)
                {
                    array[((parameter.Offset + i) * parameter.Length) + i] = 1;
                }

                return KeyValuePair.Create(parameter.Name, NumpyArray.Of(array, [Dimension, .. parameter.Shape]));
            }));
        }

        var files = Files();
        Evaluation.Run(new EvaluationRequest
        {
            Network = files.Network!, Activation = files.Activation!, Loss = files.Loss!,
            Parameters = files.Parameters!, Inputs = files.Inputs!,
            Directions = directions, Output = folder["evaluated.npz"], Threads = 1,
        });
    }

    private SpectrumRequest Files()
    {
        var data = Chebyshev.Create(5, 20);
        double[] x = new double[20];
        double[] y = new double[20];
        data.Inputs.CopyRows(0, 20, x.AsSpan());
        data.Targets.CopyRows(0, 20, y.AsSpan());
        NumpyArchive.Write(folder["D.npz"], [new("x", NumpyArray.Of(x, 20, 1)), new("y", NumpyArray.Of(y, 20, 1))]);
        return Request with
        {
            Run = null, Network = "mlp:8", Activation = "tanh", Loss = "half-squared-error",
            Parameters = Path.Combine(folder["run"], "parameters.npz"), Inputs = folder["D.npz"], Output = folder["of files"],
        };
    }

    private static Network Network() => NetworkSpecification.Parse("mlp:8").Build(1, 1, "tanh");

    private static double[] Flat(NumpyArchive archive, string prefix, ParameterMask mask) =>
        [.. mask.Parameters.SelectMany(parameter => archive.Read(prefix + parameter.Name).ToDoubles())];

    private void CopyRun(string run)
    {
        Directory.CreateDirectory(folder["run"]);
        foreach (string name in (string[])["run.json", "parameters.npz"])
        {
            File.Copy(Path.Combine(run, name), Path.Combine(folder["run"], name));
        }
    }

    // The error has every part in its message, and no file has come.
    private void Refuses<E>(SpectrumRequest request, params string[] parts)
        where E : SamGpuException
    {
        string[] before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories);
        string message = Assert.Throws<E>(() => SpectrumAnalysis.Run(request)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }
}
