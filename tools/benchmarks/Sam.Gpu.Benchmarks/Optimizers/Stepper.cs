using System.Diagnostics;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>Takes the steps of an optimizer on one minibatch, which has been loaded before.</summary>
internal sealed class Stepper : IDisposable
{
    private const int Parts = 4;
    private const int WarmUp = 40;

    private readonly Device device;
    private readonly NetworkObjective objective;
    private readonly Optimizer? optimizer;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory record;

    /// <summary>Prepares an optimizer, and takes the steps before the first that counts.</summary>
    /// <param name="device">The device.</param>
    /// <param name="contender">The optimizer.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="network">Its network.</param>
    /// <param name="data">Its examples.</param>
    public Stepper(Device device, Contender contender, StepProblem problem, Network network, DataSet data)
    {
        this.device = device;
        objective = new NetworkObjective(device, network, Loss.Parse("cross-entropy"), data);
        parameters = device.Allocate(network.ParameterCount, "parameters");
        record = device.Allocate(StepRecord.Length, "record of a step");
        device.Upload(Initialization.Parse("pytorch").Draw(network, 0), parameters.Span);
        if (contender.Settings.Length > 0)
        {
            // Small steps: no loss grows beyond what numbers hold. The terms of SAF and MESA apply from the second step, an epoch, on.
            var configuration = ConfigurationKey.SetAll(
                new RunConfiguration { StepSize = 1e-4, Rho = 0.05, BatchSize = problem.BatchSize },
                FormattableString.Invariant($"micro-batch={problem.BatchSize / Parts} supplement-start=0 supplement-end=1e9 {contender.Settings}"));
            optimizer = new OptimizerFactory(OptimizerNames.Resolve(configuration), device, network, data, objective).Create();
        }

        // What SAF compares with is from three steps ago; and code that has run thirty times is compiled once more, better.
        for (int step = 0; step < WarmUp; step++)
        {
            Step();
        }
    }

    /// <summary>Takes steps.</summary>
    /// <param name="count">How many.</param>
    public StepTime Run(int count)
    {
        device.Synchronize();
        var processor = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        for (int step = 0; step < count; step++)
        {
            Step();
        }

        device.Synchronize();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new StepTime(seconds / count, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / count);
    }

    public void Dispose()
    {
        optimizer?.Dispose();
        objective.Dispose();
        parameters.Dispose();
        record.Dispose();
    }

    private void Step()
    {
        var step = new StepRecord(record.Span);
        if (optimizer is null)
        {
            objective.Loss(parameters.Span, step.Loss);
        }
        else
        {
            optimizer.Step(objective, parameters.Span, step);
        }
    }
}
