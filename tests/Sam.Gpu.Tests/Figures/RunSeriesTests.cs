using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class RunSeriesTests : IDisposable
{
    private const string Spectrum = """
        step,time_seconds,loss,gradient_norm,eigenvalue_1,eigenvalue_2,residual_1,residual_2,converged_1,converged_2,sam_edge,gd_edge,alignment_gradient,alignment_sam_gradient,accuracy
        0,0.5,2.5,1.25,10,4,1e-4,1e-3,1,0,17.5,40,0.25,0.5,
        25,1.5,1.5,0.75,12.5,-4,1e-4,1e-3,true,true,15.5,40,0.125,,0.75
        """;

    private const string Metrics = """
        step,time_seconds,loss,gradient_norm,sam_gradient_norm
        0,0.1,2.5,1.25,1.5
        1,0.2,2.25,1.25,
        2,0.3,NaN,inf,
        """;

    private const string Run = """
        { "name": "demo-1", "device": "cpu", "versions": { "samgpu": "0.1.0", "commit": "abc" }, "other": [1, 2],
          "configuration": { "optimizer": "sam", "step-size": 0.05, "rho": 0.1, "momentum": null, "network": "mlp:8" } }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("sam-gpu-figures-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private RunSeries Read(string? run = Run, string? spectrum = Spectrum, string? metrics = Metrics)
    {
        Write("run.json", run);
        Write("spectrum.csv", spectrum);
        Write("metrics.csv", metrics);
        return RunSeries.Read(folder);

        void Write(string name, string? text)
        {
            string path = Path.Combine(folder, name);
            File.Delete(path);
            if (text is not null)
            {
                File.WriteAllText(path, text);
            }
        }
    }

    [Fact]
    public void A_run_is_read_from_its_files()
    {
        RunSeries run = Read();
        Assert.Equal(("demo-1", "sam", 0.05, 0.1), (run.Name, run.Optimizer, run.StepSize, run.Rho));
        Assert.Equal(double.NaN, run.Momentum);
        Assert.Equal([0.0, 25], run.Steps);
        Assert.Equal([0.5, 1.5], run.Times);
        Assert.Equal([[10.0, 12.5], [4.0, -4]], run.Eigenvalues);
        Assert.Equal([[true, true], [false, true]], run.Converged);
        Assert.Equal([17.5, 15.5], run.SamEdge);
        Assert.Equal([40.0, 40], run.BaseEdge);
        Assert.Equal([0.5, double.NaN], run.AlignmentSamGradient);
        Assert.Equal([0.0, 1, 2], run.LossSteps);
        Assert.Equal([2.5, 2.25, double.NaN], run.Losses);
        Assert.StartsWith("run: demo-1\nsamgpu: 0.1.0\ncommit: abc\ndevice: cpu\nconfiguration: {", run.Provenance, StringComparison.Ordinal);
        Assert.Contains("\"network\":\"mlp:8\"", run.Provenance, StringComparison.Ordinal);
        Assert.All(RunFigures.Of(run), figure => Assert.NotEmpty(SvgRenderer.Render(figure)));
    }

    [Fact]
    public void Windows_line_ends_and_missing_optional_files_and_columns_are_fine()
    {
        RunSeries run = Read("{}", "step,loss,eigenvalue_1\r\n0,1.5,2\r\n\r\n", metrics: null);
        Assert.Equal(Path.GetFileName(folder), run.Name);
        Assert.Equal([1.5], run.Losses);
        Assert.Equal([[true]], run.Converged);
        Assert.Equal([double.NaN], run.BaseEdge);
        Assert.Empty(Read("{}", "step,loss", metrics: null).Steps);
    }

    [Fact]
    public void Momentum_has_an_edge_of_its_own()
    {
        RunSeries run = Read(
            """{"configuration":{"optimizer":"polyak","step-size":0.1,"momentum":0.9}}""",
            "step,loss,eigenvalue_1,gd_edge,base_edge\n0,1,2,20,38");
        Assert.Equal([38.0], run.BaseEdge);
        Assert.Equal("Polyak edge", RunFigures.Of(run)[0].Series[1].Label);

        RunSeries sam = Read(
            """{"configuration":{"optimizer":"sam","base-optimizer":"nesterov","step-size":0.1,"rho":0.05,"momentum":0.9}}""",
            "step,loss,eigenvalue_1,gd_edge,base_edge,sam_edge\n0,1,2,20,13.5,10");
        Assert.Equal([13.5], sam.BaseEdge);
        Assert.Equal(["*λ*_{1}", "SAM edge", "Nesterov edge"], RunFigures.Of(sam)[0].Series.Select(series => series.Label));
        Assert.StartsWith("SAM with Nesterov momentum", RunFigures.Of(sam)[0].Title, StringComparison.Ordinal);
        Assert.Equal("2/*η*", RunFigures.Of(sam with { BaseEdge = [20] })[0].Series[2].Label);
    }

    [Fact]
    public void Preconditioned_eigenvalues_have_the_edge_and_a_figure_of_their_own()
    {
        RunSeries run = Read(
            """{"configuration":{"optimizer":"adam","base-optimizer":"adam","step-size":0.001}}""",
            "step,loss,eigenvalue_1,base_edge,preconditioned_eigenvalue_1,preconditioned_converged_1,preconditioned_edge\n"
            + "0,1,2,,19000,1,38000\n5,1,3,,38000,0,38000");
        Assert.Equal([2.0, 3], run.Eigenvalues[0]);
        Assert.Equal([19000.0, 38000], run.Sharpness);
        Assert.Equal([true, false], run.SharpnessConverged);
        Assert.Equal([38000.0, 38000], run.Edge);
        Assert.Equal([double.NaN, double.NaN], run.HessianEdge);

        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        Assert.Equal(6, figures.Count);
        Assert.Equal(["*λ*_{1}"], figures[0].Series.Select(series => series.Label));
        Assert.Equal([0.5, 1], figures[4].Series[0].Y);
        Assert.Equal("*λ*_{1}(*P*^{−1}*H*) / (Adam edge)", figures[4].YAxis.Label);
        Assert.Equal("eigenvalues-preconditioned", figures[5].Name);
        Assert.Equal(["*λ*_{1}", "Adam edge"], figures[5].Series.Select(series => series.Label));
        Assert.Equal([false, true], figures[5].Series[0].Unconverged);

        figures = RunFigures.Overlay([run, RunSample.Of()]);
        Assert.Equal(6, figures.Count);
        Assert.Equal([19000.0, 38000], figures[5].Series[0].Y);
        Assert.Equal([38000.0, 38000], figures[5].Series[1].Y);
        Assert.All(figures, figure => Assert.NotEmpty(SvgRenderer.Render(figure)));
    }

    [Theory]
    [InlineData("step,loss\n0,abc", "spectrum.csv, line 2, column 'loss': 'abc' is no number")]
    [InlineData("step,loss\n0,1\n\n1,2,3", "spectrum.csv, line 4: found 3 cells, expected 2")]
    [InlineData("step,loss\n0,\"1,5\"", "spectrum.csv, line 2: found 3 cells, expected 2")]
    [InlineData("loss\n1", "spectrum.csv, line 1: there is no column 'step'. Found loss.")]
    [InlineData("step,step\n1,2", "spectrum.csv, line 1: the column 'step' is there twice")]
    [InlineData("", "spectrum.csv, line 1: the file is empty")]
    [InlineData(null, "spectrum.csv cannot be read")]
    public void Broken_tables_are_errors_that_say_where(string? spectrum, string expected)
    {
        var error = Assert.Throws<DataException>(() => Read(spectrum: spectrum, metrics: null));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "run.json, line 1: this is not JSON")]
    [InlineData("[]", "run.json: found Array, expected an object")]
    [InlineData("""{"configuration":{"rho":"big"}}""", "run.json, configuration, rho: found \"big\", expected a number")]
    [InlineData(null, "run.json cannot be read")]
    public void A_broken_description_is_an_error_that_says_where(string? run, string expected)
    {
        Assert.Contains(expected, Assert.Throws<DataException>(() => Read(run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_none_is_an_error()
    {
        Assert.Throws<DataException>(() => RunSeries.Read(Path.Combine(folder, "nowhere")));
    }
}
