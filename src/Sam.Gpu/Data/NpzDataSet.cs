namespace Sam.Gpu.Data;

/// <summary>A data set from an .npz file of the user.</summary>
public static class NpzDataSet
{
    // More would be a number mistaken for a class, and a network of senseless width.
    private const int MostClasses = 100_000;

    /// <summary>Reads <c>x</c> and <c>y</c>, and <c>x_test</c> and <c>y_test</c> where they are there.</summary>
    /// <param name="path">
    /// The file. <c>x</c> is [N] or [N, features...] of any allowed type; more axes are flattened, row-major, and nothing is scaled.
    /// <c>y</c> is either classes: whole numbers [N] from 0 on; or targets: floats [N], or any numbers [N, outputs].
    /// </param>
    /// <param name="classes">The number of classes where it is known; else it is one more than the largest class in <c>y</c>.</param>
    /// <param name="name">The name of the data set; else <c>npz:</c> and the path.</param>
    /// <exception cref="DataException">The file or an array is missing or damaged, or has a wrong shape, type or value.</exception>
    public static DataSet Load(string path, int? classes = null, string? name = null)
    {
        using var archive = NumpyArchive.Open(path);
        name ??= $"npz:{path}";
        var train = Part.Read(archive, path, "x", "y");
        var outputs = train.Targets?.Columns ?? classes ?? train.Labels!.Max() + 1;
        var set = train.ToDataSet(outputs, path, name, null);
        if (!archive.Contains("x_test") && !archive.Contains("y_test"))
        {
            return set;
        }

        var test = Part.Read(archive, path, "x_test", "y_test");
        if (test.Inputs.Columns != train.Inputs.Columns)
        {
            throw new DataException(
                $"Array 'x_test' of '{path}' has {test.Inputs.Columns} features; expected {train.Inputs.Columns} as in 'x'. Save both "
                + "with the same features.");
        }

        if ((test.Labels is null) != (train.Labels is null) || (test.Targets is not null && test.Targets.Columns != outputs))
        {
            throw new DataException(
                $"Array 'y_test' of '{path}' has {test.Describe()}; expected {train.Describe()} as in 'y'. Save both alike.");
        }

        return train.ToDataSet(outputs, path, name, test.ToDataSet(outputs, path, $"{name} (test)", null));
    }

    /// <summary>Reads sequences: tokens <c>x</c> [N, T] and the classes of their positions <c>y</c> [N, T].</summary>
    /// <param name="path">The file; whole numbers.</param>
    /// <param name="length">T.</param>
    /// <param name="classes">The number of tokens and classes.</param>
    /// <exception cref="DataException">The file or an array is missing or damaged, or has a wrong shape, type or value.</exception>
    public static DataSet LoadSequences(string path, int length, int classes)
    {
        using var archive = NumpyArchive.Open(path);
        int[] tokens = Read("x");
        int[] labels = Read("y");
        return labels.Length == tokens.Length
            ? DataSet.ForSequences($"npz:{path}", ExampleMatrix.Dense(tokens, tokens.Length / length, length), labels, classes)
            : throw new DataException(
                $"Array 'y' of '{path}' has {labels.Length / length} sequences, array 'x' has {tokens.Length / length}; expected as many.");

        int[] Read(string name)
        {
            var array = archive.Read(name);
            if (!array.IsInteger || array.Shape.Count != 2 || array.Count == 0 || array.Shape[1] != length)
            {
                throw new DataException(
                    $"Array '{name}' of '{path}' is {array.Description}; expected whole numbers [N, {length}], the sequences of the network.");
            }

            long[] values = array.ToInt64s();
            int wrong = Array.FindIndex(values, value => value < 0 || value >= classes);
            return wrong < 0
                ? Array.ConvertAll(values, value => (int)value)
                : throw new DataException(
                    $"Array '{name}' of '{path}' has the token {values[wrong]} at its flat index {wrong}; expected 0 to {classes - 1}, as the network's "
                    + "vocabulary has.");
        }
    }

    /// <summary>The shape of one input of a file.</summary>
    /// <param name="path">The file, as for <see cref="Load"/>.</param>
    /// <exception cref="DataException">The file or <c>x</c> is missing or damaged, or <c>x</c> has no examples.</exception>
    public static IReadOnlyList<int> ReadInputShape(string path)
    {
        using var archive = NumpyArchive.Open(path);
        return Part.ShapeOf(Part.ReadInputs(archive, path, "x"));
    }

