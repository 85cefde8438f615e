using Sam.Gpu.Kernels.Lanes;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>Each mistake that an element kernel can make is found and named, whatever the group size.</summary>
public sealed class BrokenElementKernelTests
{
    private const int Length = 8;

    public static TheoryData<int> GroupSizes => [1, 4, 32];

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_load_past_the_end_is_found(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.ElementFault(new LoadsNext(bench.Written("input"), bench.Unwritten("output")));

        Assert.Equal(
            $"LoadsNext: the thread of element 7 (group {7 / groupSize}, rank {7 % groupSize}) does a load on buffer 'input' (field x) "
            + "at index 8 (8 in its memory), outside its span of 8 numbers.",
            fault.Message);
    }

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_store_past_the_end_is_found(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.ElementFault(new StoresNext(bench.Written("input"), bench.Unwritten("output")));

        Bench.AssertNames(fault, "StoresNext", "element 7 ", "store on buffer 'output' (field y)", "index 8", "outside its span of 8");
    }

    [Fact]
    public void An_access_outside_the_span_but_inside_the_memory_is_found_with_both_indices()
    {
        using var bench = new Bench(4);
        var part = bench.Device.Buffer(bench.WrittenSpan("input", 20).Slice(5, Length));
        var fault = bench.ElementFault(new LoadsNext(part, bench.Unwritten("output")));

        Bench.AssertNames(fault, "LoadsNext", "'input' (field x)", "index 8 (13 in its memory)", "outside its span of 8 numbers");
    }

