using Sam.Gpu.Experiments;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>The first commands of the README come out as it says: the sharpness ends at the SAM edge.</summary>
public sealed class EdgeRunTests
{
    [Fact]
    public void The_demo_rises_to_the_edge_of_sam_and_rides_it()
    {
        var summary = RecipeRun.Of("demo", "", folder =>
        {
            string[] figures = ["alignments", "eigenvalues", "eigenvalues-sam-edge", "loss", "ratio"];
            Assert.Equal(figures, Directory.GetFiles(Path.Combine(folder, "figures")).Select(Path.GetFileNameWithoutExtension).Order());
        });
        Assert.Equal(RunStatus.Completed, summary.Status);
        Assert.InRange(summary.Measurements[0].Ratio, 0, 0.5);
        Assert.InRange(summary.MeanRatio(0.25), 0.95, 1.08);
        Assert.Equal(0, summary.Unconverged);
    }

    [Fact]
    public void Mnist_ends_at_the_edge_of_sam()
    {
        string mnist = Path.Combine(SharedData.FolderOrSkip(), "mnist");
        var summary = RecipeRun.Of(
            "demo",
            $"data=mnist:{mnist} examples=1000 network=mlp:200-200 activation=tanh loss=half-squared-error initialization=glorot-normal "
            + "optimizer=sam step-size=0.05 rho=0.1 steps=600 measure-every=25 eigenvalues=1");

        // The same network in PyTorch gives 1.02 to 1.05.
        Assert.InRange(summary.MeanRatio(0.25), 0.95, 1.08);
        Assert.InRange(summary.Measurements[^1].Accuracy, 0.9, 1);
    }
}
