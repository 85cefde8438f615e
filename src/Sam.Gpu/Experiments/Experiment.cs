using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>Trains a network, measures the top of its Hessian's spectrum against the edges, and leaves the record in a folder.</summary>
/// <remarks>
/// Everything is read and built before the folder is made, so that a mistake leaves nothing behind. The spectrum is that of the loss over
/// all examples of the run, over the first of them, or over the minibatch that the next step takes; loss, gradient norm and edges beside it
/// are of the same examples. The same configuration gives the same bits in every column but the time.
/// </remarks>
public sealed class Experiment : IDisposable
{
    private const string SpectrumFile = "spectrum.csv";

    private readonly RunRequest request;
    private readonly RunConfiguration configuration;
    private readonly DataSet data;
    private readonly Network network;
    private readonly Device device;
    private readonly BatchOrder? batches;
    private readonly RunMemory memory;
    private readonly Measurer measurer;
    private readonly double[] recordValues;
    private readonly List<Measurement> measurements = [];
    private readonly Stopwatch clock = new();
    private readonly IncrementalHash? measuredBatches;
    private (string Name, EigensolverState State)[]? solversBefore;
    private double secondsBefore;
    private int measuredBefore;
    private int recorded;
    private bool hasBatch;
    private int zeroGradients;
    private RunStatus? outcome;

