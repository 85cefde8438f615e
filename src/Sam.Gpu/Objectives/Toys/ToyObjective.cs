using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives.Toys;

/// <summary>A function of a few numbers in closed form, L(x) = f(q(x)), q a sum of products of functions of one coordinate each.</summary>
/// <remarks>
/// Everything is computed on the host in double by the chain and the product rule, and rounded once to the device's precision. The
/// Gauss-Newton matrix is f″ ∇q ∇qᵀ: f is the loss and q the network. <see cref="ToyFunctions"/> has those of the papers.
/// </remarks>
public sealed class ToyObjective : Objective, IThirdDerivative
{
    private const int Orders = 4;

    private readonly ScalarFunction outer;
    private readonly IReadOnlyList<ToyTerm> terms;
    private readonly double[] point;
    private readonly double[] vector;
    private readonly double[] other;
    private readonly double[] result;
    private readonly double[] derivatives;
    private readonly double[] first;
    private readonly int[] orders;

    /// <summary>Creates the objective.</summary>
    /// <param name="device">The device it is evaluated for.</param>
    /// <param name="outer">f.</param>
    /// <param name="terms">The terms of q, at least one, each with as many factors; that number is P.</param>
    /// <exception cref="ArgumentException">There are no terms, or they have different numbers of factors.</exception>
    public ToyObjective(Device device, ScalarFunction outer, params IReadOnlyList<ToyTerm> terms)
        : base(device, terms.Count > 0 ? terms[0].Factors.Count : throw new ArgumentException("A toy needs a term.", nameof(terms)))
    {
        if (terms.Any(term => term.Factors.Count != ParameterCount))
        {
            throw new ArgumentException($"Each term of a toy needs as many factors as the first, {ParameterCount}.", nameof(terms));
        }

        this.outer = outer;
        this.terms = terms;
        point = new double[ParameterCount];
        vector = new double[ParameterCount];
        other = new double[ParameterCount];
        result = new double[ParameterCount];
        first = new double[ParameterCount];
        orders = new int[ParameterCount];
        derivatives = new double[terms.Count * ParameterCount * Orders];
    }

    /// <summary>L and its gradient on the host: what a plain loop over a toy needs.</summary>
    /// <param name="x">x, [P].</param>
    /// <param name="gradient">∇L(x), [P], written.</param>
    /// <returns>L(x).</returns>
    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double q = Prepare(x);
        double slope = outer.Derivative(q, 1);
        for (int i = 0; i < ParameterCount; i++)
        {
            gradient[i] = slope * first[i];
        }

        return outer.Derivative(q, 0);
    }

    /// <summary>The Hessian on the host.</summary>
    /// <param name="x">x, [P].</param>
    /// <param name="matrix">∇²L(x), [P, P], written.</param>
    public void Hessian(ReadOnlySpan<double> x, Span<double> matrix)
    {
        double q = Prepare(x);
        double slope = outer.Derivative(q, 1);
        double bend = outer.Derivative(q, 2);
        for (int i = 0; i < ParameterCount; i++)
        {
            for (int j = 0; j < ParameterCount; j++)
            {
                matrix[(i * ParameterCount) + j] = (bend * first[i] * first[j]) + (slope * Inner(i, j));
            }
        }
    }

    /// <summary>∇³L(x)[u, v, ·] on the host.</summary>
    /// <param name="x">x, [P].</param>
    /// <param name="u">u, [P].</param>
    /// <param name="v">v, [P].</param>
    /// <param name="third">[P], written; overlaps none of the others.</param>
    public void ThirdDerivative(ReadOnlySpan<double> x, ReadOnlySpan<double> u, ReadOnlySpan<double> v, Span<double> third)
    {
        double q = Prepare(x);
        (double f1, double f2, double f3) = (outer.Derivative(q, 1), outer.Derivative(q, 2), outer.Derivative(q, 3));
        third.Clear();
        for (int i = 0; i < ParameterCount; i++)
        {
            for (int j = 0; j < ParameterCount; j++)
            {
                double ij = Inner(i, j);
                for (int k = 0; k < ParameterCount; k++)
                {
                    // Faà di Bruno's formula for f(q).
                    double pairs = (ij * first[k]) + (Inner(i, k) * first[j]) + (Inner(j, k) * first[i]);
                    third[k] += u[i] * v[j] * ((f3 * first[i] * first[j] * first[k]) + (f2 * pairs) + (f1 * Inner(i, j, k)));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void ThirdDerivatives(DeviceSpan parameters, DeviceSpan direction, DeviceSpan block, DeviceSpan result, int count)
    {
        Device.Download(parameters, point);
        Device.Download(direction, other);
        ForEach(block, result, count, () => ThirdDerivative(point, other, vector, this.result));
    }

    /// <inheritdoc/>
    protected override void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        Device.Download(parameters, point);
        double value = Evaluate(point, result);
        Device.Upload(result, gradient);
        Device.Upload([value], loss);
    }

    /// <inheritdoc/>
    protected internal override void HessianProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count)
    {
        Device.Download(parameters, point);
        var matrix = new double[ParameterCount * ParameterCount];
        Hessian(point, matrix);
        ForEach(directions, products, count, () =>
        {
            for (int i = 0; i < ParameterCount; i++)
            {
                result[i] = Dot(matrix.AsSpan(i * ParameterCount, ParameterCount), vector);
            }
        });
    }

    /// <inheritdoc/>
    protected internal override void GaussNewtonProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count)
    {
        Device.Download(parameters, point);
        double bend = outer.Derivative(Prepare(point), 2);
        ForEach(directions, products, count, () =>
        {
            double factor = bend * Dot(first, vector);
            for (int i = 0; i < ParameterCount; i++)
            {
                result[i] = factor * first[i];
            }
        });
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    // Has each vector of a block on the device made into its result by way of the host.
    private void ForEach(DeviceSpan block, DeviceSpan results, int count, Action compute)
    {
        for (int k = 0; k < count; k++)
        {
            Device.Download(block.Slice(k * ParameterCount, ParameterCount), vector);
            compute();
            Device.Upload(result, results.Slice(k * ParameterCount, ParameterCount));
        }
    }

    // Tabulates the derivatives of all factors at x, and the gradient of q; returns q(x).
    private double Prepare(ReadOnlySpan<double> x)
    {
        for (int m = 0; m < terms.Count; m++)
        {
            for (int i = 0; i < ParameterCount; i++)
            {
                for (int order = 0; order < Orders; order++)
                {
                    derivatives[(((m * ParameterCount) + i) * Orders) + order] = terms[m].Factors[i].Derivative(x[i], order);
                }
            }
        }

        for (int i = 0; i < ParameterCount; i++)
        {
            first[i] = Inner(i);
        }

        return Inner();
    }

    // The derivative of q by the coordinates given: each factor is differentiated as often as its coordinate is named.
    private double Inner(params ReadOnlySpan<int> coordinates)
    {
        Array.Clear(orders);
        foreach (int coordinate in coordinates)
        {
            orders[coordinate]++;
        }

        double sum = 0;
        for (int m = 0; m < terms.Count; m++)
        {
            double product = terms[m].Coefficient;
            for (int i = 0; i < ParameterCount; i++)
            {
                product *= derivatives[(((m * ParameterCount) + i) * Orders) + orders[i]];
            }

            sum += product;
        }

        return sum;
    }
}
