using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunDisplay : IRunObserver, IDisposable
{
    /// <summary>Runs and shows.</summary>
    /// <param name="run">Runs, with this display as its observer.</param>
    /// <param name="interrupt">Cancelled when the run is asked to end.</param>
    /// <returns>What came out.</returns>
    RunSummary Show(Func<RunSummary> run, CancellationToken interrupt);

    /// <summary>Leaves the screen in order; the process ends right behind it. On any thread.</summary>
    void Abandon();
}
