using System.Diagnostics;
using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>The work in this library.</summary>
internal sealed class OwnSide : IDisposable
{
    private readonly Inputs inputs;
    private readonly Device device;
    private readonly NetworkObjective objective;
    private readonly Optimizer optimizer;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory record;
    private readonly DeviceMemory directions;
    private readonly DeviceMemory products;
    private readonly double[] eigenvalues;
    private readonly Eigensolver? solver;

    /// <summary>Puts the inputs on a device.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="device">The device, which it takes over.</param>
    public OwnSide(Problem problem, Inputs inputs, Device device)
    {
        this.inputs = inputs;
        this.device = device;
        int count = inputs.Network.ParameterCount;
        objective = new NetworkObjective(device, inputs.Network, Loss.Parse(problem.Loss), inputs.Data);
        optimizer = new Optimizer(device, count, new GradientDescent(device, problem.StepSize), new NormalisedAscent(problem.Rho));
        parameters = device.Allocate(count, "parameters");
        gradient = device.Allocate(count, "gradient");
        record = device.Allocate(StepRecord.Length, "record of a step");
        directions = device.Allocate(inputs.Directions.Length, "directions");
        products = device.Allocate(inputs.Directions.Length, "products");
        device.Upload(inputs.Directions, directions.Span);
        eigenvalues = new double[problem.Works.Where(work => work.MeasuresEigenpairs).Max(work => (int?)work.Count) ?? 0];
        if (eigenvalues.Length > 0)
        {
            solver = new Eigensolver(device, count, new EigensolverOptions { Count = eigenvalues.Length, Tolerance = Work.Residual });
        }
    }

    /// <summary>Does a work from the first parameters on.</summary>
    /// <param name="work">The work.</param>
    /// <param name="calls">How often.</param>
    /// <returns>The seconds it took.</returns>
    public double Run(Work work, int calls)
    {
        device.Upload(inputs.Parameters, parameters.Span);
        device.Synchronize();
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            Run(work);
        }

        device.Synchronize();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>What the last call gave, by the names that the PyTorch side has for it.</summary>
    /// <param name="work">The work that was run last.</param>
    public IEnumerable<(string Name, double[] Numbers)> Results(Work work)
    {
        var step = new StepRecord(record.Span);
        yield return ("loss", Download(step.Loss));
        if (work.MeasuresEigenpairs)
        {
            yield return ("eigenvalues", eigenvalues);
        }

        if (work.Kind is Work.SamStepKind or Work.MeasuredRunKind)
        {
            yield return ("parameters", Download(parameters.Span));
            yield break;
        }

        yield return ("gradient", Download(gradient.Span));
        if (work.Directions > 0)
        {
            yield return ("products", Download(Block(products, work)));
        }
    }

    public void Dispose()
    {
        solver?.Dispose();
        optimizer.Dispose();
        objective.Dispose();
        foreach (var memory in (DeviceMemory[])[parameters, gradient, record, directions, products])
        {
            memory.Dispose();
        }

        device.Dispose();
    }

    private void Run(Work work)
    {
        var step = new StepRecord(record.Span);
        switch (work.Kind)
        {
            case Work.GradientKind:
                objective.Gradient(parameters.Span, gradient.Span, step.Loss);
                break;
            case Work.SamStepKind:
                optimizer.Step(objective, parameters.Span, step);
                break;
            case Work.EigenpairsKind or Work.PowerIterationKind:
                solver!.Reset();
                Measure(step);
                break;
            case Work.MeasuredRunKind:
                solver!.Reset();
                for (int i = 0; i < Work.RunSteps; i++)
                {
                    if (i % Work.MeasuredEvery == 0)
                    {
                        Measure(step);
                    }

                    optimizer.Step(objective, parameters.Span, step);
                }

                Measure(step);
                break;
            default:
                objective.Linearize(parameters.Span, gradient.Span, step.Loss)
                    .HessianProducts(Block(directions, work), Block(products, work), work.Directions);
                break;
        }
    }

    private void Measure(StepRecord step)
    {
        var result = solver!.Solve(new HessianOperator(objective.Linearize(parameters.Span, gradient.Span, step.Loss)));
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            // NaN, which no comparison takes for equal, unless the pair meets the residual.
            eigenvalues[i] = result.Converged ? result.Pairs[i].Value : double.NaN;
        }
    }

    private DeviceSpan Block(DeviceMemory memory, Work work) => memory.Span.Slice(0, work.Directions * inputs.Network.ParameterCount);

    private double[] Download(DeviceSpan span)
    {
        double[] numbers = new double[span.Length];
        device.Download(span, numbers);
        return numbers;
    }
}
