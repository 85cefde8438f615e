using System.Numerics;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>What both sides start from: examples, parameters and directions, the same bits for both.</summary>
internal sealed class Inputs
{
    private const ulong Seed = 0;

    private readonly Problem problem;

    /// <summary>Draws or reads the inputs of a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="dataRoot">The folder of the data sets.</param>
    public Inputs(Problem problem, string dataRoot)
    {
        this.problem = problem;
        var specification = NetworkSpecification.Parse(problem.Network);
        Data = StandIns.Load(problem, dataRoot, specification.SequenceLength);
        Network = specification.Build(Data.InputShape, Data.Outputs, problem.Activation);
        Parameters = Round(Initialization.Parse(problem.Initialization).Draw(Network, Seed));
        DirectionCount = problem.Works.Max(work => work.Directions);
        var random = new RandomStream(Seed, "directions");
        double[] directions = new double[DirectionCount * Network.ParameterCount];
        for (int i = 0; i < directions.Length; i++)
        {
            directions[i] = random.NextGaussian();
        }

        Directions = Round(directions);
    }

    /// <summary>The examples.</summary>
    public DataSet Data { get; }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>θ, [P].</summary>
    public double[] Parameters { get; }

    /// <summary>K, the most directions that a work of the problem takes.</summary>
    public int DirectionCount { get; }

    /// <summary>[K, P].</summary>
    public double[] Directions { get; }

    /// <summary>Writes the inputs for the PyTorch side.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => NumpyArchive.Write(path, Arrays());

    private IEnumerable<KeyValuePair<string, NumpyArray>> Arrays()
    {
        yield return new("x", Examples(Data.Inputs, [.. Data.InputShape]));
        yield return new("y", Examples(Data.Targets, Data.Targets.Columns));
        foreach (var parameter in Network.Parameters)
        {
            yield return new("parameters/" + parameter.Name, Array(Part(Parameters, 0, parameter), [.. parameter.Shape]));
        }

        foreach (var parameter in Network.Parameters)
        {
            double[] rows = [.. Enumerable.Range(0, DirectionCount).SelectMany(k => Part(Directions, k, parameter))];
            yield return new("directions/" + parameter.Name, Array(rows, [DirectionCount, .. parameter.Shape]));
        }
    }

    private double[] Part(double[] rows, int row, Parameter parameter) =>
        rows.AsSpan((row * Network.ParameterCount) + parameter.Offset, parameter.Length).ToArray();

    private NumpyArray Examples(ExampleMatrix matrix, params int[] shape) =>
        problem.Precision == Precision.Float
            ? NumpyArray.Of(Copy<float>(matrix), [matrix.Rows, .. shape])
            : NumpyArray.Of(Copy<double>(matrix), [matrix.Rows, .. shape]);

    private NumpyArray Array(double[] numbers, int[] shape) =>
        problem.Precision == Precision.Float
            ? NumpyArray.Of(System.Array.ConvertAll(numbers, number => (float)number), shape)
            : NumpyArray.Of(numbers, shape);

    private static T[] Copy<T>(ExampleMatrix matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[matrix.Rows * matrix.Columns];
        matrix.CopyRows(0, matrix.Rows, numbers.AsSpan());
        return numbers;
    }

    private double[] Round(double[] numbers) =>
        problem.Precision == Precision.Float ? System.Array.ConvertAll(numbers, number => (double)(float)number) : numbers;
}
