using System.Runtime.InteropServices;

namespace Sam.Gpu.Cli;

/// <summary>Makes a file that outgrows a limit (<c>ulimit -f</c>) a failed write, as a full disk is, where the system would end the process.</summary>
internal static class FileSizeLimit
{
    // SIGXFSZ of Linux and macOS, which .NET has no name for.
    private const PosixSignal Exceeded = (PosixSignal)25;

    // Never disposed of: a signal that is handled a moment after the write has failed would end the process all the same.
    private static PosixSignalRegistration? registration;

    /// <summary>Begins, for as long as the process lives.</summary>
    public static void Watch()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            registration ??= PosixSignalRegistration.Create(Exceeded, context => context.Cancel = true);
        }
    }
}
