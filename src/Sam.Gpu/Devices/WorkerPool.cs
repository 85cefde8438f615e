using System.Runtime.InteropServices;

namespace Sam.Gpu.Devices;

/// <summary>The threads of a <see cref="CpuDevice{V}"/>: they share one task at a time out in numbered pieces.</summary>
/// <remarks>
/// <para>
/// The caller is one of the workers. A task is a function pointer with its argument, so that starting one allocates nothing. It is done
/// when its pieces are done: a thread that wakes up too late to get one is not waited for. The threads spin for a short while after a
/// task, for the next is usually near, then sleep; where there are more threads than cores they do not spin.
/// </para>
/// <para>Which worker takes which piece is left to chance: a piece must not depend on it. Pieces must not throw.</para>
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // About 20 µs: longer than the gap between two operations of a training step, shorter than anyone would notice.
    private const int SpinRounds = 500;
    private const int SpinLength = 8;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim wake = new(0);
    private readonly int spinRounds;
    private Shared shared;
    private volatile bool stop;

    /// <summary>Starts the pool.</summary>
    /// <param name="size">The number of workers, the caller included, ≥ 1.</param>
    public WorkerPool(int size)
    {
        Size = size;
        spinRounds = size <= Environment.ProcessorCount ? SpinRounds : 0;
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

    /// <summary>The workers that sleep, for tests.</summary>
    internal int Sleeping => Volatile.Read(ref shared.Sleeping);

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

        // The fields change only while no piece is left to take: those of the task before are all done.
        shared.Task = task;
        shared.Argument = argument;
        shared.Pieces = pieces;
        shared.Unfinished = pieces;
        ulong number = (shared.Ticket >> 32) + 1;
        Interlocked.Exchange(ref shared.Ticket, (number << 32) | (uint)pieces);
        Wake(pieces - 1);
        Take(0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref shared.Unfinished) > 0)
        {
            spin.SpinOnce(-1);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        stop = true;
        Interlocked.MemoryBarrier();
        Wake(threads.Length);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        wake.Dispose();
    }

    // A sleeper is taken off the count by whoever wakes it, so that there are never more releases than sleepers.
    private void Wake(int most)
    {
        while (true)
        {
            int sleeping = Volatile.Read(ref shared.Sleeping);
            int count = Math.Min(sleeping, most);
            if (count == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref shared.Sleeping, sleeping - count, sleeping) == sleeping)
            {
                wake.Release(count);
                return;
            }
        }
    }

    private void Work(int worker)
    {
        while (!stop)
        {
            Take(worker);
            Await();
        }
    }

    // Returns when there is a piece to take, or for no reason.
    private void Await()
    {
        for (int round = 0; round < spinRounds; round++)
        {
            if (HasPiece || stop)
            {
                return;
            }

            Thread.SpinWait(SpinLength);
        }

        // Between announcing that it sleeps and sleeping, a thread looks once more; a task that came before the announcement is seen here,
        // one that came after it releases the semaphore.
        Interlocked.Increment(ref shared.Sleeping);
        if ((HasPiece || stop) && TryStayAwake())
        {
            return;
        }

        wake.Wait();
    }

    private bool HasPiece => (uint)Volatile.Read(ref shared.Ticket) != 0;

    // Takes the announcement back, unless somebody has already released the semaphore for it.
    private bool TryStayAwake()
    {
        while (true)
        {
            int sleeping = Volatile.Read(ref shared.Sleeping);
            if (sleeping == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref shared.Sleeping, sleeping - 1, sleeping) == sleeping)
            {
                return true;
            }
        }
    }

    // The ticket is the number of the task and of its pieces that nobody has taken, in one: a piece is taken only if neither has changed
    // since the fields of the task were read, and while a piece is left the fields stay as they are.
    private void Take(int worker)
    {
        while (true)
        {
            ulong ticket = Volatile.Read(ref shared.Ticket);
            uint left = (uint)ticket;
            if (left == 0)
            {
                return;
            }

            var task = shared.Task;
            void* argument = shared.Argument;
            int piece = shared.Pieces - (int)left;
            if (Interlocked.CompareExchange(ref shared.Ticket, ticket - 1, ticket) == ticket)
            {
                task(argument, piece, worker);
                Interlocked.Decrement(ref shared.Unfinished);
            }
        }
    }

    // What is written for each piece, and what is written for each task, lie on cache lines of their own, two apart for the prefetcher.
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Shared
    {
        [FieldOffset(128)]
        public ulong Ticket;

        [FieldOffset(256)]
        public int Unfinished;

        [FieldOffset(384)]
        public int Sleeping;

        [FieldOffset(512)]
        public delegate*<void*, int, int, void> Task;

        [FieldOffset(520)]
        public void* Argument;

        [FieldOffset(528)]
        public int Pieces;
    }
}
