namespace Sam.Gpu.Devices;

/// <summary>The threads of a <see cref="CpuDevice{V}"/>: they share one task at a time out in numbered pieces.</summary>
/// <remarks>
/// <para>
/// The caller is one of the workers. A task is a function pointer with its argument, so that starting one allocates nothing. The others
/// spin for a short while after a task, for the next is usually near, then sleep.
/// </para>
/// <para>Which worker takes which piece is left to chance: a piece must not depend on it.</para>
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // About 20 µs: longer than the gap between two operations of a training step, shorter than anyone would notice.
    private const int SpinRounds = 2000;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim wake = new(0);
    private delegate*<void*, int, int, void> task;
    private void* argument;
    private int pieces;
    private int next;
    private int active;
    private int sleeping;
    private int generation;
    private volatile bool stop;

    /// <summary>Starts the pool.</summary>
    /// <param name="size">The number of workers, the caller included, ≥ 1.</param>
    public WorkerPool(int size)
    {
        Size = size;
        threads = new Thread[size - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int worker = i + 1;
            threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"samgpu worker {worker}" };
            threads[i].Start();
        }
    }

    /// <summary>The number of workers, the caller included.</summary>
    public int Size { get; }

    /// <summary>Runs a task and waits for all of its pieces.</summary>
    /// <param name="task">Called with the argument, a piece's number and the worker's number, 0 ≤ worker &lt; <see cref="Size"/>.</param>
    /// <param name="argument">Handed through.</param>
    /// <param name="pieces">The number of pieces.</param>
    public void Run(delegate*<void*, int, int, void> task, void* argument, int pieces)
    {
        if (pieces <= 1 || Size == 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                task(argument, piece, 0);
            }

            return;
        }

        this.task = task;
        this.argument = argument;
        this.pieces = pieces;
        next = 0;
        Volatile.Write(ref active, threads.Length);
        Interlocked.Increment(ref generation);
        int asleep = Volatile.Read(ref sleeping);
        if (asleep > 0)
        {
            wake.Release(asleep);
        }

        Take(0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref active) > 0)
        {
            spin.SpinOnce(-1);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        stop = true;
        Interlocked.Increment(ref generation);
        wake.Release(threads.Length + 1);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        wake.Dispose();
    }

    private void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            seen = AwaitTask(seen);
            if (stop)
            {
                return;
            }

            Take(worker);
            Interlocked.Decrement(ref active);
        }
    }

    private int AwaitTask(int seen)
    {
        for (int round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref generation) != seen)
            {
                return Volatile.Read(ref generation);
            }

            Thread.SpinWait(4);
        }

        // Between announcing that it sleeps and sleeping, a worker looks once more; a task that came before the announcement is seen
        // here, one that came after it releases the semaphore. A surplus release costs one extra round.
        while (true)
        {
            Interlocked.Increment(ref sleeping);
            if (Volatile.Read(ref generation) == seen)
            {
                wake.Wait();
            }

            Interlocked.Decrement(ref sleeping);
            if (Volatile.Read(ref generation) != seen)
            {
                return Volatile.Read(ref generation);
            }
        }
    }

    private void Take(int worker)
    {
        int piece;
        while ((piece = Interlocked.Increment(ref next) - 1) < pieces)
        {
            task(argument, piece, worker);
        }
    }
}
