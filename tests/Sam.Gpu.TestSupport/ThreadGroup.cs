using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>A thread group of an emulated device: host threads that live as long as the device, with barriers between them.</summary>
/// <remarks>
/// <para>
/// One thread runs at a time, until it reaches a collective or the end of its share; then the turn goes to another, in an order that
/// is drawn anew after every collective. This makes every fault reproducible, and hides none: races are found by the marks that
/// accesses leave on memory, not by their coming to pass. It also makes the barrier see all: when no thread can run, each is either
/// at a collective or finished, and where they differ the kernel has diverged. So nothing ever hangs.
/// </para>
/// <para>The launching thread is rank 0. The state below belongs to the thread that has the turn.</para>
/// </remarks>
internal sealed class ThreadGroup : IDisposable
{
    // Room for the widest lane that a kernel could hand to a collective.
    private const int SlotSize = 64;

    // No thread of an emulated group needs deep calls.
    private const int StackSize = 256 * 1024;

    private readonly EmulatedThread[] threads;
    private readonly Thread?[] hosts;
    private readonly int[] ready;
    private readonly byte[] values;
    private readonly byte[] result = new byte[SlotSize];
    private readonly Random order = new(1);
    private Launch? launch;
    private KernelFaultException? fault;
    private Action<ThreadGroup>? combine;
    private int participants;
    private int readyCount;
    private int finishedCount;
    private bool isStopping;

    /// <summary>Creates the group. Its host threads start when they are first needed.</summary>
    /// <param name="size">The number of threads.</param>
    public ThreadGroup(int size)
    {
        threads = [.. Enumerable.Range(0, size).Select(rank => new EmulatedThread(this, rank))];
        hosts = new Thread?[size];
        ready = new int[size];
        values = new byte[size * SlotSize];
    }

    /// <summary>The number of threads.</summary>
    public int Size => threads.Length;

    /// <summary>The launch that runs.</summary>
    public Launch Launch => launch!;

    /// <summary>The host threads of the group's own that are alive.</summary>
    public int LiveThreads => hosts.Count(host => host is { IsAlive: true });

    /// <summary>Runs a launch to its end.</summary>
    /// <param name="work">The launch.</param>
    /// <exception cref="KernelFaultException">The kernel made a mistake. Every thread has stopped.</exception>
    public void Run(Launch work)
    {
        participants = work.Threads;
        if (participants == 0)
        {
            return;
        }

        launch = work;
        fault = null;
        finishedCount = 0;
        for (int rank = 0; rank < participants; rank++)
        {
            threads[rank].IsFinished = false;
        }

        MakeReady(threads[0]);
        EmulatedThread.Current = threads[0];
        HandTurn(threads[0], Next(threads[0]));
        RunShare(threads[0]);
        EmulatedThread.Current = null;
        launch = null;
        if (fault is not null)
        {
            throw fault;
        }
    }

    /// <summary>The sum of the threads' values, as a tree over the ranks.</summary>
    public V Sum<V>(EmulatedThread thread, V value)
        where V : unmanaged, ILane<V> => Reduce(thread, nameof(Sum), value, static group => group.Combine<V>(static (a, b) => a + b));

    /// <summary>The maximum of the threads' values.</summary>
    public V Max<V>(EmulatedThread thread, V value)
        where V : unmanaged, ILane<V> => Reduce(thread, nameof(Max), value, static group => group.Combine<V>(V.Max));

    /// <summary>Waits for the other threads.</summary>
    public void Barrier(EmulatedThread thread) => Meet(thread, nameof(Barrier), null);

    /// <summary>Ends the host threads.</summary>
    public void Dispose()
    {
        isStopping = true;
        for (int rank = 1; rank < Size; rank++)
        {
            if (hosts[rank] is { } host)
            {
                threads[rank].GiveTurn();
                host.Join();
            }
        }

        foreach (var thread in threads)
        {
            thread.Dispose();
        }
    }

    private V Reduce<V>(EmulatedThread thread, string operation, V value, Action<ThreadGroup> combination)
        where V : unmanaged, ILane<V>
    {
        Unsafe.WriteUnaligned(ref values[thread.Rank * SlotSize], value);
        Meet(thread, operation, combination);

        // The next result is not written before every thread has come to the next collective, so this one is still there.
        return Unsafe.ReadUnaligned<V>(ref result[0]);
    }

