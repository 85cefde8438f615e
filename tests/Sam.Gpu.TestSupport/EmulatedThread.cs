namespace Sam.Gpu.TestSupport;

/// <summary>One rank of a <see cref="ThreadGroup"/>, on a host thread of its own.</summary>
/// <param name="group">The group.</param>
/// <param name="rank">The rank.</param>
internal sealed class EmulatedThread(ThreadGroup group, int rank) : IDisposable
{
    // Of all ways to sleep this one wastes the least while many threads wait: it does not spin.
    private readonly AutoResetEvent turn = new(false);

    /// <summary>The emulated thread that the calling host thread is; null outside a launch.</summary>
    [field: ThreadStatic]
    public static EmulatedThread? Current { get; set; }

    /// <summary>The group that the thread is in.</summary>
    public ThreadGroup Group { get; } = group;

    /// <summary>The thread's number in its group.</summary>
    public int Rank { get; } = rank;

    /// <summary>The launch that the thread works on.</summary>
    public Launch Launch => Group.Launch;

    /// <summary>The mark that an access of this moment leaves.</summary>
    public MemoryAccess Now { get; set; }

    /// <summary>Whether the thread has done its share of the launch.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The collective at which the thread waits, if it does.</summary>
    public Collective Collective { get; set; }

    /// <summary>Lets the thread run.</summary>
    public void GiveTurn() => turn.Set();

    /// <summary>Waits until the thread may run.</summary>
    public void AwaitTurn() => turn.WaitOne();

    public void Dispose() => turn.Dispose();
}
