using System.Collections.Concurrent;
using Sam.Gpu.Data;
using Sam.Gpu.Experiments;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

public sealed class RunFolderTests : IDisposable
{
    private const int Runs = 8;

    private static readonly DataSet Data = DataSource.Parse("chebyshev-5-20", "");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_is_there_with_its_run_json_and_nothing_beside_it()
    {
        var created = Create("demo", folder["out/run/"]);

        Assert.Equal(folder["out/run"], created.FullName);
        Assert.Equal([created.File("run.json")], Directory.GetFileSystemEntries(created.FullName));
        Assert.Equal([created.FullName], Directory.GetFileSystemEntries(folder["out"]));
    }

    [Fact]
    public void Of_runs_that_ask_for_the_same_folder_at_once_one_gets_it()
    {
        var outcomes = AtOnce(() => Create("demo", folder["run"]));

        Assert.Single(outcomes, outcome => outcome is RunFolder);
        Assert.Equal(Runs - 1, outcomes.Count(outcome => outcome is UsageException));
        Assert.Equal([folder["run"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Runs_that_begin_at_once_without_an_output_get_a_folder_each()
    {
        // A full path as the name stands in for the name in runs/, which would be in the folder that the tests run in.
        var outcomes = AtOnce(() => Create(folder["demo"], null));

        string[] expected = [folder["demo"], .. Enumerable.Range(2, Runs - 1).Select(number => folder[$"demo-{number}"])];
        Assert.Equal(expected.Order(), outcomes.Cast<RunFolder>().Select(created => created.FullName).Order());
        Assert.Equal(expected.Order(), Directory.GetFileSystemEntries(folder.Path).Order());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_leaves_nothing()
    {
        folder.Write("file", 1);

        var error = Assert.Throws<DataException>(() => Create("demo", folder["file/run"]));

        Assert.Contains("--output", error.Message, StringComparison.Ordinal);
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
    }

    private static RunFolder Create(string name, string? output)
    {
        var configuration = new RunConfiguration();
        return RunFolder.Create(
            new RunRequest { Name = name, Configuration = configuration, DataRoot = "", Output = output },
            new RunPlan(name, configuration, Data.Name, Data.Examples, Data.Examples, 0, 1, "CPU", "", "portable", new MemoryPlan(1, 2, 1), ""),
            Data, DateTimeOffset.UnixEpoch);
    }

    private static ConcurrentBag<object> AtOnce(Func<RunFolder> create)
    {
        var outcomes = new ConcurrentBag<object>();
        using var start = new Barrier(Runs);
        Thread[] threads =
        [
            .. Enumerable.Range(0, Runs).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    outcomes.Add(create());
                }
                catch (SamGpuException exception)
                {
                    outcomes.Add(exception);
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return outcomes;
    }
}
