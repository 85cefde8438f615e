using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Flows;

/// <summary>The central flow of gradient descent: the smooth curve that the iterates oscillate about, with their covariance.</summary>
/// <remarks>
/// <para>
/// dw/dt = −η (∇L(w) + ½ ∇⟨H(w), Σ⟩), t in steps of gradient descent. Σ = U X Uᵀ is the covariance of the oscillations along the critical
/// eigenvectors U, those of eigenvalues near 2/η. Of all X ⪰ 0 it is the one that keeps these eigenvalues at or below 2/η and pushes only
/// on those that would pass: X ⪰ 0, A + B[X] ⪰ 0, ⟨X, A + B[X]⟩ = 0 with A = 2/η − (λ + h H′), H′ᵢⱼ = −η ∇(uᵢ·H uⱼ)·∇L the drift without
/// oscillations, B[X]ᵢⱼ = ½ h η Σₖₗ ∇(uᵢ·H uⱼ)·∇(uₖ·H uₗ) Xₖₗ, h the Euler step. With one direction X = max(0, −A/B), which at the edge is
/// 2 (−∇L·∇S)/‖∇S‖².
/// </para>
/// <para>
/// Cohen, Damian, Talwalkar, Kolter and Lee, "Understanding Optimization in Deep Learning with Central Flows" (2025). For K critical
/// directions an Euler step takes the third derivatives of K (K + 1)/2 pairs; between them runs one measurement of eigenvalues.
/// </para>
/// </remarks>
public sealed class CentralFlow : IDisposable
{
    private readonly Objective objective;
    private readonly Device device;
    private readonly CentralFlowOptions options;
    private readonly double stepSize;
    private readonly double edge;
    private readonly GrowingEigensolver solver;
    private readonly ThirdDerivative third;
    private readonly ScalarReader numbers;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;
    private DeviceMemory? pairs;
    private double[] eigenvalues = [];
    private double[] variances = [];
    private double residual;
    private double derivativeError;
    private int substeps;

    /// <summary>Creates the flow and allocates its device memory; <see cref="Start"/> gives it a point.</summary>
    /// <param name="objective">The objective; it is not owned.</param>
    /// <param name="stepSize">η &gt; 0, of the gradient descent that it stands for.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    public CentralFlow(Objective objective, double stepSize, CentralFlowOptions? options = null)
    {
        this.options = options ?? new CentralFlowOptions();
        if (this.options is not { Substeps: >= 1, CriticalShare: > 0 and <= 1, TrackedShare: > 0, MaximumEigenvalues: >= 1 }
            || this.options.TrackedShare > this.options.CriticalShare)
        {
            var given = this.options;
            throw new UsageException(
                FormattableString.Invariant($"A central flow with {given.Substeps} substeps, shares {given.CriticalShare} and ")
                + FormattableString.Invariant($"{given.TrackedShare} and {given.MaximumEigenvalues} eigenvalues: give 1 or more of substeps and ")
                + "eigenvalues, and 0 < TrackedShare ≤ CriticalShare ≤ 1.");
        }

        this.objective = objective;
        this.stepSize = stepSize;
        edge = Edges.Edge.GradientDescent(stepSize);
        device = objective.Device;
        int size = objective.ParameterCount;
        solver = new GrowingEigensolver(
            device, size, this.options.TrackedShare * edge, this.options.MaximumEigenvalues, this.options.Eigensolver);
        third = new ThirdDerivative(objective, this.options.Derivative);
        numbers = new ScalarReader(device);
        parameters = device.Allocate(size, "parameters of the central flow");
        gradient = device.Allocate(size, "gradient");
        loss = device.Allocate(1, "loss");
    }

    /// <summary>w, [P].</summary>
    public DeviceSpan Parameters => parameters.Span;

    /// <summary>Begins at a point.</summary>
    /// <param name="start">The point, [P].</param>
    public void Start(DeviceSpan start)
    {
        device.Copy(start, parameters.Span);
        substeps = 0;
    }

    /// <summary>Follows the flow for the time of one step of gradient descent.</summary>
    /// <returns>What it said at the beginning of the step.</returns>
    public CentralFlowStep Step()
    {
        var first = Substep();
        for (int i = 1; i < options.Substeps; i++)
        {
            _ = Substep();
        }

        return first;
    }

