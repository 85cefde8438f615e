using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>What the theory of the edge asks of a point θ: loss L, gradient g, sharpness S, its eigenvector u, and ∇S.</summary>
/// <remarks>
/// S is the largest eigenvalue of the Hessian, signs counted; ∇S = ∇³L[u, u, ·] where it is simple. The sign of u is that in which it is
/// nearest to the u before. The notation is that of Damian, Nichani and Lee, "Self-Stabilization" (2023): ∇S⊥ is ∇S without its part
/// along u, α = −g·∇S⊥ the progressive sharpening, β = ‖∇S⊥‖².
/// </remarks>
public sealed class SharpnessPoint : IDisposable
{
    private readonly Objective objective;
    private readonly Device device;
    private readonly Eigensolver solver;
    private readonly ThirdDerivative third;
    private readonly ScalarReader numbers;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;
    private readonly DeviceMemory vector;
    private readonly DeviceMemory previous;
    private readonly DeviceMemory sharpnessGradient;
    private readonly DeviceMemory perpendicular;

    /// <summary>Creates the probe and allocates its device memory.</summary>
    /// <param name="objective">The objective; it is not owned.</param>
    /// <param name="eigensolver">The settings of the eigensolver, but for which eigenvalues and how many; null for the defaults.</param>
    /// <param name="derivative">The settings of the third derivative; null for the defaults.</param>
    /// <param name="seed">The seed of the eigensolver.</param>
    public SharpnessPoint(
        Objective objective, EigensolverOptions? eigensolver = null, ThirdDerivativeOptions? derivative = null, ulong seed = 0)
    {
        this.objective = objective;
        device = objective.Device;
        int size = objective.ParameterCount;
        solver = new Eigensolver(
            device, size, (eigensolver ?? new EigensolverOptions()) with { Count = 1, Which = SpectrumPart.LargestAlgebraic }, seed);
        third = new ThirdDerivative(objective, derivative);
        numbers = new ScalarReader(device);
        gradient = device.Allocate(size, "gradient");
        loss = device.Allocate(1, "loss");
        vector = device.Allocate(size, "top eigenvector");
        previous = device.Allocate(size, "top eigenvector before");
        sharpnessGradient = device.Allocate(size, "gradient of the sharpness");
        perpendicular = device.Allocate(size, "gradient of the sharpness without its part along the eigenvector");
        device.Fill(vector.Span, 0);
    }

    /// <summary>L(θ).</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>S with its residual.</summary>
    public EigenPair Pair { get; private set; }

    /// <summary>S.</summary>
    public double Sharpness => Pair.Value;

    /// <summary>g, [P].</summary>
    public DeviceSpan Gradient => gradient.Span;

    /// <summary>u, [P].</summary>
    public DeviceSpan Vector => vector.Span;

    /// <summary>∇S, [P].</summary>
    public DeviceSpan SharpnessGradient => sharpnessGradient.Span;

    /// <summary>∇S⊥, [P].</summary>
    public DeviceSpan Perpendicular => perpendicular.Span;

    /// <summary>How good ∇S is.</summary>
    public DerivativeEstimate Estimate { get; private set; }

    /// <summary>u·g.</summary>
    public double GradientAlongVector { get; private set; } = double.NaN;

    /// <summary>u·∇S.</summary>
    public double SharpnessGradientAlongVector { get; private set; } = double.NaN;

    /// <summary>α = −g·∇S⊥: how fast gradient flow raises the sharpness, but for what it does along u.</summary>
    public double Alpha { get; private set; } = double.NaN;

    /// <summary>β = ‖∇S⊥‖².</summary>
    public double Beta { get; private set; } = double.NaN;

    /// <summary>δ² = 2α/β: the mean square of the oscillation along u that holds S where it is; 0 where nothing drives S up.</summary>
    public double DeltaSquared => Alpha > 0 ? 2 * Alpha / Beta : 0;

    /// <summary>The products of the Hessian that the last measurement took for S and u.</summary>
    public int Products { get; private set; }

    /// <summary>Measures everything at θ.</summary>
    /// <param name="parameters">θ, [P].</param>
    public void Measure(DeviceSpan parameters)
    {
        var linearization = objective.Linearize(parameters, gradient.Span, loss.Span);
        Loss = numbers.Read(loss.Span);
        device.Copy(vector.Span, previous.Span);
        var result = solver.Solve(new HessianOperator(linearization));
        Pair = result.Pairs[0];
        Products = result.Products;
        double sign = numbers.Dot(previous.Span, result.Vector(0)) < 0 ? -1 : 1;
        device.Scale(result.Vector(0), sign, vector.Span);
        Estimate = third.Apply(parameters, vector.Span, vector.Span, sharpnessGradient.Span, 1);
        SharpnessGradientAlongVector = numbers.Dot(sharpnessGradient.Span, vector.Span);
        device.AddScaled(-SharpnessGradientAlongVector, vector.Span, sharpnessGradient.Span, perpendicular.Span);
        GradientAlongVector = numbers.Dot(gradient.Span, vector.Span);
        Alpha = -numbers.Dot(gradient.Span, perpendicular.Span);
        Beta = numbers.Dot(perpendicular.Span, perpendicular.Span);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        solver.Dispose();
        third.Dispose();
        numbers.Dispose();
        foreach (var owned in (DeviceMemory[])[gradient, loss, vector, previous, sharpnessGradient, perpendicular])
        {
            owned.Dispose();
        }
    }
}
