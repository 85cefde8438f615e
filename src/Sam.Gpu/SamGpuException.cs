namespace Sam.Gpu;

/// <summary>An error that the user can mend: its message says what was given, what was allowed and what to do.</summary>
/// <remarks>The command line prints the message alone, without a stack trace, and exits with <see cref="ExitCode"/>.</remarks>
public abstract class SamGpuException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was given, what was allowed, what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    protected SamGpuException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code of the process that ends on this error.</summary>
    public abstract int ExitCode { get; }
}

/// <summary>An option, key or value that is not allowed. Exit code 2.</summary>
/// <param name="message">What was given, what was allowed, what to do.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class UsageException(string message, Exception? innerException = null) : SamGpuException(message, innerException)
{
    /// <inheritdoc/>
    public override int ExitCode => 2;
}

/// <summary>A file that is missing, truncated, or not what it should be; or a disk that cannot take one. Exit code 3.</summary>
/// <param name="message">File, offset, expected, found, and the cure.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class DataException(string message, Exception? innerException = null) : SamGpuException(message, innerException)
{
    /// <inheritdoc/>
    public override int ExitCode => 3;
}

/// <summary>A device that is not there or cannot do what was asked of it. Exit code 4.</summary>
/// <param name="message">The device, what was asked, what to do.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class DeviceException(string message, Exception? innerException = null) : SamGpuException(message, innerException)
{
    /// <inheritdoc/>
    public override int ExitCode => 4;
}