    /// <summary>‖w − x‖, the distance to another trajectory.</summary>
    /// <param name="other">x, [P].</param>
    public double DistanceTo(DeviceSpan other) => numbers.Distance(other, parameters.Span);

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        solver.Dispose();
        third.Dispose();
        numbers.Dispose();
        foreach (var owned in (DeviceMemory?[])[parameters, gradient, loss, pairs])
        {
            owned?.Dispose();
        }
    }

    private CentralFlowStep Substep()
    {
        double h = 1.0 / options.Substeps;
        var linearization = objective.Linearize(parameters.Span, gradient.Span, loss.Span);
        double value = numbers.Read(loss.Span);
        double norm = numbers.Norm(gradient.Span);
        var spectrum = solver.Solve(new HessianOperator(linearization));
        eigenvalues = [.. spectrum.Pairs.Select(pair => pair.Value)];
        int critical = eigenvalues.Count(number => number > options.CriticalShare * edge);
        variances = [];
        (residual, derivativeError) = (0, 0);
        if (critical > 0)
        {
            PushBack(spectrum.Vectors.Slice(0, critical * objective.ParameterCount), critical, h);
        }

        device.AddScaled(-stepSize * h, gradient.Span, parameters.Span, parameters.Span);

        double variance = variances.Sum();
        return new CentralFlowStep
        {
            Step = h * substeps++,
            Loss = value,
            PredictedLoss = value + (variance / stepSize),
            SquaredGradient = norm * norm,
            PredictedSquaredGradient = (norm * norm) + (edge * edge * variance),
            Eigenvalues = eigenvalues,
            Variances = variances,
            IsTruncated = solver.IsTruncated,
            Residual = residual,
            DerivativeError = derivativeError,
        };
    }

    // What oscillations along the critical eigenvectors add to an Euler step.
    private void PushBack(DeviceSpan basis, int count, double h)
    {
        int size = objective.ParameterCount;
        int length = count * (count + 1) / 2;
        if (pairs is null || pairs.Length < length * (size + length + 2))
        {
            pairs?.Dispose();
            pairs = device.Allocate(length * (size + length + 2), "derivatives of the critical block");
        }

        DeviceSpan slopes = pairs.Span.Slice(0, length * size);
        DeviceSpan products = pairs.Span.Slice(length * size, length * length);
        DeviceSpan drifts = pairs.Span.Slice(length * (size + length), length);
        DeviceSpan coefficients = pairs.Span.Slice(length * (size + length + 1), length);
        derivativeError = third.Pairs(parameters.Span, basis, slopes, count).RelativeError;
        device.BlockDot(slopes, length, slopes, length, products);
        device.BlockDot(slopes, length, gradient.Span, 1, drifts);
        var (a, b, x) = (new double[length], new double[length * length], new double[length]);
        device.Download(products, b);
        device.Download(drifts, a);
        double[] weights = new double[length];
        for (int i = 0, k = 0; i < count; i++)
        {
            for (int j = i; j < count; j++, k++)
            {
                weights[k] = SemidefiniteComplementarity.Weight(i, j);
                a[k] = weights[k] * ((i == j ? edge - eigenvalues[i] : 0) + (h * stepSize * a[k]));
            }
        }

        for (int i = 0; i < b.Length; i++)
        {
            b[i] *= 0.5 * h * stepSize * weights[i / length] * weights[i % length];
        }

        var problem = new SemidefiniteComplementarity(count);
        residual = problem.Solve(a, b, x);
        variances = problem.Eigenvalues(x).ToArray();
        Array.Reverse(variances);

        // −η h ½ Σᵢⱼ Xᵢⱼ ∇(uᵢ·H uⱼ): a pair off the diagonal counts twice, once by each of two weights √2.
        for (int k = 0; k < length; k++)
        {
            x[k] *= -0.5 * stepSize * h * weights[k];
        }

        device.Upload(x, coefficients);
        device.BlockCombine(slopes, length, coefficients, parameters.Span, 1, accumulate: true);
    }
}
