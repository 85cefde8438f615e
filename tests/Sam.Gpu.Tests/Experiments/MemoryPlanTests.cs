using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>What a run needs is known before it is allocated, and a step neither allocates nor reads anything back.</summary>
public sealed class MemoryPlanTests
{
    private static readonly RunConfiguration Configuration = new() { Data = "gaussian-classes", Network = "mlp:30-20", Eigenvalues = 2 };

    [Fact]
    public void What_fits_is_planned_with_the_usual_chunk()
    {
        var plan = Plan(long.MaxValue, null);

        Assert.Equal(Data().Examples, plan.Chunk);
        Assert.Equal(Needed(plan.Chunk), plan.Needed);
    }

    [Fact]
    public void Where_no_chunk_is_asked_for_the_largest_that_fits_is_taken()
    {
        long available = (Needed(100) + Needed(101)) / 2;
        var plan = Plan(available, null);

        // The search may miss the largest by a tenth, never take too large a one.
        Assert.InRange(plan.Chunk, 90, 100);
        Assert.InRange(plan.Needed, 0, available);
    }

    [Fact]
    public void A_chunk_that_does_not_fit_is_refused_with_numbers_and_one_that_does()
    {
        long available = Needed(100);

        var exception = Assert.Throws<DeviceException>(() => Plan(available, 400));

        Assert.Matches(@"needs \d+ MiB of memory with --chunk 400; small has \d+ MiB\. With --chunk (9\d|100) it needs \d+ MiB\.", exception.Message);
    }

    [Fact]
    public void Where_no_chunk_fits_the_cure_is_another() =>
        Assert.Contains("Even with --chunk 1", Assert.Throws<DeviceException>(() => Plan(1000, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("gd", null)]
    [InlineData("sgd", 32)]
    [InlineData("polyak", null)]
    [InlineData("nesterov", null)]
    [InlineData("sam", null)]
    [InlineData("sam", 32)]
    [InlineData("sam-unnormalised", null)]
    [InlineData("adam", null)]
    [InlineData("rmsprop", 32)]
    public void A_step_allocates_nothing_and_reads_nothing_back(string optimizer, int? batchSize)
    {
        var configuration = OptimizerNames.Resolve(Configuration with { Optimizer = optimizer, BatchSize = batchSize });
        using var planner = new MemoryPlanner(Precision.Float);
        using var memory = Allocate(planner.Device, configuration, null);
        long before = planner.Peak;

        // Reading throws on this device.
        var training = memory.Training;
        memory.Optimizer.Step(training, memory.Parameters.Span, new StepRecord(memory.Records.Span.Slice(0, StepRecord.Length)));

        Assert.Equal(before, planner.Peak);
    }

    [Fact]
    public void The_preconditioned_spectrum_is_planned_where_it_is_measured()
    {
        using var planner = new MemoryPlanner(Precision.Float);
        var configuration = OptimizerNames.Resolve(Configuration with { Optimizer = "adam" });
        using var adam = Allocate(planner.Device, configuration, null);
        long without = planner.Peak;
        using var ascent = Allocate(planner.Device, configuration with { Optimizer = "sam", Rho = 0.1 }, null);

        // A basis, a block and two diagonals more; the ascent keeps two vectors of its own.
        long vector = adam.Parameters.Length * sizeof(float);
        Assert.NotNull(adam.Preconditioned);
        Assert.Null(ascent.Preconditioned);
        Assert.InRange(without - (planner.Peak - without), 10 * vector, 200 * vector);
    }

    [Fact]
    public void What_products_work_in_is_planned_by_the_device_that_will_compute_them()
    {
        using var device = CpuDevice.Create(Precision.Float, 2);
        using var planner = new MemoryPlanner(device);
        using var memory = Allocate(planner.Device, OptimizerNames.Resolve(Configuration), null);
        Assert.Equal(0, planner.Working);

        memory.Rehearse();

        // The same as the largest product of the passes asks for; this one is a part of them: x RWᵀ of all directions.
        int block = memory.Eigensolver.LargestBlock;
        int features = Data().Features;
        using var numbers = planner.Device.Allocate(Data().Examples * Math.Max(features, 30 * block), "operands");
        var product = new DeviceProduct(
            new DeviceMatrix(numbers.Span, Data().Examples, features),
            new DeviceMatrix(numbers.Span, 30, features, batchStride: 30 * features).Transposed,
            new DeviceMatrix(numbers.Span, Data().Examples, 30, batchStride: Data().Examples * 30), block);
        Assert.InRange(planner.Working, Math.Max(1, device.ProductMemory(product)), 1 << 22);
    }

    private static DataSet Data() => DataSource.Parse(Configuration.Data, "");

    private static long Needed(int chunk)
    {
        using var planner = new MemoryPlanner(Precision.Float);
        using var memory = Allocate(planner.Device, OptimizerNames.Resolve(Configuration), chunk);
        return planner.Needed(memory.Rehearse);
    }

    private static MemoryPlan Plan(long available, int? chunk)
    {
        using var device = new SmallDevice(available);
        return MemoryPlan.Of(device, (target, rows) => Allocate(target, OptimizerNames.Resolve(Configuration), rows), chunk);
    }

    private static RunMemory Allocate(Device device, RunConfiguration configuration, int? chunk)
    {
        var data = Data();
        var network = NetworkSpecification.Parse(configuration.Network).Build(data.Features, data.Outputs, configuration.Activation);
        return new RunMemory(device, configuration, network, Loss.Parse(configuration.Loss), data, chunk);
    }

    // A device of which nothing counts but how much memory it has.
    private sealed class SmallDevice(long memory) : Device("small", Precision.Float)
    {
        public override long Memory => memory;

        public override bool SharesHostMemory => false;

        public override DeviceMemory Allocate(int length, string name) => throw new NotSupportedException();

        public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination) => throw new NotSupportedException();

        public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination) => throw new NotSupportedException();

        public override void Download(DeviceSpan source, Span<double> destination) => throw new NotSupportedException();

        public override void Copy(DeviceSpan source, DeviceSpan destination) => throw new NotSupportedException();

        public override void Synchronize() => throw new NotSupportedException();

        public override void Execute<O>(in O operation) => throw new NotSupportedException();

        protected override void MultiplyChecked(in DeviceProduct product) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
