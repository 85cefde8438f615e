using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Flows;

/// <summary>The predicted displacement v of gradient descent from the constrained trajectory θ†, so that θ ≈ θ† + v.</summary>
/// <remarks>
/// <para>
/// v ← v − η (H v + ½ (x² − δ²) ∇S⊥ + x y u), with x = u·v, y = ∇S⊥·v, all derivatives at θ†. δ² = 2α/β counts what the projection takes
/// away, so it is 0 in a step that it does not touch. In the generalised form H v is H v⊥ + u (u·∇L(θ† + x u)) with v⊥ = v − x u, exact
/// along u to all orders.
/// </para>
/// <para>
/// Damian, Nichani and Lee, "Self-Stabilization: The Implicit Bias of Gradient Descent at the Edge of Stability" (2023). In the plane of x
/// and y it is x ← −(1 + η y) x and y ← y + ½ η β (δ² − x²), whose orbits are the cycles seen in training: x grows while y &gt; 0,
/// until x² drives y down.
/// </para>
/// <para>Several of these may follow one trajectory. In each step they move first, then the trajectory.</para>
/// </remarks>
public sealed class PredictedDynamics : IDisposable
{
    private readonly ConstrainedTrajectory trajectory;
    private readonly Device device;
    private readonly bool isGeneralised;
    private readonly ScalarReader numbers;
    private readonly DeviceMemory displacement;
    private readonly DeviceMemory product;
    private readonly DeviceMemory point;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;
    private int steps;

    /// <summary>Creates the dynamics with v = 0.</summary>
    /// <param name="trajectory">The constrained trajectory; it is not owned, and has been started.</param>
    /// <param name="isGeneralised">Whether the gradient along u is taken in full.</param>
    public PredictedDynamics(ConstrainedTrajectory trajectory, bool isGeneralised = false)
    {
        this.trajectory = trajectory;
        this.isGeneralised = isGeneralised;
        device = trajectory.Objective.Device;
        int size = trajectory.Objective.ParameterCount;
        numbers = new ScalarReader(device);
        displacement = device.Allocate(size, "predicted displacement");
        product = device.Allocate(size, "Hessian times displacement");
        point = device.Allocate(size, "predicted parameters");
        gradient = device.Allocate(size, "gradient of a prediction");
        loss = device.Allocate(1, "loss of a prediction");
        device.Fill(displacement.Span, 0);
    }

    /// <summary>v, [P].</summary>
    public DeviceSpan Displacement => displacement.Span;

    /// <summary>Whether the gradient along u is taken in full.</summary>
    public bool IsGeneralised => isGeneralised;

    /// <summary>Begins with v = θ − θ†.</summary>
    /// <param name="parameters">θ, [P], where gradient descent is.</param>
    public void Start(DeviceSpan parameters)
    {
        device.AddScaled(-1, trajectory.Parameters, parameters, displacement.Span);
        steps = 0;
    }

    /// <summary>Moves v by one step. The trajectory is moved after it.</summary>
    public void Step()
    {
        var here = trajectory.Point;
        var v = displacement.Span;
        double x = numbers.Dot(here.Vector, v);
        double y = numbers.Dot(here.Perpendicular, v);
        double along = x * y;
        if (isGeneralised)
        {
            // What replaces the part x S u of H v.
            device.AddScaled(x, here.Vector, trajectory.Parameters, point.Span);
            trajectory.Objective.Gradient(point.Span, gradient.Span, loss.Span);
            along += numbers.Dot(here.Vector, gradient.Span) - (x * here.Sharpness);
        }

        trajectory.Objective.Linearize(trajectory.Parameters, gradient.Span, loss.Span).HessianProducts(v, product.Span, 1);
        double deltaSquared = trajectory.IsAtEdge ? here.DeltaSquared : 0;
        device.AddScaled(-trajectory.StepSize, product.Span, v, v);
        device.AddScaled(-trajectory.StepSize * 0.5 * ((x * x) - deltaSquared), here.Perpendicular, v, v);
        device.AddScaled(-trajectory.StepSize * along, here.Vector, v, v);
        steps++;
    }

    /// <summary>The predictions for the step at hand.</summary>
    /// <param name="parameters">θ of the real gradient descent at this step, [P], to compare with; empty if there is none.</param>
    public PredictedStep Predict(DeviceSpan parameters = default)
    {
        var here = trajectory.Point;
        var v = displacement.Span;
        device.AddScaled(1, trajectory.Parameters, v, point.Span);
        trajectory.Objective.Gradient(point.Span, gradient.Span, loss.Span);
        double x = numbers.Dot(here.Vector, v);
        double y = numbers.Dot(here.Perpendicular, v);
        var (distance, realX, realNorm) = (double.NaN, double.NaN, double.NaN);
        if (!parameters.IsEmpty)
        {
            distance = numbers.Distance(parameters, point.Span);
            device.AddScaled(-1, trajectory.Parameters, parameters, product.Span);
            realX = numbers.Dot(here.Vector, product.Span);
            realNorm = numbers.Norm(product.Span);
        }

        return new PredictedStep
        {
            Step = steps,
            ConstrainedLoss = here.Loss,
            ConstrainedSharpness = here.Sharpness,
            X = x,
            Y = y,
            DisplacementNorm = numbers.Norm(v),
            DeltaSquared = here.DeltaSquared,
            Alpha = here.Alpha,
            Beta = here.Beta,
            Loss = numbers.Read(loss.Span),
            QuadraticLoss = here.Loss + (x * x / trajectory.StepSize),
            Sharpness = here.Sharpness + y + (here.SharpnessGradientAlongVector * x),
            MeanSharpness = here.Sharpness + y,
            Distance = distance,
            RealX = realX,
            RealDisplacementNorm = realNorm,
        };
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        numbers.Dispose();
        foreach (var owned in (DeviceMemory[])[displacement, product, point, gradient, loss])
        {
            owned.Dispose();
        }
    }
}
