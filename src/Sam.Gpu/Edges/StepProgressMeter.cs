using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Edges;

/// <summary>Measures relative progress and directional smoothness from point to point of a trajectory, whatever the optimizer.</summary>
public sealed class StepProgressMeter : IDisposable
{
    private readonly Device device;
    private readonly ScalarReader numbers;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory step;
    private readonly DeviceMemory change;
    private readonly DeviceMemory loss;
    private double lossBefore = double.NaN;

    /// <summary>Creates the meter and allocates its device memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    public StepProgressMeter(Device device, int parameterCount)
    {
        this.device = device;
        numbers = new ScalarReader(device);
        parameters = device.Allocate(parameterCount, "parameters before the step");
        gradient = device.Allocate(parameterCount, "gradient before the step");
        step = device.Allocate(parameterCount, "step");
        change = device.Allocate(parameterCount, "change of the gradient");
        loss = device.Allocate(1, "loss");
    }

    /// <summary>Takes note of a point, and says how the step there from the last one went.</summary>
    /// <param name="point">θ, [P].</param>
    /// <param name="pointGradient">∇L(θ), [P].</param>
    /// <param name="pointLoss">L(θ).</param>
    /// <returns>NaN for the first point, and where there was no step.</returns>
    public StepProgress Observe(DeviceSpan point, DeviceSpan pointGradient, double pointLoss)
    {
        var progress = new StepProgress(double.NaN, double.NaN);
        if (!double.IsNaN(lossBefore))
        {
            device.AddScaled(-1, point, parameters.Span, step.Span);
            progress = new StepProgress(
                (pointLoss - lossBefore) / numbers.Dot(gradient.Span, step.Span), Smoothness(gradient.Span, pointGradient));
        }

        device.Copy(point, parameters.Span);
        device.Copy(pointGradient, gradient.Span);
        lossBefore = pointLoss;
        return progress;
    }

    /// <summary>DS for parts of a step: between its start θ and θ − τ v.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="start">θ, [P].</param>
    /// <param name="end">θ − v, [P].</param>
    /// <param name="shares">τ, each above 0.</param>
    /// <returns>DS for each τ. What <see cref="Observe"/> has noted is forgotten.</returns>
    public double[] Profile(Objective objective, DeviceSpan start, DeviceSpan end, params ReadOnlySpan<double> shares)
    {
        lossBefore = double.NaN;
        double[] profile = new double[shares.Length];
        objective.Gradient(start, gradient.Span, loss.Span);
        for (int i = 0; i < profile.Length; i++)
        {
            device.AddScaled(-1, end, start, step.Span);
            device.Scale(step.Span, shares[i], step.Span);
            device.AddScaled(-1, step.Span, start, parameters.Span);
            objective.Gradient(parameters.Span, change.Span, loss.Span);
            profile[i] = Smoothness(gradient.Span, change.Span);
        }

        return profile;
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        numbers.Dispose();
        foreach (var owned in (DeviceMemory[])[parameters, gradient, step, change, loss])
        {
            owned.Dispose();
        }
    }

    // ⟨v, g − g′⟩/‖v‖² of the step at hand.
    private double Smoothness(DeviceSpan before, DeviceSpan after)
    {
        device.AddScaled(-1, after, before, change.Span);
        return numbers.Dot(step.Span, change.Span) / numbers.Dot(step.Span, step.Span);
    }
}