    /// <summary>The inputs with either the classes or the targets.</summary>
    private sealed record Part(string TargetsName, ExampleMatrix Inputs, IReadOnlyList<int> InputShape, int[]? Labels, ExampleMatrix? Targets)
    {
        public static NumpyArray ReadInputs(NumpyArchive archive, string path, string name)
        {
            var x = archive.Read(name);
            return x.Shape.Count > 0 && x.Count > 0
                ? x
                : throw new DataException(
                    $"Array '{name}' of '{path}' is {x.Description}; expected [N, features...] with at least one example and "
                    + "one feature.");
        }

        public static IReadOnlyList<int> ShapeOf(NumpyArray x) => x.Shape.Count == 1 ? [1] : [.. x.Shape.Skip(1)];

        public static Part Read(NumpyArchive archive, string path, string inputsName, string targetsName)
        {
            var x = ReadInputs(archive, path, inputsName);
            var y = archive.Read(targetsName);
            var examples = x.Shape[0];
            if (y.Shape.Count is < 1 or > 2 || y.Count == 0)
            {
                throw new DataException(
                    $"Array '{targetsName}' of '{path}' is {y.Description}; expected [{examples}] (whole numbers for classes, floats "
                    + $"for targets) or [{examples}, outputs].");
            }

            if (y.Shape[0] != examples)
            {
                throw new DataException(
                    $"Array '{targetsName}' of '{path}' has {y.Shape[0]} examples, array '{inputsName}' has {examples}; expected as "
                    + "many. Save the two together.");
            }

            RequireFinite(x, path, inputsName);
            RequireFinite(y, path, targetsName);
            return y.IsInteger && y.Shape.Count == 1
                ? new Part(targetsName, ToMatrix(x), ShapeOf(x), ToLabels(y, path, targetsName), null)
                : new Part(targetsName, ToMatrix(x), ShapeOf(x), null, ToMatrix(y));
        }

        public string Describe() => Targets is null ? "classes" : $"targets of {Targets.Columns} outputs";

        public DataSet ToDataSet(int outputs, string path, string name, DataSet? test)
        {
            if (Labels is null)
            {
                return DataSet.ForRegression(name, Inputs, Targets!, test, InputShape);
            }

            var wrong = Array.FindIndex(Labels, label => label >= outputs);
            if (wrong >= 0)
            {
                throw new DataException(
                    $"Array '{TargetsName}' of '{path}' has the class {Labels[wrong]} at index {wrong}; expected 0 to {outputs - 1}. "
                    + "Number the classes from 0.");
            }

            return DataSet.ForClassification(name, Inputs, Labels, outputs, test, InputShape);
        }

        private static ExampleMatrix ToMatrix(NumpyArray array)
        {
            var rows = array.Shape[0];
            var columns = array.Count / rows;
            return array.Values switch
            {
                float[] values => ExampleMatrix.Dense(values, rows, columns),
                double[] values => ExampleMatrix.Dense(values, rows, columns),
                int[] values => ExampleMatrix.Dense(values, rows, columns),
                long[] values => ExampleMatrix.Dense(values, rows, columns),
                _ => ExampleMatrix.Dense((byte[])array.Values, rows, columns),
            };
        }

        private static int[] ToLabels(NumpyArray array, string path, string name)
        {
            var values = array.ToInt64s();
            var wrong = Array.FindIndex(values, value => value is < 0 or >= MostClasses);
            return wrong < 0
                ? Array.ConvertAll(values, value => (int)value)
                : throw new DataException(
                    $"Array '{name}' of '{path}' has the class {values[wrong]} at index {wrong}; expected 0 to {MostClasses - 1}. "
                    + "Number the classes from 0, or save targets of a regression as float64.");
        }

        private static void RequireFinite(NumpyArray array, string path, string name)
        {
            var wrong = array.Values switch
            {
                float[] values => Array.FindIndex(values, value => !float.IsFinite(value)),
                double[] values => Array.FindIndex(values, value => !double.IsFinite(value)),
                _ => -1,
            };
            if (wrong >= 0)
            {
                throw new DataException(
                    $"Array '{name}' of '{path}' has {(array.ToDoubles()[wrong] is double.NaN ? "NaN" : "an infinite value")} in "
                    + $"example {wrong / (array.Count / array.Shape[0])}; "
                    + "expected finite numbers. Remove or replace it.");
            }
        }
    }
}
