using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sam.Gpu.Data;

/// <summary>Examples to train on: inputs, targets, and for classification the classes. Immutable.</summary>
public sealed class DataSet
{
    private readonly int[] labels;
    private readonly int? classesOfPosition;
    private readonly Lazy<string> hash;

    private DataSet(string name, ExampleMatrix inputs, IReadOnlyList<int> inputShape, ExampleMatrix targets, int[] labels, DataSet? test, int? classesOfPosition = null)
    {
        Name = name;
        this.classesOfPosition = classesOfPosition;
        Inputs = inputs;
        InputShape = inputShape;
        Targets = targets;
        Test = test;
        this.labels = labels;
        hash = new Lazy<string>(ComputeHash);
    }

    /// <summary>The specification that the set was made from, such as <c>chebyshev-5-20</c>.</summary>
    public string Name { get; }

    /// <summary>The inputs, [examples, features], prepared for the network.</summary>
    public ExampleMatrix Inputs { get; }

    /// <summary>The shape of one input, such as [channels, height, width] for images; its product is <see cref="Features"/>.</summary>
    public IReadOnlyList<int> InputShape { get; }

    /// <summary>
    /// The targets, [examples, outputs]; for classification one-hot: 1 for the class of the example, 0 for the others. Of sequences,
    /// [examples, positions]: the class itself.
    /// </summary>
    public ExampleMatrix Targets { get; }

    /// <summary>The class of each example, of sequences of each position, from 0 to <see cref="Outputs"/> - 1; empty for regression.</summary>
    public ReadOnlySpan<int> Labels => IsClassification ? labels.AsSpan(0, Examples * Positions) : [];

    /// <summary>Whether each example is a sequence with a class to predict at every position.</summary>
    public bool IsSequence => classesOfPosition is not null;

    /// <summary>The positions of an example that have a target each; 1 but for sequences.</summary>
    public int Positions => IsSequence ? Targets.Columns : 1;

    /// <summary>Whether each example belongs to a class.</summary>
    public bool IsClassification => labels.Length > 0;

    /// <summary>The number of examples, at least 1.</summary>
    public int Examples => Inputs.Rows;

    /// <summary>The numbers of one input: the input width of a network.</summary>
    public int Features => Inputs.Columns;

    /// <summary>The numbers of one target, for classification the number of classes: the output width of a network, at each position.</summary>
    public int Outputs => classesOfPosition ?? Targets.Columns;

    /// <summary>The examples that are kept for testing, prepared as the training ones are; null if there are none.</summary>
    public DataSet? Test { get; }

    /// <summary>Names the numbers themselves: the same hash means the same examples, prepared alike, in the same order.</summary>
    /// <remarks>
    /// SHA-256 in hexadecimal, of examples, features, outputs and classes (0 for regression) as int64, then of each example
    /// its inputs and targets (of sequences the classes) as float64; all little-endian. <see cref="Test"/> is not part of it.
    /// </remarks>
    public string Hash => hash.Value;

