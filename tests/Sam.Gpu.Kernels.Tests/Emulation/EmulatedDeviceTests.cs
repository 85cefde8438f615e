using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;
using Sam.Gpu.TestSupport;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>Memory, copies, and the life of the emulated device.</summary>
public sealed class EmulatedDeviceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void The_device_is_usable_after_a_fault(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var output = bench.UnwrittenSpan("output", groupSize);
        var buffer = bench.Device.Buffer(output);
        for (int round = 0; round < 3; round++)
        {
            bench.RowFault(new StoresTooFar(buffer, 0), 4);
            bench.RowFault(new StoresTooFar(buffer, groupSize - 1), 4);
            bench.Device.LaunchRows(new SumsInto(buffer), 1, groupSize);
            double[] sums = new double[groupSize];
            bench.Device.Download(output, sums);
            Assert.All(sums, sum => Assert.Equal(groupSize, sum));
        }
    }

    [Fact]
    public void Threads_are_started_once_and_ended_with_the_device()
    {
        var device = new EmulatedDevice<Float1>(32);
        using var output = device.Allocate(32, "output");
        Assert.Equal(0, device.LiveThreads);
        for (int launch = 0; launch < 3; launch++)
        {
            device.LaunchRows(new SumsInto(device.Buffer(output.Span)), 1, 32);

            // The launching thread is rank 0.
            Assert.Equal(31, device.LiveThreads);
        }

        Assert.Throws<KernelFaultException>(() => device.LaunchRows(new StoresTooFar(device.Buffer(output.Span), 3), 1, 32));
        Assert.Equal(31, device.LiveThreads);
        device.Dispose();
        Assert.Equal(0, device.LiveThreads);
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Allocate(1, "late"));
    }

    [Fact]
    public void A_fault_is_the_same_every_time()
    {
        string[] messages = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            using var bench = new Bench(32);
            return bench.RowFault(new StoresTooFar(bench.Unwritten("output", 32), 17), 3).Message;
        })];

        Assert.Single(messages.Distinct());
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void Numbers_come_back_as_they_went_rounded_to_the_precision(Precision precision)
    {
        using var device = EmulatedDevice.Create(precision, 4);
        using var memory = device.Allocate(6, "numbers");
        double[] numbers = [1.0 / 3, -0.0, double.NaN, double.PositiveInfinity];
        device.Upload(numbers, memory.Span.Slice(0, 4));
        device.Upload([0.1f, 2f], memory.Span.Slice(4));
        double[] back = new double[6];
        device.Download(memory.Span, back);

        Assert.Equal(precision == Precision.Double ? 1.0 / 3 : (float)(1.0 / 3), back[0]);
        Assert.True(double.IsNegative(back[1]) && double.IsNaN(back[2]) && double.IsPositiveInfinity(back[3]));
        Assert.Equal([0.1f, 2.0], back[4..]);
    }

    [Fact]
    public void A_download_or_a_copy_of_a_number_that_was_never_written_is_found()
    {
        using var bench = new Bench(4);
        var span = bench.UnwrittenSpan("numbers", 8);
        bench.Device.Upload([1.0, 2.0, 3.0], span.Slice(2, 3));
        var download = Assert.Throws<KernelFaultException>(() => bench.Device.Download(span.Slice(2, 4), new double[4]));
        var copy = Assert.Throws<KernelFaultException>(() => bench.Device.Copy(span.Slice(2, 4), bench.UnwrittenSpan("target", 4)));

        Bench.AssertNames(download, "Download", "'numbers'", "index 3 (5 in its memory)", "never written");
        Bench.AssertNames(copy, "Copy", "'numbers'", "index 3 (5 in its memory)", "never written");
    }

    [Fact]
    public void A_copy_copies_and_overlap_is_found()
    {
        using var bench = new Bench(4);
        var source = bench.WrittenSpan("source", 6);
        var target = bench.UnwrittenSpan("target", 3);
        bench.Device.Copy(source.Slice(1, 3), target);
        double[] back = new double[3];
        bench.Device.Download(target, back);
        Assert.Equal([2.0, 3.0, 4.0], back);

        bench.Device.Copy(source.Slice(0, 3), source.Slice(3, 3));
        var fault = Assert.Throws<KernelFaultException>(() => bench.Device.Copy(source.Slice(0, 3), source.Slice(2, 3)));
        Bench.AssertNames(fault, "Copy", "'source'", "overlap");
    }

    [Fact]
    public void Freed_memory_and_memory_of_another_device_are_refused()
    {
        using var bench = new Bench(4);
        using var other = new Bench(4);
        var memory = bench.Device.Allocate(4, "gone");
        memory.Dispose();

        var buffer = Assert.Throws<KernelFaultException>(() => bench.Device.Buffer(memory.Span));
        var download = Assert.Throws<KernelFaultException>(() => bench.Device.Download(memory.Span, new double[4]));
        Bench.AssertNames(buffer, "Buffer", "'gone' is freed");
        Bench.AssertNames(download, "Download", "'gone' is freed");
        Assert.Throws<ArgumentException>(() => bench.Device.Buffer(other.WrittenSpan("foreign")));
    }

    [Fact]
    public void Scratch_memory_is_unwritten_at_each_call_and_freed_at_the_next()
    {
        var device = new EmulatedDevice<Float1>(4);
        var first = device.Scratch(3);
        device.Upload([1.0, 2.0, 3.0], first);
        var second = device.Scratch(2);

        Assert.Equal((3, 2), (first.Length, second.Length));
        Bench.AssertNames(Assert.Throws<KernelFaultException>(() => device.Download(second, new double[2])), "Download", "'scratch'", "never written");
        Bench.AssertNames(Assert.Throws<KernelFaultException>(() => device.Buffer(first)), "Buffer", "'scratch' is freed");
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Scratch(1));
    }

    [Fact]
    public void A_buffer_is_not_for_use_outside_a_kernel()
    {
        using var bench = new Bench(4);
        var buffer = bench.Written("numbers");

        var fault = Assert.Throws<KernelFaultException>(() => buffer.Broadcast(0));
        Assert.Contains("buffer 'numbers' outside a kernel", fault.Message, StringComparison.Ordinal);
    }

    private readonly struct SumsInto(Buffer output) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            var sum = team.Sum(new Float1(1));
            team.Barrier();
            output.StoreFirst(team.Rank, sum);
        }
    }

    private readonly struct StoresTooFar(Buffer output, int broken) : IRowKernel<Float1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Float1>
        {
            team.Barrier();
            output.StoreFirst(team.Rank == broken ? team.Size : team.Rank, new Float1(1));
            team.Barrier();
        }
    }
}
