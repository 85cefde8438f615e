using Sam.Gpu.Devices;
using Sam.Gpu.Optimizers;
using Sam.Gpu.Tests.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Optimizers;

/// <summary>Tests that count the allocations of the whole process: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_hundred_steps_of_SAM_allocate_nothing(int threads)
    {
        // 600 examples by 64 units are enough numbers to be shared out to both threads.
        using var device = CpuDevice.Create(Precision.Float, threads);
        using var problem = new Problem(device, "mlp:64 tanh cross-entropy 4 3 600");
        int count = problem.Theta.Length;
        using var optimizer = new Optimizer(device, count, new Momentum(device, count, 0.1, 0.9, isNesterov: false), new NormalisedAscent(0.05));
        using var parameters = device.Place(problem.Theta);
        using var record = device.Allocate(StepRecord.Length, "record");

        void Run()
        {
            for (int i = 0; i < 100; i++)
            {
                optimizer.Step(problem.Objective, parameters.Span, new StepRecord(record.Span));
            }
        }

        Run();
        long total = long.MaxValue;
        long own = long.MaxValue;

        // The test runner's own threads allocate now and then; what a step allocates would show every time.
        for (int attempt = 0; attempt < 5 && total > 0; attempt++)
        {
            long ownBefore = GC.GetAllocatedBytesForCurrentThread();
            long totalBefore = GC.GetTotalAllocatedBytes(true);
            Run();
            total = GC.GetTotalAllocatedBytes(true) - totalBefore;
            own = GC.GetAllocatedBytesForCurrentThread() - ownBefore;
        }

        Assert.Equal(0, own);
        Assert.Equal(0, total);
    }

    [Fact]
    public void Products_allocate_nothing_after_the_first()
    {
        using var device = CpuDevice.Create(Precision.Float, 2);
        using var problem = new Problem(device, "mlp:64 tanh cross-entropy 4 3 600");
        using var directions = device.Place(DeviceNumbers.Normal(1, 3 * problem.Theta.Length));
        using var products = device.Allocate(3 * problem.Theta.Length, "products");
        var linearization = problem.Linearize();
        linearization.HessianProducts(directions.Span, products.Span, 3);
        linearization.GaussNewtonProducts(directions.Span, products.Span, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        linearization.HessianProducts(directions.Span, products.Span, 3);
        linearization.GaussNewtonProducts(directions.Span, products.Span, 3);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