    private void Combine<V>(Func<V, V, V> operation)
        where V : unmanaged
    {
        for (int remaining = Size; remaining > 1;)
        {
            int half = (remaining + 1) / 2;
            for (int rank = 0; rank + half < remaining; rank++)
            {
                ref byte left = ref values[rank * SlotSize];
                ref byte right = ref values[(rank + half) * SlotSize];
                Unsafe.WriteUnaligned(ref left, operation(Unsafe.ReadUnaligned<V>(ref left), Unsafe.ReadUnaligned<V>(ref right)));
            }

            remaining = half;
        }

        Unsafe.WriteUnaligned(ref result[0], Unsafe.ReadUnaligned<V>(ref values[0]));
    }

    private void Meet(EmulatedThread thread, string operation, Action<ThreadGroup>? combination)
    {
        var now = thread.Now;
        thread.Collective = new Collective(operation, now.Group, now.Epoch);
        combine = combination;
        HandTurn(thread, Next(thread));
        if (fault is not null)
        {
            throw new LaunchEnded();
        }

        thread.Now = new MemoryAccess(now.Operation, now.Group, now.Rank, now.Epoch + 1);
    }

    private void RunShare(EmulatedThread thread)
    {
        // After a fault, the threads that have not begun do not.
        if (fault is null)
        {
            try
            {
                Launch.Run(thread);
            }
            catch (LaunchEnded)
            {
            }
            catch (KernelFaultException found)
            {
                fault = found;
            }
#pragma warning disable CA1031 // Whatever a kernel lets escape is its mistake; it must not end the process from a thread of the group.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                fault = new KernelFaultException(
                    $"{Launch.KernelName}: {Launch.Describe(thread.Now)} let an exception escape: "
                    + $"{exception.GetType().Name}: {exception.Message}",
                    exception);
            }
        }

        thread.IsFinished = true;
        finishedCount++;
        HandTurn(thread, Next(thread));
    }

    private void HandTurn(EmulatedThread from, EmulatedThread to)
    {
        if (from == to)
        {
            return;
        }

        if (to.Rank > 0 && hosts[to.Rank] is null)
        {
            hosts[to.Rank] = new Thread(() => Host(to), StackSize) { IsBackground = true, Name = $"emulated rank {to.Rank}" };
            hosts[to.Rank]!.Start();
        }

        // A host thread that has done its share waits for the next launch where it waited for this one; rank 0 waits for this one's end.
        // This is settled first: from the next line on, the state belongs to the other thread.
        bool mustWait = !from.IsFinished || from.Rank == 0;
        to.GiveTurn();
        if (mustWait)
        {
            from.AwaitTurn();
        }
    }

    private void Host(EmulatedThread thread)
    {
        EmulatedThread.Current = thread;
        while (true)
        {
            thread.AwaitTurn();
            if (isStopping)
            {
                return;
            }

            RunShare(thread);
        }
    }

    // The thread that runs next. When the launch is over that is rank 0, which returns from it.
    private EmulatedThread Next(EmulatedThread current)
    {
        if (readyCount == 0)
        {
            if (finishedCount == participants)
            {
                return threads[0];
            }

            fault ??= Divergence();
            if (fault is null)
            {
                combine?.Invoke(this);
            }

            MakeReady(current);
        }

        return threads[ready[--readyCount]];
    }

    // All threads that are not finished may run, in a new order; the current one first, which saves a change of threads.
    private void MakeReady(EmulatedThread current)
    {
        for (int rank = 0; rank < participants; rank++)
        {
            if (!threads[rank].IsFinished && rank != current.Rank)
            {
                ready[readyCount++] = rank;
            }
        }

        order.Shuffle(ready.AsSpan(0, readyCount));
        if (!current.IsFinished)
        {
            ready[readyCount++] = current.Rank;
        }
    }

    private KernelFaultException? Divergence()
    {
        var waiting = threads.Take(participants).Where(thread => !thread.IsFinished).ToList();
        if (waiting.Count == participants && waiting.All(thread => thread.Collective == waiting[0].Collective))
        {
            return null;
        }

        // A thread that is finished or in a later row or tile has returned from this one.
        int row = waiting.Min(thread => thread.Collective.Row);
        var places = threads.Take(participants).GroupBy(
            thread => thread.IsFinished || thread.Collective.Row != row ? "returned" : $"waits at {thread.Collective}",
            thread => thread.Rank);
        string where = string.Join("; ", places.Select(place => $"rank {string.Join(", ", place)} {place.Key}"));
        return new KernelFaultException(
            $"{Launch.KernelName}: the threads of {Launch.Work} {row} do not reach the same collectives: {where}.");
    }

    // Takes a thread out of its kernel after another one's fault.
    private sealed class LaunchEnded : Exception;
}
