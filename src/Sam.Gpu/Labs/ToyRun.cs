using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Labs;

/// <summary>An optimizer on a toy, and what a lab asks of the points that it comes through.</summary>
internal sealed class ToyRun : IDisposable
{
    private readonly ToyObjective toy;
    private readonly Device device;
    private readonly Optimizer optimizer;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory record;
    private readonly double[] point;
    private readonly double[] gradient;
    private readonly double[] matrix;
    private readonly SymmetricEigensystem system;

    /// <summary>Begins at a point.</summary>
    /// <param name="toy">The toy; it is not owned.</param>
    /// <param name="step">The step; the run frees it.</param>
    /// <param name="start">The point, [P].</param>
    public ToyRun(ToyObjective toy, IBaseStep step, params ReadOnlySpan<double> start)
    {
        this.toy = toy;
        device = toy.Device;
        int size = toy.ParameterCount;
        optimizer = new Optimizer(device, size, step);
        parameters = device.Allocate(size, "parameters of a toy");
        record = device.Allocate(StepRecord.Length, "record");
        point = start.ToArray();
        gradient = new double[size];
        matrix = new double[size * size];
        system = new SymmetricEigensystem(size);
        device.Upload(point, parameters.Span);
    }

    /// <summary>Where the run is, [P].</summary>
    public ReadOnlySpan<double> Point => point;

    /// <summary>The same on the device.</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>The loss there.</summary>
    public double Loss => toy.Evaluate(point, gradient);

    /// <summary>‖θ‖.</summary>
    public double Norm => NormOf(point);

    /// <summary>‖∇L(θ)‖.</summary>
    public double GradientNorm
    {
        get
        {
            _ = toy.Evaluate(point, gradient);
            return NormOf(gradient);
        }
    }

    /// <summary>The largest eigenvalue of the Hessian there.</summary>
    public double Sharpness
    {
        get
        {
            toy.Hessian(point, matrix);
            system.Decompose(matrix, point.Length, point.Length);
            return system.Values[^1];
        }
    }

    /// <summary>Takes steps.</summary>
    /// <param name="steps">How many, ≥ 0.</param>
    public void Step(int steps = 1)
    {
        for (int step = 0; step < steps; step++)
        {
            optimizer.Step(toy, parameters.Span, new StepRecord(record.Span));
        }

        device.Download(parameters.Span, point);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        optimizer.Dispose();
        parameters.Dispose();
        record.Dispose();
    }

    private static double NormOf(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double number in x)
        {
            sum += number * number;
        }

        return Math.Sqrt(sum);
    }
}
