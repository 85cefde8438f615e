using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>The third derivative of an objective with two directions put in: ∇³L(θ)[u, v, ·], the gradient of u·Hv.</summary>
/// <remarks>
/// <para>
/// With u = v the unit eigenvector of a simple eigenvalue of the Hessian it is the gradient of that eigenvalue. Where the objective has
/// closed forms (<see cref="IThirdDerivative"/>) they are taken. Else it is made of exact Hessian-vector products,
/// (H(θ + hu)v − H(θ − hu)v)/2h for h, h/2, h/4, …, extrapolated to h = 0 (Richardson, Romberg), and of all extrapolations the one whose
/// neighbours differ least from it is returned; the difference estimates its error (Ridders 1982).
/// </para>
/// <para>
/// Each h is one order better than what differences of gradients allow: the rounding of a product enters as ε‖H‖/h, not as ε‖g‖/h².
/// Where the network has kinks, as with relu, there is no third derivative, and the estimated error says so.
/// </para>
/// <para>The objective is evaluated elsewhere: a linearization made before ends. The next call begins near the h that served.</para>
/// </remarks>
public sealed class ThirdDerivative : IDisposable
{
    private readonly Objective objective;
    private readonly Device device;
    private readonly ThirdDerivativeOptions options;
    private readonly double tolerance;
    private readonly ScalarReader numbers;
    private DeviceMemory[] vectors = [];
    private DeviceMemory? block;
    private double step;

    /// <summary>Creates the derivative; device memory is allocated by the first call.</summary>
    /// <param name="objective">The objective; it is not owned.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    public ThirdDerivative(Objective objective, ThirdDerivativeOptions? options = null)
    {
        this.objective = objective;
        this.options = options ?? new ThirdDerivativeOptions();
        device = objective.Device;
        tolerance = this.options.Tolerance ?? (device.Precision == Precision.Double ? 1e-9 : 1e-3);
        step = this.options.FirstStep;
        if (!(tolerance >= 0 && step > 0 && double.IsFinite(step) && this.options.MaximumLevels >= 2))
        {
            throw new UsageException(FormattableString.Invariant(
                $"Third derivatives with tolerance {tolerance}, first step {step} and {this.options.MaximumLevels} levels: give a ")
                + "tolerance of at least 0, a finite step above 0 and 2 levels or more.");
        }

        numbers = new ScalarReader(device);
    }

    /// <summary>∇³L(θ)[u, vₖ, ·] for each vector of a block.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="direction">u, [P]; of unit length if h is to be a distance.</param>
    /// <param name="others">v, [K, P].</param>
    /// <param name="result">[K, P], written; overlaps none of the others.</param>
    /// <param name="count">K ≥ 1.</param>
    /// <returns>How good the whole block is.</returns>
    public DerivativeEstimate Apply(DeviceSpan parameters, DeviceSpan direction, DeviceSpan others, DeviceSpan result, int count)
    {
        Require.Length(parameters, objective.ParameterCount);
        Require.Length(direction, objective.ParameterCount);
        Require.Length(others, (long)count * objective.ParameterCount);
        Require.Length(result, (long)count * objective.ParameterCount);
        if (objective is IThirdDerivative closedForm)
        {
            closedForm.ThirdDerivatives(parameters, direction, others, result, count);
            return new DerivativeEstimate(numbers.Norm(result), 0, 0, 0);
        }

        Reserve(result.Length);
        return Extrapolate(parameters, direction, others, result, count);
    }

    /// <summary>∇(uᵢ·H uⱼ) for all pairs i ≤ j of a set of vectors.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="basis">u, [K, P], of unit length.</param>
    /// <param name="result">[K (K + 1)/2, P], written: the pairs (0, 0), (0, 1), …, (0, K − 1), (1, 1), ….</param>
    /// <param name="count">K ≥ 1.</param>
    /// <returns>How good the worst of the K blocks is.</returns>
    public DerivativeEstimate Pairs(DeviceSpan parameters, DeviceSpan basis, DeviceSpan result, int count)
    {
        int size = objective.ParameterCount;
        Require.Length(result, (long)count * (count + 1) / 2 * size);
        var worst = default(DerivativeEstimate);
        int row = 0;
        for (int i = 0; i < count; i++)
        {
            int others = count - i;
            var block = basis.Slice(i * size, others * size);
            var estimate = Apply(parameters, basis.Slice(i * size, size), block, result.Slice(row * size, others * size), others);
            worst = estimate.RelativeError >= worst.RelativeError
                ? estimate with { Linearizations = worst.Linearizations + estimate.Linearizations }
                : worst with { Linearizations = worst.Linearizations + estimate.Linearizations };
            row += others;
        }

        return worst;
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        numbers.Dispose();
        block?.Dispose();
        foreach (var vector in vectors)
        {
            vector.Dispose();
        }
    }

