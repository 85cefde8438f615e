using System.Diagnostics;
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
/// all examples of the run, also when it trains on minibatches. The same configuration gives the same bits in every column but the time.
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
    private int recorded;
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
        device = request.Devices.Create(
            description,
            new DeviceOptions
            {
                Precision = configuration.Precision,
                Threads = configuration.Threads,
                Products = configuration.MatrixProducts,
                AllowsTf32 = configuration.AllowsTf32,
            });
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

        batches = configuration.BatchSize is { } size ? new BatchOrder(configuration.Seed, data.Examples, size) : null;
        recordValues = new double[memory.Records.Length];
        device.Upload(initialization.Draw(network, configuration.Seed), memory.Parameters.Span);
        Plan = new RunPlan(request.Name, configuration, data.Name, data.Examples, network.ParameterCount, device.Name, description.Driver,
            device.MatrixProductName, plan, folder);
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
            Measurements = measurements,
            Folder = folder.FullName,
        };
        folder.WriteRun(request, Plan, data, started, summary);
        folder.WriteFigures(request.Figures);
        return summary;
    }

    /// <summary>Frees the device and all memory on it.</summary>
    public void Dispose()
    {
        memory.Dispose();
        device.Dispose();
    }

    private static readonly string[] MetricColumns =
        ["step", "time_seconds", "loss", "gradient_norm", "ascent_loss", "ascent_gradient_norm", "accuracy"];

    private IEnumerable<string> SpectrumColumns()
    {
        int count = memory.Eigensolver.Options.Count;
        string[] Numbered(string name) => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}_{i}"))];
        return
        [
            "step", "time_seconds", "loss", "gradient_norm", "accuracy",
            .. Numbered("eigenvalue"), .. Numbered("residual"), .. Numbered("converged"), "products",
            "sam_edge", "gd_edge", "base_edge", "alignment_gradient", "alignment_sam_gradient",
        ];
    }

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

            var training = memory.BatchObjective ?? memory.Objective;
            if (batches is not null)
            {
                training.Select(batches.Next());
            }

            memory.Optimizer.Step(
                training, memory.Parameters.Span, new StepRecord(memory.Records.Span.Slice(recorded * StepRecord.Length, StepRecord.Length)));
            step++;
            if (++recorded == RunMemory.RecordCapacity || ReadsEachStep)
            {
                Flush(step, observer, metrics);
            }
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
            metrics.Write(at, clock.Elapsed.TotalSeconds, loss, gradientNorm, ascentLoss, ascentGradientNorm, accuracy);
            observer.Stepped(at, loss, gradientNorm);
            if (loss <= configuration.StopLoss || accuracy >= configuration.StopAccuracy)
            {
                outcome = RunStatus.TargetReached;
            }
        }

        recorded = 0;
    }

    private void Measure(int step, IRunObserver observer, CsvFile spectrum, CancellationToken interrupt)
    {
        var (loss, gradientNorm, ascentNorm, cosine, ascentCosine, ascentLoss) = (Number(0), Number(1), Number(2), Number(3), Number(4), Number(5));
        var linearization = memory.Objective.Linearize(memory.Parameters.Span, memory.Gradient.Span, loss);
        device.Norm(memory.Gradient.Span, gradientNorm);
        Span<double> plain = stackalloc double[2];
        device.Download(memory.Numbers.Span.Slice(0, 2), plain);
        if (!double.IsFinite(plain[0]) || !double.IsFinite(plain[1]))
        {
            outcome = RunStatus.Diverged;
            return;
        }

        double accuracy = double.NaN;
        if (!memory.Objective.Accuracy.IsEmpty)
        {
            device.Download(memory.Objective.Accuracy, new Span<double>(ref accuracy));
        }

        var result = memory.Eigensolver.Solve(new HessianOperator(linearization), interrupt: interrupt);
        if (result.Status == EigenStatus.Interrupted)
        {
            outcome = RunStatus.Interrupted;
            return;
        }

        var first = result.Vectors.Slice(0, network.ParameterCount);
        device.Dot(memory.Gradient.Span, first, cosine);
        if (memory.Optimizer.HasAscent)
        {
            memory.Optimizer.AscentGradient(
                memory.Objective, memory.Parameters.Span, memory.Gradient.Span, gradientNorm, memory.AscentGradient.Span, ascentLoss);
            device.Norm(memory.AscentGradient.Span, ascentNorm);
            device.Dot(memory.AscentGradient.Span, first, ascentCosine);
        }

        Span<double> all = stackalloc double[6];
        device.Download(memory.Numbers.Span, all);
        var measurement = new Measurement
        {
            Step = step,
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
        };
        memory.Optimizer.Observe(measurement.Eigenvalues[0]);
        measurements.Add(measurement);
        spectrum.Write(
            step,
            [
                measurement.TimeSeconds, measurement.Loss, measurement.GradientNorm, measurement.Accuracy,
                .. measurement.Eigenvalues, .. measurement.Residuals, .. measurement.Converged.Select(converged => converged ? 1.0 : 0.0),
                measurement.Products, measurement.SamEdge, measurement.GradientDescentEdge, measurement.BaseEdge,
                measurement.GradientAlignment, measurement.SamGradientAlignment,
            ]);
        observer.Measured(measurement);
    }

    private DeviceSpan Number(int index) => memory.Numbers.Span.Slice(index, 1);
}
