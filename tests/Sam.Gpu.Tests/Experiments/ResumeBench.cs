using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Tests.Data;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>Runs of a few steps in folders, interrupted and continued, and compared to the bit.</summary>
internal sealed class ResumeBench : IDisposable
{
    /// <summary>22 examples in minibatches of 5: an epoch is 4 steps, and leaves 2 examples out.</summary>
    private const string Small =
        "data=gaussian-classes:examples=22 network=mlp:4 loss=cross-entropy step-size=0.1 batch-size=5 steps=23 measure-every=4 eigenvalues=2 "
        + "threads=1 device=cpu micro-batch=2 supplement-start=1 saf-lag=2";

    private readonly TemporaryFolder folder = new();

    /// <summary>The path of a run, or of a file in it.</summary>
    public string this[string name] => folder[name];

    /// <summary>The devices to choose from.</summary>
    public DeviceCatalog Devices { get; init; } = TestDevices.Catalog;

    /// <summary>Begins a run.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="settings">Keys that differ from those above, such as "steps=100 seed=1".</param>
    /// <param name="interruptAt">Interrupts it when so many steps are taken.</param>
    /// <param name="killAt">Throws there: what a run leaves that does not come to its end.</param>
    /// <param name="started">Is called when the run begins.</param>
    public RunSummary Run(string name, string settings, int interruptAt = -1, int killAt = -1, Action? started = null) =>
        Run(new RunRequest
        {
            Name = name,
            Configuration = ConfigurationKey.SetAll(new RunConfiguration(), Small + " " + settings),
            DataRoot = ".",
            Output = this[name],
        }, interruptAt, killAt, started);

    /// <summary>Continues a run.</summary>
    /// <inheritdoc cref="Run(string, string, int, int, Action?)"/>
    public RunSummary Resume(string name, string settings = "", int interruptAt = -1, int killAt = -1)
    {
        var resumed = ResumedRun.Read(this[name]);
        return Run(new RunRequest
        {
            Name = resumed.Recipe.Name,
            Configuration = ConfigurationKey.SetAll(resumed.Recipe.Configuration, settings),
            DataRoot = ".",
            Resume = resumed,
        }, interruptAt, killAt);
    }

    /// <summary>Asserts that two runs left the same bits, but for the time.</summary>
    public void AssertSame(string expected, string actual)
    {
        Assert.Equal(WithoutTime(this[$"{expected}/metrics.csv"]), WithoutTime(this[$"{actual}/metrics.csv"]));
        Assert.Equal(WithoutTime(this[$"{expected}/spectrum.csv"]), WithoutTime(this[$"{actual}/spectrum.csv"]));
        Assert.Equal(File.ReadAllBytes(this[$"{expected}/parameters.npz"]), File.ReadAllBytes(this[$"{actual}/parameters.npz"]));
        Assert.Empty(Directory.GetFiles(this[actual], "*.part"));
        Assert.False(File.Exists(this[$"{actual}/.lock"]));
        using var one = NumpyArchive.Open(this[$"{expected}/checkpoint.npz"]);
        using var other = NumpyArchive.Open(this[$"{actual}/checkpoint.npz"]);
        Assert.Equal(one.Names, other.Names);
        foreach (string name in one.Names.Where(name => name is not ("settings" or "state/seconds")))
        {
            Assert.Equal(one.Read(name).Description, other.Read(name).Description);
            Near.Bits(one.Read(name).ToDoubles(), other.Read(name).ToDoubles());
        }
    }

    /// <summary>Every file with its content: what a refusal must not change.</summary>
    public IReadOnlyList<string> Inventory() =>
    [
        .. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}"),
    ];

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> WithoutTime(string file) =>
        File.ReadLines(file).Select(line => line.Split(',')).Select(cells => string.Join(',', cells.Where((_, column) => column != 2)));

    private RunSummary Run(RunRequest request, int interruptAt, int killAt, Action? started = null)
    {
        using var interruption = new CancellationTokenSource();
        using var experiment = new Experiment(request with { Devices = Devices, Figures = [] });
        return experiment.Run(new Watcher(interruptAt, killAt, interruption, started), interruption.Token);
    }

    /// <summary>Stands in for the system that ends a process.</summary>
    public sealed class KilledException : Exception;

    private sealed class Watcher(int interruptAt, int killAt, CancellationTokenSource source, Action? started) : IRunObserver
    {
        public void Started(RunPlan plan)
        {
            started?.Invoke();
            Watch(plan.FirstStep);
        }

        public void Stepped(int step, double loss, double gradientNorm) => Watch(step + 1);

        public void Measured(Measurement measurement)
        {
        }

        private void Watch(int taken)
        {
            if (taken == killAt)
            {
                throw new KilledException();
            }

            if (taken == interruptAt)
            {
                source.Cancel();
            }
        }
    }
}
