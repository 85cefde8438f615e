using System.Text.Json.Nodes;
using Sam.Gpu.Labs;
using Sam.Gpu.Tests.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Labs;

public sealed class LabSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Findings_are_compared_and_written_down()
    {
        var result = Run(session =>
        {
            session.Expect("near", 1, 0.1, 1.05);
            session.ExpectRange("below", double.NegativeInfinity, 3, 2);
            session.Report("reported", double.NaN);
        });

        Assert.True(result.IsMet);
        var findings = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["lab"], "lab.json")))!["findings"]!.AsArray();
        Assert.Equal(["near", "below", "reported"], findings.Select(row => row!["quantity"]!.GetValue<string>()));
        Assert.True(findings[0]!["as-expected"]!.GetValue<bool>());
        Assert.Null(findings[2]!["as-expected"]);
    }

    [Theory]
    [InlineData(1.2)]
    [InlineData(double.NaN)]
    public void One_finding_that_is_not_as_expected_is_enough(double measured) =>
        Assert.False(Run(session =>
        {
            session.Expect("met", 1, 0.1, 1);
            session.Expect("not met", 1, 0.1, measured);
        }).IsMet);

    [Fact]
    public void A_lab_trains_in_its_own_folder()
    {
        var result = Run(session =>
        {
            var run = session.Train("small", "chebyshev", "network=mlp:8 steps=4 measure-every=2");
            session.Expect("measurements", 3, 0, run.Steps.Count);
        });

        Assert.True(result.IsMet);
        Assert.True(File.Exists(folder["lab/small/run.json"]));
    }

    [Fact]
    public void A_folder_that_exists_is_left_alone()
    {
        Directory.CreateDirectory(folder["lab"]);
        folder.Write("lab/file", 1);

        Assert.Throws<UsageException>(() => Run(_ => { }));
        Assert.Equal([folder["lab/file"]], Directory.GetFileSystemEntries(folder["lab"]));
    }

    [Fact]
    public void Names_are_known_once_and_a_wrong_one_has_the_nearest_suggested()
    {
        Assert.Equal(LabCatalog.All.Count, LabCatalog.All.Select(lab => lab.Name).Distinct().Count());
        Assert.Contains("Did you mean 'sam-edge'?", Assert.Throws<UsageException>(() => LabCatalog.Find("sam-egde")).Message, StringComparison.Ordinal);
    }

    private LabResult Run(Action<LabSession> run) =>
        LabSession.Run(new FreeLab(run), new LabRequest { DataRoot = ".", Output = folder["lab"], Devices = TestDevices.Catalog });

    private sealed class FreeLab(Action<LabSession> run) : Lab
    {
        public override string Name => "free";

        public override string Claim => "nothing";

        public override string Source => "nobody";

        public override void Run(LabSession session) => run(session);
    }
}