    // The table of Romberg's method by its last row: entry m of row j has error O(h^(2m+2)) with h the step of the row.
    private DerivativeEstimate Extrapolate(DeviceSpan parameters, DeviceSpan direction, DeviceSpan others, DeviceSpan result, int count)
    {
        int length = result.Length;
        var row = new DeviceSpan[options.MaximumLevels];
        var (carry, next) = (vectors[^1].Span.Slice(0, length), vectors[^2].Span.Slice(0, length));
        var best = new DerivativeEstimate(double.NaN, double.PositiveInfinity, step, 0);
        double first = step;
        for (int level = 0; level < options.MaximumLevels; level++)
        {
            double h = Math.ScaleB(first, -level);
            Difference(parameters, direction, others, carry, count, h);
            row[level] = vectors[level].Span.Slice(0, length);
            double power = 1;
            double least = double.PositiveInfinity;
            for (int m = 0; m < level; m++)
            {
                power *= 4;
                device.AddScaled(-1, row[m], carry, next);
                device.AddScaled(1 / (power - 1), next, carry, next);
                double error = Math.Max(numbers.Distance(next, carry), numbers.Distance(next, row[m]));
                least = Math.Min(least, error);
                if (error < best.Error)
                {
                    device.Copy(next, result);
                    best = best with { Error = error, Step = h };
                }

                device.Copy(carry, row[m]);
                (carry, next) = (next, carry);
            }

            device.Copy(carry, row[level]);
            best = best with { Linearizations = 2 * (level + 1) };
            if (level == 0)
            {
                continue;
            }

            best = best with { Norm = numbers.Norm(result) };

            // Smaller steps only add rounding once the estimates grow again.
            if (best.Error <= tolerance * best.Norm || least > 4 * best.Error)
            {
                break;
            }
        }

        if (!double.IsFinite(best.Error))
        {
            device.Fill(result, double.NaN);
            return best with { Error = double.NaN };
        }

        // The table works best with two to four rows: steps too large or too small for that are not begun with again.
        step = best.Linearizations switch { <= 4 => 2 * first, >= 10 => first / 2, _ => first };
        return best;
    }

    // (H(θ + hu)v − H(θ − hu)v)/2h.
    private void Difference(DeviceSpan parameters, DeviceSpan direction, DeviceSpan others, DeviceSpan result, int count, double h)
    {
        int size = objective.ParameterCount;
        var (point, gradient, loss) = (block!.Span.Slice(0, size), block.Span.Slice(size, size), block.Span.Slice(2 * size, 1));
        DeviceSpan behind = block.Span.Slice((2 * size) + 1, result.Length);
        device.AddScaled(h, direction, parameters, point);
        objective.Linearize(point, gradient, loss).HessianProducts(others, result, count);
        device.AddScaled(-h, direction, parameters, point);
        objective.Linearize(point, gradient, loss).HessianProducts(others, behind, count);
        device.AddScaled(-1, behind, result, result);
        device.Scale(result, 0.5 / h, result);
    }

    private void Reserve(int length)
    {
        if (vectors.Length > 0 && vectors[0].Length >= length)
        {
            return;
        }

        foreach (var vector in vectors)
        {
            vector.Dispose();
        }

        block?.Dispose();
        vectors = [.. Enumerable.Range(0, options.MaximumLevels + 2).Select(_ => device.Allocate(length, "extrapolation"))];
        block = device.Allocate(length + (2 * objective.ParameterCount) + 1, "differences of products");
    }
}
