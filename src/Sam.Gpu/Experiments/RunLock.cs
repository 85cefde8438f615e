using Sam.Gpu.Data;

namespace Sam.Gpu.Experiments;

/// <summary>Keeps the folder of a run to one process: two that write the same tables would destroy them.</summary>
/// <remarks>The system lets go of it when the process ends, however that is; the empty file may then stay behind, and locks nothing.</remarks>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream stream;

    /// <summary>Takes the folder.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <exception cref="UsageException">Another process has it.</exception>
    /// <exception cref="DataException">The folder cannot be written to.</exception>
    public RunLock(string folder)
    {
        string path = Path.Combine(folder, ".lock");
        bool isThere = File.Exists(path);
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when (isThere && exception.GetType() == typeof(IOException))
        {
            throw new UsageException(
                $"The run '{folder}' is at work in another process: it can be continued when that has ended. Wait for it, or interrupt it.",
                exception);
        }
        catch (Exception exception) when (DiskFailure.Is(exception))
        {
            throw new DataException(
                $"'{path}' cannot be written: {DiskFailure.Describe(exception)}. Free some space, mend the permissions or give another folder.",
                exception);
        }
    }

    /// <summary>Leaves it to others.</summary>
    public void Dispose() => stream.Dispose();
}