    /// <summary>Creates a set whose targets are numbers.</summary>
    /// <param name="name">The specification, for messages and records.</param>
    /// <param name="inputs">[examples, features], at least one example.</param>
    /// <param name="targets">[examples, outputs].</param>
    /// <param name="test">The examples that are kept for testing, with the same features and outputs.</param>
    /// <param name="inputShape">The shape of one input; default [features].</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public static DataSet ForRegression(
        string name, ExampleMatrix inputs, ExampleMatrix targets, DataSet? test = null, IReadOnlyList<int>? inputShape = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rows == 0 || inputs.Rows != targets.Rows)
        {
            throw new ArgumentException(
                $"{inputs.Rows} inputs and {targets.Rows} targets were given; their numbers must be equal and at least 1.");
        }

        CheckTest(inputs, targets.Columns, test);
        return new DataSet(name, inputs, ShapeOf(inputs, inputShape), targets, [], test);
    }

    /// <summary>Creates a set whose examples belong to classes.</summary>
    /// <param name="name">The specification, for messages and records.</param>
    /// <param name="inputs">[examples, features], at least one example.</param>
    /// <param name="labels">[examples], each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="test">The examples that are kept for testing, with the same features and classes.</param>
    /// <param name="inputShape">The shape of one input; default [features].</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or a label is out of range.</exception>
    public static DataSet ForClassification(
        string name, ExampleMatrix inputs, ReadOnlySpan<int> labels, int classes, DataSet? test = null, IReadOnlyList<int>? inputShape = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows == 0 || inputs.Rows != labels.Length)
        {
            throw new ArgumentException(
                $"{inputs.Rows} inputs and {labels.Length} labels were given; their numbers must be equal and at least 1.");
        }

        CheckLabels(labels, classes);
        CheckTest(inputs, classes, test);
        var copy = labels.ToArray();
        return new DataSet(name, inputs, ShapeOf(inputs, inputShape), new OneHotMatrix(copy, copy.Length, classes), copy, test);
    }

    /// <summary>Creates a set of sequences with a class to predict at every position, such as texts with the character after each.</summary>
    /// <param name="name">The specification, for messages and records.</param>
    /// <param name="inputs">The tokens, [examples, positions], whole numbers.</param>
    /// <param name="labels">[examples, positions], each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="test">The examples that are kept for testing, as long and with the same classes.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or a label is out of range.</exception>
    public static DataSet ForSequences(string name, ExampleMatrix inputs, int[] labels, int classes, DataSet? test = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        if (inputs.Rows == 0 || (long)inputs.Rows * inputs.Columns != labels.Length)
        {
            throw new ArgumentException(
                $"{inputs.Rows} sequences of {inputs.Columns} tokens and {labels.Length} labels were given; each token needs one.", nameof(labels));
        }

        CheckLabels(labels, classes);
        CheckTest(inputs, classes, test);
        return new DataSet(
            name, inputs, [inputs.Columns], ExampleMatrix.Dense(labels, inputs.Rows, inputs.Columns), labels, test, classes);
    }

    /// <summary>The first examples as a set of their own, prepared as they are here, with the same test examples.</summary>
    /// <param name="examples">From 1 to <see cref="Examples"/>.</param>
    /// <exception cref="UsageException">There are not so many examples.</exception>
    public DataSet Take(int examples)
    {
        if (examples < 1 || examples > Examples)
        {
            throw new UsageException(
                $"--examples {examples} was given, but {Name} has {Examples} training examples; allowed is a number from 1 to {Examples}.");
        }

        return examples == Examples ? this : new DataSet(Name, Inputs.Take(examples), InputShape, Targets.Take(examples), labels, Test, classesOfPosition);
    }

    private static IReadOnlyList<int> ShapeOf(ExampleMatrix inputs, IReadOnlyList<int>? shape) =>
        shape is null ? [inputs.Columns]
        : shape.Aggregate(1L, (product, length) => product * length) == inputs.Columns ? shape
        : throw new ArgumentException($"The shape [{string.Join(", ", shape)}] was given for inputs of {inputs.Columns} numbers.", nameof(shape));

    private static void CheckLabels(ReadOnlySpan<int> labels, int classes)
    {
        foreach (var label in labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException($"The label {label} was given; allowed are 0 to {classes - 1}.", nameof(labels));
            }
        }
    }

    private static void CheckTest(ExampleMatrix inputs, int outputs, DataSet? test)
    {
        if (test is not null && (test.Features != inputs.Columns || test.Outputs != outputs))
        {
            throw new ArgumentException(
                $"The test examples have {test.Features} features and {test.Outputs} outputs; the training examples have "
                + $"{inputs.Columns} and {outputs}.");
        }
    }

    private string ComputeHash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sizes = new byte[4 * sizeof(long)];
        long[] counts = [Examples, Features, Outputs, IsClassification ? Outputs : 0];
        for (var i = 0; i < counts.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(i * sizeof(long)), counts[i]);
        }

        sha.AppendData(sizes);
        var example = new double[Features + Targets.Columns];
        var bits = MemoryMarshal.Cast<double, long>(example.AsSpan());
        for (var row = 0; row < Examples; row++)
        {
            Inputs.CopyRow(row, example.AsSpan(0, Features));
            Targets.CopyRow(row, example.AsSpan(Features));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(bits, bits);
            }

            sha.AppendData(MemoryMarshal.AsBytes(bits));
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
