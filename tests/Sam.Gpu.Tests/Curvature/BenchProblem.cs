using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Sam.Gpu.Tests.Experiments;

namespace Sam.Gpu.Tests.Curvature;

/// <summary>
/// The network of the recipe <c>chebyshev</c>, f(x) = Σⱼ aⱼ tanh(wⱼ x + bⱼ) with 300 parameters, after some steps of gradient descent.
/// </summary>
internal sealed class BenchProblem : IDisposable
{
    public const int Dimension = 300;
    private const int Examples = 20;
    private const int Units = 100;

    private static readonly Dictionary<int, double[]> Trained = [];
    private static readonly Lock Training = new();

    private readonly NetworkObjective objective;
    private readonly DeviceMemory parameters;
    private readonly DeviceMemory gradient;
    private readonly DeviceMemory loss;

    public BenchProblem(Precision precision = Precision.Double, int steps = 5000)
    {
        Device = CpuDevice.Create(precision, 1);
        Network = NetworkSpecification.Parse("mlp:100,bias=hidden").Build(1, 1, "tanh");
        Theta = Train(steps);
        objective = new NetworkObjective(Device, Network, Loss.Parse("half-squared-error"), Chebyshev.Create(5, Examples));
        parameters = Device.Place(Theta, "parameters");
        gradient = Device.Allocate(Dimension, "gradient");
        loss = Device.Allocate(1, "loss");
        var linearization = objective.Linearize(parameters.Span, gradient.Span, loss.Span);
        Hessian = new HessianOperator(linearization);
        GaussNewton = new GaussNewtonOperator(linearization);
    }

    public Device Device { get; }

    public Network Network { get; }

    public double[] Theta { get; }

    public HessianOperator Hessian { get; }

    public GaussNewtonOperator GaussNewton { get; }

    /// <summary>The whole matrix of an operator, from products with unit vectors, [n, n].</summary>
    public static double[] Dense(ILinearOperator linear)
    {
        int n = linear.Dimension;
        double[] unit = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            unit[(i * n) + i] = 1;
        }

        using var block = linear.Device.Place(unit);
        using var products = linear.Device.Allocate(n * n, "products");
        linear.Apply(block.Span, products.Span, n);
        return linear.Device.Read(products.Span);
    }

    /// <summary>The eigenvalues of a dense symmetric matrix, from the smallest up.</summary>
    public static double[] Eigenvalues(double[] matrix)
    {
        int n = (int)Math.Sqrt(matrix.Length);
        var eigensystem = new SymmetricEigensystem(n);
        eigensystem.Decompose(matrix, n, n);
        return eigensystem.Values.ToArray();
    }

    public static double Trace(double[] matrix)
    {
        int n = (int)Math.Sqrt(matrix.Length);
        return Enumerable.Range(0, n).Sum(i => matrix[(i * n) + i]);
    }

    /// <summary>The derivatives of the outputs by the parameters in closed form, [examples, n].</summary>
    public double[] Jacobian()
    {
        double[] inputs = new double[Examples];
        Chebyshev.Create(5, Examples).Inputs.CopyRows(0, Examples, inputs.AsSpan());
        var jacobian = new double[Examples * Dimension];
        for (int i = 0; i < Examples; i++)
        {
            for (int j = 0; j < Units; j++)
            {
                double value = Math.Tanh((Theta[j] * inputs[i]) + Theta[Units + j]);
                double slope = Theta[(2 * Units) + j] * (1 - (value * value));
                jacobian[(i * Dimension) + j] = slope * inputs[i];
                jacobian[(i * Dimension) + Units + j] = slope;
                jacobian[(i * Dimension) + (2 * Units) + j] = value;
            }
        }

        return jacobian;
    }

    public void Dispose()
    {
        parameters.Dispose();
        gradient.Dispose();
        loss.Dispose();
        objective.Dispose();
        Device.Dispose();
    }

    private static double[] Train(int steps)
    {
        lock (Training)
        {
            if (!Trained.TryGetValue(steps, out double[]? theta))
            {
                RecipeRun.Of("chebyshev", $"optimizer=gd step-size=0.1 steps={steps} measure-every={steps} threads=1", folder =>
                {
                    using var archive = NumpyArchive.Open(Path.Combine(folder, "parameters.npz"));
                    theta = [.. archive.Names.SelectMany(name => archive.Read(name).ToDoubles())];
                });
                Trained.Add(steps, theta!);
            }

            return theta!;
        }
    }
}
