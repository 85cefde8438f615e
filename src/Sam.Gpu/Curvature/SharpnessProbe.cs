using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>The sharpness, the largest eigenvalue of the Hessian with its sign, at points other than the parameters themselves.</summary>
/// <remarks>Points in a row should be near each other: each measurement begins from the eigenvectors of the one before.</remarks>
public sealed class SharpnessProbe : IDisposable
{
    private readonly Objective objective;
    private readonly Device device;
    private readonly Eigensolver solver;
    private readonly DeviceMemory point;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory numbers;

    /// <summary>Creates the probe and allocates its device memory.</summary>
    /// <param name="objective">The objective; it is not owned.</param>
    /// <param name="eigensolver">The settings of the eigensolver, but for which eigenvalues and how many; null for the defaults.</param>
    public SharpnessProbe(Objective objective, EigensolverOptions? eigensolver = null)
    {
        this.objective = objective;
        device = objective.Device;
        int size = objective.ParameterCount;
        solver = new Eigensolver(
            device, size, (eigensolver ?? new EigensolverOptions()) with { Count = 1, Which = SpectrumPart.LargestAlgebraic });
        point = device.Allocate(size, "point of a measurement");
        gradient = device.Allocate(size, "gradient of a measurement");
        numbers = device.Allocate(2, "numbers of a measurement");
    }

    /// <summary>The sharpness at a point.</summary>
    /// <param name="parameters">The point, [P].</param>
    public EigenPair At(DeviceSpan parameters) =>
        solver.Solve(new HessianOperator(objective.Linearize(parameters, gradient.Span, numbers.Span.Slice(0, 1)))).Pairs[0];

    /// <summary>The sharpness where SAM takes its gradient, at w + ρ g/‖g‖.</summary>
    /// <param name="parameters">w, [P].</param>
    /// <param name="rho">ρ ≥ 0.</param>
    public EigenPair AtPerturbed(DeviceSpan parameters, double rho)
    {
        var (loss, norm) = (numbers.Span.Slice(0, 1), numbers.Span.Slice(1, 1));
        objective.Gradient(parameters, gradient.Span, loss);
        device.Norm(gradient.Span, norm);
        device.AscentStep(parameters, gradient.Span, norm, rho, 0, point.Span);
        return At(point.Span);
    }

    /// <summary>The largest sharpness of evenly spaced points of a segment, both ends among them.</summary>
    /// <remarks>
    /// Times the step size it is the stableness of a step, η · sup λ₁ over the segment of the step, with the effective step η/‖g‖ for
    /// normalised descent (Arora, Li and Panigrahi, "Understanding Gradient Descent on the Edge of Stability in Deep Learning", 2022). The
    /// supremum of a finite sample is a lower bound.
    /// </remarks>
    /// <param name="start">One end, [P].</param>
    /// <param name="end">The other end, [P].</param>
    /// <param name="points">How many points, ≥ 2.</param>
    /// <returns>The pair of the point with the largest eigenvalue; one that is NaN counts as largest.</returns>
    public EigenPair LargestOnSegment(DeviceSpan start, DeviceSpan end, int points = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var largest = new EigenPair(double.NegativeInfinity, 0, true);
        for (int i = 0; i < points; i++)
        {
            double share = (double)i / (points - 1);
            device.Scale(start, 1 - share, point.Span);
            device.AddScaled(share, end, point.Span, point.Span);
            var pair = At(point.Span);
            largest = pair.Value <= largest.Value ? largest : pair;
        }

        return largest;
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        solver.Dispose();
        foreach (var owned in (DeviceMemory[])[point, gradient, numbers])
        {
            owned.Dispose();
        }
    }
}
