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
    private readonly RunRequest request;
    private readonly RunConfiguration configuration;
    private readonly DataSet data;
    private readonly Network network;
    private readonly Device device;
    private readonly BatchOrder? batches;
    private readonly RunMemory memory;
    private readonly double[] recordValues;
    private readonly List<Measurement> measurements = [];
    private readonly Stopwatch clock = new();
    private readonly IncrementalHash? measuredBatches;
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
        string folder = RunFolder.Choose(request.Output, request.Name);
        var specification = NetworkSpecification.Parse(configuration.Network);
        var initialization = Initialization.Parse(configuration.Initialization);
        var loss = Loss.Parse(configuration.Loss);
        data = DataSource.Parse(configuration.Data, request.DataRoot, specification.SequenceLength);
        data = configuration.Examples is { } examples ? data.Take(examples) : data;
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
            plan = MemoryPlan.Of(device, Allocate, configuration.Chunk);
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
        recordValues = new double[memory.Records.Length];
        device.Upload(initialization.Draw(network, configuration.Seed), memory.Parameters.Span);
        Plan = new RunPlan(request.Name, configuration, data.Name, data.Examples, memory.Spectrum.Examples, memory.Test?.Examples ?? 0,
            network.ParameterCount, device.Name, description.Driver,
            device.MatrixProductName, plan, folder)
        {
            IsPreconditioned = memory.Preconditioned is not null,
        };
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
        var folder = RunFolder.Create(request, Plan, data, started);
        Plan = Plan with { Folder = folder.FullName };
        using var metrics = new CsvFile(folder.File("metrics.csv"), MetricColumns);
        using var spectrum = new CsvFile(folder.File("spectrum.csv"), SpectrumColumns());
        observer.Started(Plan);
        clock.Start();
        int step = Train(observer, metrics, spectrum, interrupt);
        clock.Stop();
        metrics.Complete();
        spectrum.Complete();
        var values = new double[memory.Parameters.Length];
        device.Download(memory.Parameters.Span, values);
        folder.WriteParameters(network, values);
        var summary = new RunSummary
        {
            Status = outcome ?? RunStatus.Completed,
            Steps = step,
            TimeSeconds = clock.Elapsed.TotalSeconds,
            ZeroGradients = zeroGradients,
            Epochs = Epoch(step),
            Measurements = measurements,
            MeasuredBatches = measuredBatches is null ? null : Convert.ToHexStringLower(measuredBatches.GetCurrentHash()),
            Folder = folder.FullName,
        };
        folder.WriteRun(request, Plan, data, started, summary);
        folder.WriteFigures(request.Figures);
        return summary;
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

    private IEnumerable<string> SpectrumColumns()
    {
        int count = memory.Eigensolver.Options.Count;
        string[] Numbered(string name) => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}_{i}"))];
        return
        [
            "step", "epoch", "time_seconds", "loss", "gradient_norm", "accuracy", "test_loss", "test_error",
            .. Numbered("eigenvalue"), .. Numbered("residual"), .. Numbered("converged"), "products",
            "sam_edge", "gd_edge", "base_edge", "alignment_gradient", "alignment_sam_gradient",
            .. memory.Preconditioned is null ? (string[])[] :
            [
                .. Numbered("preconditioned_eigenvalue"), .. Numbered("preconditioned_residual"), .. Numbered("preconditioned_converged"),
                "preconditioned_products", "preconditioned_edge",
            ],
        ];
    }

    // The passes over the examples before a step. An epoch is as many whole batches as they make.
    private double Epoch(int step) => batches is null ? step : (double)step / batches.Length;

    // Whether numbers are read after each step: where it costs nothing, or where one of them decides when to stop.
    private bool ReadsEachStep =>
        device.SharesHostMemory || configuration.StopLoss is not null || configuration.StopAccuracy is not null;

    private int Train(IRunObserver observer, CsvFile metrics, CsvFile spectrum, CancellationToken interrupt)
    {
        int step = 0;
        while (true)
        {
            bool isLast = step == configuration.Steps;
            if (isLast || step % configuration.MeasureEvery == 0)
            {
                Flush(step, observer, metrics);
                if (outcome is null or RunStatus.TargetReached)
                {
                    Measure(step, observer, spectrum, interrupt);
                }

                metrics.Flush();
                spectrum.Flush();
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
            metrics.Write(at, Epoch(at), clock.Elapsed.TotalSeconds, loss, gradientNorm, ascentLoss, ascentGradientNorm, accuracy);
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
        if (Measure(step, interrupt) is not { } measurement)
        {
            return;
        }

        memory.Optimizer.Observe(measurement.Eigenvalues[0]);
        measurements.Add(measurement);
        spectrum.Write(
            step,
            [
                measurement.Epoch, measurement.TimeSeconds, measurement.Loss, measurement.GradientNorm, measurement.Accuracy,
                measurement.TestLoss, measurement.TestError,
                .. measurement.Eigenvalues, .. measurement.Residuals, .. measurement.Converged.Select(converged => converged ? 1.0 : 0.0),
                measurement.Products, measurement.SamEdge, measurement.GradientDescentEdge, measurement.BaseEdge,
                measurement.GradientAlignment, measurement.SamGradientAlignment,
                .. measurement.Preconditioned is not { Count: > 0 } pairs ? (double[])[] :
                [
                    .. pairs.Select(pair => pair.Value), .. pairs.Select(pair => pair.Residual), .. pairs.Select(pair => pair.Converged ? 1.0 : 0.0),
                    measurement.PreconditionedProducts, measurement.PreconditionedEdge,
                ],
            ]);
        observer.Measured(measurement);
    }

    // Null where the run has diverged or was interrupted: the outcome says which.
    private Measurement? Measure(int step, CancellationToken interrupt)
    {
        var (loss, gradientNorm, ascentNorm, cosine, ascentCosine, ascentLoss) = (Number(0), Number(1), Number(2), Number(3), Number(4), Number(5));
        if (measuredBatches is not null)
        {
            SelectBatch();
            measuredBatches.AppendData(MemoryMarshal.AsBytes(batches!.Current));
        }

        var linearization = memory.Spectrum.Linearize(memory.Parameters.Span, memory.Gradient.Span, loss);
        device.Norm(memory.Gradient.Span, gradientNorm);
        Span<double> plain = stackalloc double[2];
        device.Download(memory.Numbers.Span.Slice(0, 2), plain);
        if (!double.IsFinite(plain[0]) || !double.IsFinite(plain[1]))
        {
            outcome = RunStatus.Diverged;
            return null;
        }

        double accuracy = Accuracy(memory.Spectrum);
        var hessian = new HessianOperator(linearization);
        var result = memory.Eigensolver.Solve(hessian, interrupt: interrupt);
        var preconditioned = memory.Preconditioned?.Solve(memory.Optimizer, hessian, memory.Gradient.Span, interrupt);
        if (result.Status == EigenStatus.Interrupted || preconditioned?.Status == EigenStatus.Interrupted)
        {
            outcome = RunStatus.Interrupted;
            return null;
        }

        var first = result.Vectors.Slice(0, network.ParameterCount);
        device.Dot(memory.Gradient.Span, first, cosine);
        if (memory.Optimizer.HasAscent)
        {
            memory.Optimizer.AscentGradient(
                memory.Spectrum, memory.Parameters.Span, memory.Gradient.Span, gradientNorm, memory.AscentGradient.Span, ascentLoss);
            device.Norm(memory.AscentGradient.Span, ascentNorm);
            device.Dot(memory.AscentGradient.Span, first, ascentCosine);
        }

        memory.Test?.Loss(memory.Parameters.Span, Number(6));
        Span<double> all = stackalloc double[memory.Numbers.Length];
        device.Download(memory.Numbers.Span, all);
        return new Measurement
        {
            Step = step,
            Epoch = Epoch(step),
            TimeSeconds = clock.Elapsed.TotalSeconds,
            Loss = plain[0],
            GradientNorm = plain[1],
            Accuracy = accuracy,
            Eigenvalues = [.. result.Pairs.Select(pair => pair.Value)],
            Residuals = [.. result.Pairs.Select(pair => pair.Residual)],
            Converged = [.. result.Pairs.Select(pair => pair.Converged)],
            Products = result.Products,
            GradientDescentEdge = Edges.Edge.GradientDescent(configuration.StepSize),
            BaseEdge = memory.Optimizer.HasPreconditioner ? double.NaN : memory.Optimizer.BaseEdge,
            HasAscent = memory.Optimizer.HasAscent,
            SamEdge = memory.Optimizer.HasAscent ? memory.Optimizer.Edge(plain[1]) : double.NaN,
            GradientAlignment = Math.Abs(all[3]) / plain[1],
            SamGradientAlignment = memory.Optimizer.HasAscent ? Math.Abs(all[4]) / all[2] : double.NaN,
            Preconditioned = preconditioned?.Pairs ?? [],
            PreconditionedProducts = preconditioned?.Products ?? 0,
            PreconditionedEdge = preconditioned is null ? double.NaN : memory.Optimizer.BaseEdge,
            TestLoss = memory.Test is null ? double.NaN : all[6],
            TestError = memory.Test is null ? double.NaN : 1 - Accuracy(memory.Test),
        };
    }

    // Of the last evaluation; NaN where there are no classes.
    private double Accuracy(NetworkObjective objective)
    {
        double accuracy = double.NaN;
        if (!objective.Accuracy.IsEmpty)
        {
            device.Download(objective.Accuracy, new Span<double>(ref accuracy));
        }

        return accuracy;
    }

    private DeviceSpan Number(int index) => memory.Numbers.Span.Slice(index, 1);
}
