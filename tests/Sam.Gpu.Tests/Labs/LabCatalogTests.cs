using Sam.Gpu.Labs;
using Sam.Gpu.Tests.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Labs;

public class LabCatalogTests
{
    public static TheoryData<string> Names => [.. LabCatalog.All.Select(lab => lab.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_lab_has_its_section_and_its_figure_in_the_documentation(string name)
    {
        string docs = Path.Combine(AppContext.BaseDirectory, "Labs");
        string text = File.ReadAllText(Path.Combine(docs, "labs.md"));
        Assert.Contains($"\n## {name}\n", text, StringComparison.Ordinal);
        Assert.Contains($"(figures/lab-{name}.svg)", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(docs, "figures", $"lab-{name}.svg")));
    }

    // The fastest ones; what the others are made of has tests of its own.
    [Theory]
    [InlineData("minimalist")]
    [InlineData("normalized-gd")]
    public void A_lab_is_as_expected(string name)
    {
        using var folder = new TemporaryFolder();
        var result = LabSession.Run(
            LabCatalog.Find(name), new LabRequest { DataRoot = folder["none"], Output = folder["lab"], Devices = TestDevices.Catalog });
        Assert.All(result.Rows, row => Assert.True(row.IsMet, row.Quantity));
        Assert.Equal([$"{name}.svg"], result.Figures.Select(Path.GetFileName));
    }

    [Fact]
    public void Without_its_images_a_lab_leaves_the_network_out_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var said = new List<string>();
        var result = LabSession.Run(LabCatalog.Find("central-flow"), new LabRequest
        {
            DataRoot = folder["none"], Output = folder["lab"], Devices = TestDevices.Catalog, Progress = said.Add,
        });
        Assert.True(result.IsMet);
        Assert.All(result.Rows, row => Assert.StartsWith("cubic: ", row.Quantity, StringComparison.Ordinal));
        Assert.Contains(said, text => text.Contains("no cifar10 in", StringComparison.Ordinal));
    }
}
