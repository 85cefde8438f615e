namespace Sam.Gpu.Data;

/// <summary>A classification set that is made, not read: Gaussian clusters, the same bits on every machine.</summary>
/// <remarks>
/// Example i belongs to class c = i mod classes, and its input is (m_c + spread·z)/√(1 + spread²): m_c, the centre of the
/// class, and z, drawn for each example, are standard normal, so every feature has variance 1. At spread 1 the clusters
/// overlap a little in few features and hardly in 32. The numbers depend on these settings and the data's own seed, not on
/// the seed of a run; a set with more examples begins with the examples of a smaller one.
/// </remarks>
public static class SyntheticClasses
{
    /// <summary>The part of the specification before the colon.</summary>
    public const string Name = "gaussian-classes";

    internal const int DefaultExamples = 512;
    internal const int DefaultFeatures = 32;
    internal const int DefaultClasses = 10;
    internal const double DefaultSpread = 1;

    private const int MostValues = 1 << 28;

    /// <summary>Creates the set, with as many test examples as training examples.</summary>
    /// <param name="examples">The number of training examples, at least 1.</param>
    /// <param name="features">The numbers of one input, at least 1.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="spread">The standard deviation of a cluster, in units of that of the centres; finite, not negative.</param>
    /// <param name="seed">The seed of the data, part of their definition.</param>
    /// <exception cref="UsageException">A setting is out of range.</exception>
    public static DataSet Create(
        int examples = DefaultExamples,
        int features = DefaultFeatures,
        int classes = DefaultClasses,
        double spread = DefaultSpread,
        ulong seed = 0)
    {
        Require(examples >= 1, "examples", examples, "at least 1");
        Require(features >= 1, "features", features, "at least 1");
        Require(classes is >= 2 and <= 1000, "classes", classes, "2 to 1000");
        Require(double.IsFinite(spread) && spread is >= 0 and <= 1e6, "spread", spread, "0 to 1000000");
        Require((long)examples * features <= MostValues, "examples", examples, $"examples times features at most {MostValues}");
        Require((long)classes * features <= MostValues, "features", features, $"classes times features at most {MostValues}");

        var centers = new double[classes * features];
        var stream = new RandomStream(seed, Name + "/centers");
        for (var i = 0; i < centers.Length; i++)
        {
            centers[i] = stream.NextGaussian();
        }

        var name = FormattableString.Invariant(
            $"{Name}:examples={examples},features={features},classes={classes},spread={spread},seed={seed}");
        var labels = new int[examples];
        for (var i = 0; i < examples; i++)
        {
            labels[i] = i % classes;
        }

        var test = DataSet.ForClassification($"{name} (test)", Inputs(1), labels, classes);
        return DataSet.ForClassification(name, Inputs(0), labels, classes, test);

        ExampleMatrix Inputs(ulong part)
        {
            var noise = new RandomStream(seed, Name + "/examples", part);
            var scale = Math.Sqrt(1 + (spread * spread));
            var values = new double[examples * features];
            for (var i = 0; i < values.Length; i++)
            {
                var center = centers[(labels[i / features] * features) + (i % features)];
                values[i] = (center + (spread * noise.NextGaussian())) / scale;
            }

            return ExampleMatrix.Dense(values, examples, features);
        }
    }

    private static void Require(bool isAllowed, string setting, IFormattable given, string allowed)
    {
        if (!isAllowed)
        {
            throw new UsageException(FormattableString.Invariant($"{Name} was given {setting}={given}; allowed: {allowed}."));
        }
    }
}