    /// <summary>Reads the data and builds network, objective, optimizer and device memory.</summary>
    /// <param name="request">The run.</param>
    /// <exception cref="SamGpuException">Something in the request is not allowed, or a file or the device is not as it should be.</exception>
    public Experiment(RunRequest request)
    {
        this.request = request;
        configuration = OptimizerNames.Resolve(request.Configuration);
        var resume = request.Resume;
        resume?.Require(configuration);
        string folder = resume?.Folder ?? RunFolder.Choose(request.Output, request.Name);
        var specification = NetworkSpecification.Parse(configuration.Network);
        var initialization = Initialization.Parse(configuration.Initialization);
        var loss = Loss.Parse(configuration.Loss);
        data = DataSource.Parse(configuration.Data, request.DataRoot, specification.SequenceLength);
        data = configuration.Examples is { } examples ? data.Take(examples) : data;
        resume?.Settings.RequireData(data, resume.CheckpointFile);
        if (configuration.BatchSize > data.Examples)
        {
            throw new UsageException($"--batch-size {configuration.BatchSize} is more than the {data.Examples} examples of {data.Name}.");
        }

        network = specification.Build(data.InputShape, data.Outputs, configuration.Activation);
        var description = request.Devices.Find(configuration.Device, configuration.Precision);
        device = request.Devices.Create(description, configuration.DeviceOptions);
        RunMemory Allocate(Device target, int? chunk) => new(target, configuration, network, loss, data, chunk);
        MemoryPlan plan;
        try
        {
            resume?.Settings.RequireDevice(device, resume.CheckpointFile);
            plan = MemoryPlan.Of(device, Allocate, resume?.Settings.Chunk ?? configuration.Chunk);
            memory = Allocate(device, plan.Chunk);
        }
        catch
        {
            device.Dispose();
            throw;
        }

        measuredBatches = configuration.BatchSize is not null && configuration.SpectrumData == ExampleSelection.Batch
            ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256)
            : null;
        batches = configuration.BatchSize is { } size ? new BatchOrder(configuration.Seed, data.Examples, size) : null;
        measurer = new Measurer(device, memory, configuration.StepSize, () => Seconds);
        recordValues = new double[memory.Records.Length];
        device.Upload(initialization.Draw(network, configuration.Seed), memory.Parameters.Span);
        Plan = new RunPlan(request.Name, configuration, data.Name, data.Examples, memory.Spectrum.Examples, memory.Test?.Examples ?? 0,
            network.ParameterCount, device.Name, description.Driver,
            device.MatrixProductName, plan, folder)
        {
            IsPreconditioned = memory.Preconditioned is not null,
        };
        if (resume is not null)
        {
            Restore(resume);
        }
    }

    /// <summary>What runs. The folder is the one that is free now; a run of the same name that begins before this one takes it.</summary>
    public RunPlan Plan { get; private set; }

    /// <summary>Trains.</summary>
    /// <param name="observer">Watches.</param>
    /// <param name="interrupt">Ends the run after the step at hand; a measurement under way is given up, and what was measured is written.</param>
    /// <returns>What came out; a diverged or interrupted run returns as well.</returns>
    /// <exception cref="SamGpuException">The folder exists, or a file cannot be written.</exception>
    public RunSummary Run(IRunObserver observer, CancellationToken interrupt = default)
    {
        var started = DateTimeOffset.UtcNow;
        var folder = request.Resume is null ? RunFolder.Create(request, Plan, data, started) : RunFolder.Of(request.Resume);
        Plan = Plan with { Folder = folder.FullName };
        using var ownership = new RunLock(folder.FullName);
        using var metrics = Table(folder.File("metrics.csv"), MetricColumns, Plan.FirstStep, 1);
        using var spectrum = Table(folder.File(SpectrumFile), SpectrumTable.Columns(EigenvalueCount, Plan.IsPreconditioned), measurements.Count, configuration.MeasureEvery);
        if (request.Resume is not null)
        {
            folder.RemoveUnfinished();
            folder.WriteRun(request, Plan, data, started, null);
        }

        observer.Started(Plan);
        clock.Start();
        int step = Train(observer, metrics, spectrum, folder.File(Checkpoint.FileName), interrupt);
        var status = outcome ??= RunStatus.Completed;
        clock.Stop();
        metrics.Complete();
        spectrum.Complete();
        var values = new double[memory.Parameters.Length];
        device.Download(memory.Parameters.Span, values);
        folder.WriteParameters(network, values);
        var summary = new RunSummary
        {
            Status = status,
            Steps = step,
            TimeSeconds = Seconds,
            ZeroGradients = zeroGradients,
            Epochs = Epoch(step),
            Measurements = measurements,
            MeasuredBatches = measuredBatches is null ? null : Convert.ToHexStringLower(measuredBatches.GetCurrentHash()),
            Folder = folder.FullName,
        };
        folder.WriteRun(request, Plan, data, started, summary);
        var failure = WriteLastCheckpoint(step, folder.File(Checkpoint.FileName));
        folder.WriteFigures(request.Figures);
        return failure is null ? summary : throw failure;
    }

    /// <summary>Takes a few steps and one measurement, and leaves nothing behind: how long would the whole take?</summary>
    /// <param name="interrupt">Ends it.</param>
    /// <returns>The estimate; null where it was interrupted, or the run diverged on the way.</returns>
    /// <remarks>The experiment has moved on by these steps and is of no further use.</remarks>
    public RunEstimate? Estimate(CancellationToken interrupt = default)
    {
        clock.Start();

        // The first step compiles, uploads and warms up: it does not count, unless there is no other.
        int steps = Math.Min(configuration.Steps, RunEstimate.StepsTaken);
        double stepSeconds = 0;
        for (int step = 0; step < steps && !interrupt.IsCancellationRequested; step++)
        {
            double begin = clock.Elapsed.TotalSeconds;
            Step();
            device.Synchronize();
            double seconds = clock.Elapsed.TotalSeconds - begin;
            stepSeconds = step <= 1 ? seconds : Math.Min(stepSeconds, seconds);
        }

        double start = clock.Elapsed.TotalSeconds;
        return interrupt.IsCancellationRequested || Measure(steps, interrupt) is not { } measurement
            ? null
            : new RunEstimate(configuration, stepSeconds, clock.Elapsed.TotalSeconds - start, measurement);
    }

    /// <summary>Frees the device and all memory on it.</summary>
    public void Dispose()
    {
        measuredBatches?.Dispose();
        memory.Dispose();
        device.Dispose();
    }

    private static readonly string[] MetricColumns =
        ["step", "epoch", "time_seconds", "loss", "gradient_norm", "ascent_loss", "ascent_gradient_norm", "accuracy"];

    private int EigenvalueCount => memory.Eigensolver.Options.Count;

    // The seconds that training took until now, those of earlier parts of the run among them.
    private double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    // What a checkpoint holds beside what the next measurement depends on. Here it is read and written at the same places.
    private IReadOnlyList<StateItem> State(int step) =>
    [
        StateItem.Of("step", () => step, value => Plan = Plan with { FirstStep = (int)value }),
        StateItem.Of("seconds", () => Seconds, value => secondsBefore = value),
        StateItem.Of("zero-gradients", () => zeroGradients, value => zeroGradients = (int)value),
        StateItem.Of("measurements", () => measurements.Count(IsDue), value => measuredBefore = (int)value),
        StateItem.Of("has-batch", () => hasBatch ? 1 : 0, value => hasBatch = value != 0),
        StateItem.Of("parameters", memory.Parameters),
        .. Prefixed("optimizer", memory.Optimizer.State),
        .. Prefixed("batches", batches?.State ?? []),
    ];

    // The passes over the examples before a step. An epoch is as many whole batches as they make.
    private double Epoch(int step) => batches is null ? step : (double)step / batches.Length;

    // Whether numbers are read after each step: where it costs nothing, or where one of them decides when to stop.
    private bool ReadsEachStep =>
        device.SharesHostMemory || configuration.StopLoss is not null || configuration.StopAccuracy is not null;

    private int Train(IRunObserver observer, CsvFile metrics, CsvFile spectrum, string checkpoint, CancellationToken interrupt)
    {
        int step = Plan.FirstStep;
        while (true)
        {
            bool isLast = step == configuration.Steps;
            if ((isLast || IsDue(step)) && (measurements.Count == 0 || measurements[^1].Step != step))
            {
                Flush(step, observer, metrics);
                if (outcome is null or RunStatus.TargetReached)
                {
                    Measure(step, observer, spectrum, interrupt);
                }

                metrics.Flush();
                spectrum.Flush();
            }

            if (!isLast && step > Plan.FirstStep && step % configuration.CheckpointEvery == 0)
            {
                Flush(step, observer, metrics);
                metrics.Save();
                spectrum.Save();
                if (outcome is null)
                {
                    WriteCheckpoint(step, checkpoint);
                }
            }

            if (isLast || outcome is not null)
            {
                return step;
            }

            if (interrupt.IsCancellationRequested)
            {
                Flush(step, observer, metrics);
                outcome ??= RunStatus.Interrupted;
                return step;
            }

            Step();
            step++;
            if (++recorded == RunMemory.RecordCapacity || ReadsEachStep)
            {
                Flush(step, observer, metrics);
            }
        }
    }

    // Whether a longer run would measure there as well.
    private bool IsDue(int step) => step % configuration.MeasureEvery == 0;

    private bool IsDue(Measurement measurement) => IsDue(measurement.Step);

    private CsvFile Table(string path, IReadOnlyList<string> columns, int rows, int every) =>
        request.Resume is null ? new CsvFile(path, columns) : CsvFile.Continue(path, columns, rows, every);

    private void WriteCheckpoint(int step, string path) =>
        Checkpoint.Write(
            path, CheckpointSettings.Of(Plan, data, device, outcome), State(step), solversBefore ?? SaveSolvers(), network.ParameterCount,
            device.Precision);

    private (string Name, EigensolverState State)[] SaveSolvers() =>
        [.. memory.Eigensolvers.Select(one => (one.Name, one.Solver.Save()))];

    // After the files that are for people. If the disk does not take it, what comes behind is written all the same.
    private DataException? WriteLastCheckpoint(int step, string path)
    {
        if (!request.LeavesCheckpoint || outcome == RunStatus.Diverged)
        {
            return null;
        }

        try
        {
            WriteCheckpoint(step, path);
            return null;
        }
        catch (DataException exception)
        {
            return exception;
        }
    }

    private static IEnumerable<StateItem> Prefixed(string prefix, IEnumerable<StateItem> items) =>
        items.Select(item => item.Named($"{prefix}/{item.Name}"));

    // All that this changes is read before the folder of the run is touched.
    private void Restore(ResumedRun resume)
    {
        try
        {
            resume.Restore(State(0), memory.Eigensolvers);
            resume.RequireSteps(Plan.FirstStep, configuration);
            measurements.AddRange(SpectrumTable.Read(
                Path.Combine(resume.Folder, SpectrumFile), measuredBefore, configuration.MeasureEvery, EigenvalueCount,
                Plan.IsPreconditioned, memory.Optimizer.HasAscent));
            if (hasBatch)
            {
                memory.Training.Select(batches!.Current);
            }

            HashMeasuredBatches();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // A hash has no state to save: the order of the batches is drawn once more.
    private void HashMeasuredBatches()
    {
        if (measuredBatches is null)
        {
            return;
        }

        var order = new BatchOrder(configuration.Seed, data.Examples, configuration.BatchSize!.Value);
        int taken = 0;
        foreach (var measurement in measurements)
        {
            for (; taken <= measurement.Step; taken++)
            {
                order.Next();
            }

            measuredBatches.AppendData(MemoryMarshal.AsBytes(order.Current));
        }
    }

    private void Step()
    {
        SelectBatch();
        hasBatch = false;
        memory.Optimizer.Step(
            memory.Training, memory.Parameters.Span, new StepRecord(memory.Records.Span.Slice(recorded * StepRecord.Length, StepRecord.Length)));
    }

    // Takes the minibatch of the step at hand, if it has not been taken. A measurement that comes before the step looks at the same one.
    private void SelectBatch()
    {
        if (batches is not null && !hasBatch)
        {
            hasBatch = true;
            memory.Training.Select(batches.Next());
        }
    }

    // Reads the records of the steps since the last time, the newest of which is step − 1.
    private void Flush(int step, IRunObserver observer, CsvFile metrics)
    {
        if (recorded == 0)
        {
            return;
        }

        int length = recorded * StepRecord.Length;
        device.Download(memory.Records.Span.Slice(0, length), recordValues.AsSpan(0, length));
        device.Fill(memory.Records.Span.Slice(0, length), double.NaN);
        for (int i = 0; i < recorded && outcome is null; i++)
        {
            var values = recordValues.AsSpan(i * StepRecord.Length, StepRecord.Length);
            var (loss, gradientNorm, ascentLoss, ascentGradientNorm, accuracy) = (values[0], values[1], values[2], values[3], values[4]);
            if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
            {
                outcome = RunStatus.Diverged;
                break;
            }

            int at = step - recorded + i;
            zeroGradients += gradientNorm == 0 ? 1 : 0;
            metrics.Write(at, Epoch(at), Seconds, loss, gradientNorm, ascentLoss, ascentGradientNorm, accuracy);
            observer.Stepped(at, loss, gradientNorm);
            if (loss <= configuration.StopLoss || accuracy >= configuration.StopAccuracy)
            {
                outcome = RunStatus.TargetReached;
            }
        }

        recorded = 0;
    }

    // Measures and records, unless that shows that the run is over.
    private void Measure(int step, IRunObserver observer, CsvFile spectrum, CancellationToken interrupt)
    {
        // A run that goes on has never begun a measurement that is given up here, or that only its end asks for.
        solversBefore = request.LeavesCheckpoint ? SaveSolvers() : null;
        if (Measure(step, interrupt) is not { } measurement)
        {
            return;
        }

        if (IsDue(step))
        {
            solversBefore = null;
            memory.Optimizer.Observe(measurement.Eigenvalues[0]);
        }

        measuredBatches?.AppendData(MemoryMarshal.AsBytes(batches!.Current));
        measurements.Add(measurement);
        spectrum.Write(step, SpectrumTable.Row(measurement));
        observer.Measured(measurement);
    }

    // Null where the run has diverged or was interrupted: the outcome says which.
    private Measurement? Measure(int step, CancellationToken interrupt)
    {
        if (measuredBatches is not null)
        {
            SelectBatch();
        }

        var (measurement, ending) = measurer.Measure(step, Epoch(step), interrupt);
        outcome = ending ?? outcome;
        return measurement;
    }
}
