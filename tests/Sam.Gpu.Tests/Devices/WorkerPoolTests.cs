using System.Diagnostics;
using Sam.Gpu.Devices;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Every_piece_of_many_small_tasks_runs_once_before_the_task_ends(int size)
    {
        using var pool = new WorkerPool(size);
        int* counts = stackalloc int[40];
        for (int round = 0; round < 4000; round++)
        {
            int pieces = round % 40;
            new Span<int>(counts, 40).Clear();
            pool.Run(&Count, counts, pieces);
            for (int piece = 0; piece < 40; piece++)
            {
                Assert.Equal(piece < pieces ? 1 : 0, counts[piece]);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Workers_that_fell_asleep_between_tasks_do_not_lose_or_repeat_pieces(int size)
    {
        using var pool = new WorkerPool(size);
        int* counts = stackalloc int[40];
        for (int round = 0; round < 100; round++)
        {
            // Around the time that the workers spin before they sleep.
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalMicroseconds < round * 3)
            {
                Thread.SpinWait(10);
            }

            new Span<int>(counts, 40).Clear();
            pool.Run(&Count, counts, 40);
            Assert.Equal(Enumerable.Repeat(1, 40), new Span<int>(counts, 40).ToArray());
        }
    }

    [Fact]
    public void Worker_numbers_are_below_the_size_and_no_two_threads_share_one()
    {
        using var pool = new WorkerPool(4);
        int* inside = stackalloc int[5];
        new Span<int>(inside, 5).Clear();
        for (int round = 0; round < 300; round++)
        {
            pool.Run(&Enter, inside, 32);
        }

        Assert.Equal(0, inside[4]);
    }

    [Fact]
    public void Starting_a_task_allocates_nothing()
    {
        using var pool = new WorkerPool(3);
        int* counts = stackalloc int[16];
        pool.Run(&Count, counts, 16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 200; round++)
        {
            pool.Run(&Count, counts, 16);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Idle_workers_sleep()
    {
        using var pool = new WorkerPool(2);
        int* counts = stackalloc int[16];
        pool.Run(&Count, counts, 16);
        Assert.True(SpinWait.SpinUntil(() => pool.Sleeping == 1, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_pool_can_be_disposed_whether_or_not_its_workers_sleep()
    {
        int* counts = stackalloc int[16];
        for (int round = 0; round < 100; round++)
        {
            var pool = new WorkerPool(1 + (round % 4));
            pool.Run(&Count, counts, round % 16);
            if (round % 10 == 0)
            {
                Thread.Sleep(1);
            }

            pool.Dispose();
        }
    }

    private static void Count(void* argument, int piece, int worker) => Interlocked.Increment(ref ((int*)argument)[piece]);

    private static void Enter(void* argument, int piece, int worker)
    {
        int* inside = (int*)argument;
        if (worker is < 0 or > 3 || Interlocked.Increment(ref inside[worker]) != 1)
        {
            Interlocked.Increment(ref inside[4]);
        }

        Thread.SpinWait(20);
        Interlocked.Decrement(ref inside[worker]);
    }
}
