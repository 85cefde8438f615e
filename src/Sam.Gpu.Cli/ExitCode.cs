namespace Sam.Gpu.Cli;

/// <summary>How the process ends. The codes 2, 3 and 4 of errors are those of <see cref="SamGpuException.ExitCode"/>.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>A run was not as its recipe says.</summary>
    public const int NotAsExpected = 1;

    /// <summary>There is not enough memory, or a device failed its check.</summary>
    public const int Device = 4;

    /// <summary>The run diverged; what was measured is kept.</summary>
    public const int Diverged = 5;

    /// <summary>A bug (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>Ctrl+C: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>128 and the number of SIGTERM.</summary>
    public const int Terminated = 143;
}