    [Fact]
    public void An_access_before_the_span_is_found()
    {
        using var bench = new Bench(4);
        var part = bench.Device.Buffer(bench.WrittenSpan("input", 20).Slice(5, Length));
        var fault = bench.ElementFault(new LoadsPrevious(part, bench.Unwritten("output")));

        Bench.AssertNames(fault, "LoadsPrevious", "element 0 ", "'input' (field x)", "index -1 (4 in its memory)", "outside its span");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Length + 1)]
    public void A_count_that_is_not_positive_or_reaches_past_the_end_is_found(int count)
    {
        using var bench = new Bench(4);
        var fault = bench.ElementFault(new LoadsWithCount(bench.Written("input"), bench.Unwritten("output"), count));

        Bench.AssertNames(fault, "LoadsWithCount", "element 0 ", "'input' (field x)", "index 0", $"count {count}", "are 8 numbers");
    }

    [Fact]
    public void An_access_to_an_empty_span_is_found()
    {
        using var bench = new Bench(4);
        var none = bench.ElementFault(new Copies(bench.Device.Buffer(default), bench.Unwritten("output")));
        var empty = bench.ElementFault(new Copies(bench.Device.Buffer(bench.WrittenSpan("input").Slice(3, 0)), bench.Unwritten("output")));

        Bench.AssertNames(none, "Copies", "an empty buffer (field x)", "index 0");
        Bench.AssertNames(empty, "Copies", "'input' (field x)", "index 0 (3 in its memory)", "outside its span of 0 numbers");
    }

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_load_of_a_number_that_was_never_written_is_found(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var span = bench.UnwrittenSpan("input");
        bench.Device.Upload([1.0, 2.0, 3.0, 4.0, 5.0], span.Slice(0, 5));
        bench.Device.Upload([7.0, 8.0], span.Slice(6));
        var fault = bench.ElementFault(new Copies(bench.Device.Buffer(span), bench.Unwritten("output")));

        Bench.AssertNames(fault, "Copies", "element 5 ", "load on buffer 'input' (field x)", "index 5", "never written");
    }

    [Theory, MemberData(nameof(GroupSizes))]
    public void Two_threads_that_store_the_same_number_race_even_if_the_values_agree(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.ElementFault(new StoresHalf(bench.Unwritten("output")));

        Bench.AssertNames(fault, "StoresHalf", "store on buffer 'output' (field y)", "did a store on the same number", "data race");
    }

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_load_of_a_neighbour_that_is_replaced_in_place_races(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var values = bench.Written("values");
        var fault = bench.ElementFault(new ShiftsLeft(values, values));

        Bench.AssertNames(fault, "ShiftsLeft", "buffer 'values' (field x, y)", "at index ", "data race");
    }

    [Theory, MemberData(nameof(GroupSizes))]
    public void A_store_to_a_number_that_several_threads_load_races(int groupSize)
    {
        using var bench = new Bench(groupSize);
        var fault = bench.ElementFault(new LastStoresWhatAllLoad(bench.Written("values")));

        Bench.AssertNames(
            fault, "LastStoresWhatAllLoad", "element 7 ", "store on buffer 'values' (field x)", "index 0", "did a load", "data race");
    }

    [Fact]
    public void A_kernel_that_lets_an_exception_escape_is_found()
    {
        using var bench = new Bench(4);
        var fault = bench.ElementFault(new DividesByZero(bench.Unwritten("output"), 0));

        Bench.AssertNames(fault, "DividesByZero", "element 0 ", nameof(DivideByZeroException));
        Assert.IsType<DivideByZeroException>(fault.InnerException);
    }

    [Fact]
    public void A_buffer_whose_memory_was_freed_before_the_launch_is_found()
    {
        using var bench = new Bench(4);
        var memory = bench.Device.Allocate(Length, "input");
        var buffer = bench.Device.Buffer(memory.Span);
        memory.Dispose();
        var fault = bench.ElementFault(new Copies(buffer, bench.Unwritten("output")));

        Bench.AssertNames(fault, "Copies", "buffer 'input' (field x)", "index 0", "freed");
    }

    [Fact]
    public void A_buffer_inside_an_argument_of_the_kernel_is_named_by_its_path()
    {
        using var bench = new Bench(4);
        var pair = new Pair { Source = bench.Unwritten("input"), Destination = bench.Unwritten("output") };
        var fault = bench.ElementFault(new TakesPair(pair));

        Bench.AssertNames(fault, "TakesPair", "'input' (field pair.Source)", "never written");
    }

    private readonly struct LoadsNext(Buffer x, Buffer y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, count, x.Broadcast(index + 1));
    }

    private readonly struct LoadsPrevious(Buffer x, Buffer y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, count, x.Load(index - 1, count));
    }

    private readonly struct LoadsWithCount(Buffer x, Buffer y, int number) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, count, x.Load(index, number));
    }

    private readonly struct StoresNext(Buffer x, Buffer y) : IElementKernel
    {
        public void Run(int index, int count) => y.StoreFirst(index + 1, x.Load(index, count));
    }

    private readonly struct Copies(Buffer x, Buffer y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, count, x.Load(index, count));
    }

    private readonly struct StoresHalf(Buffer y) : IElementKernel
    {
        public void Run(int index, int count) => y.StoreFirst(index / 2, new Float1(1));
    }

    private readonly struct ShiftsLeft(Buffer x, Buffer y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            if (count > 1)
            {
                y.Store(index, count, x.Load(index + 1, count - 1));
            }
        }
    }

    private readonly struct LastStoresWhatAllLoad(Buffer x) : IElementKernel
    {
        public void Run(int index, int count)
        {
            var first = x.Broadcast(0);
            if (count == 1)
            {
                x.StoreFirst(0, first);
            }
        }
    }

    private readonly struct DividesByZero(Buffer y, int zero) : IElementKernel
    {
        public void Run(int index, int count) => y.StoreFirst(index / zero, new Float1(1));
    }

    private struct Pair
    {
        public Buffer Source;
        public Buffer Destination;
    }

    private readonly struct TakesPair(Pair pair) : IElementKernel
    {
        public void Run(int index, int count) => pair.Destination.Store(index, count, pair.Source.Load(index, count));
    }
}
