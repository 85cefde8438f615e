using System.Runtime.InteropServices;

namespace Sam.Gpu.Cli;

/// <summary>Ctrl+C and SIGTERM as a request to come to an end. A second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Action ending;
    private int exitCode;

    /// <summary>Begins to listen.</summary>
    /// <param name="ending">What to do before the second signal ends the process.</param>
    public Interruption(Action ending)
    {
        this.ending = ending;
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, Cli.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, Cli.ExitCode.Terminated)),
        ];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The exit code that the first signal asks for.</summary>
    public int ExitCode => exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int code)
    {
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            ending();
            return;
        }

        context.Cancel = true;
        source.Cancel();
    }
}
