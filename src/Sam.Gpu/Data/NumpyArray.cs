using System.Globalization;

namespace Sam.Gpu.Data;

/// <summary>Numbers with a shape, as NumPy has them: row-major (C order), any number of axes, none for a single number.</summary>
public sealed class NumpyArray
{
    private readonly int[] shape;

    private NumpyArray(Array values, NumpyType type, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        var expected = shape.Aggregate(1L, (product, length) => checked(product * length));
        if (shape.Any(length => length < 0) || expected != values.Length)
        {
            throw new ArgumentException(
                $"The shape {Describe(shape)} holds {expected} values, but {values.Length} were given.", nameof(shape));
        }

        Values = values;
        Type = type;
        this.shape = [.. shape];
    }

    /// <summary>The type of the numbers.</summary>
    public NumpyType Type { get; }

    /// <summary>The length of each axis, slowest first; empty for a single number.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>How many numbers there are.</summary>
    public int Count => Values.Length;

    /// <summary>Whether the numbers are whole by type.</summary>
    public bool IsInteger => Type is NumpyType.Int32 or NumpyType.Int64 or NumpyType.UInt8;

    /// <summary>The type and shape as NumPy writes them, such as <c>float32 (60, 784)</c>.</summary>
    public string Description => $"{NameOf(Type)} {Describe(shape)}";

    /// <summary>The numbers: float[], double[], int[], long[] or byte[] by <see cref="Type"/>.</summary>
    internal Array Values { get; }

    /// <summary>An array of type float32 around the given numbers, which are not copied.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The length of each axis; their product is the number of values.</param>
    public static NumpyArray Of(float[] values, params int[] shape) => new(values, NumpyType.Float32, shape);

    /// <summary>An array of type float64 around the given numbers, which are not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NumpyArray Of(double[] values, params int[] shape) => new(values, NumpyType.Float64, shape);

    /// <summary>An array of type int32 around the given numbers, which are not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NumpyArray Of(int[] values, params int[] shape) => new(values, NumpyType.Int32, shape);

    /// <summary>An array of type int64 around the given numbers, which are not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NumpyArray Of(long[] values, params int[] shape) => new(values, NumpyType.Int64, shape);

    /// <summary>An array of type uint8 around the given numbers, which are not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NumpyArray Of(byte[] values, params int[] shape) => new(values, NumpyType.UInt8, shape);

    /// <summary>The numbers without a copy, in row-major order.</summary>
    /// <typeparam name="T">float, double, int, long or byte: the type that <see cref="Type"/> names.</typeparam>
    /// <exception cref="InvalidOperationException">The numbers are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged =>
        Values is T[] values ? values : throw new InvalidOperationException($"The array holds {NameOf(Type)}, not {typeof(T).Name}.");

    /// <summary>A copy as double; exact but for int64 beyond 2⁵³.</summary>
    public double[] ToDoubles() => Values switch
    {
        float[] values => Array.ConvertAll(values, value => (double)value),
        double[] values => [.. values],
        int[] values => Array.ConvertAll(values, value => (double)value),
        long[] values => Array.ConvertAll(values, value => (double)value),
        _ => Array.ConvertAll((byte[])Values, value => (double)value),
    };

    /// <summary>A copy as 64-bit whole numbers.</summary>
    /// <exception cref="InvalidOperationException">The numbers are not whole by type: see <see cref="IsInteger"/>.</exception>
    public long[] ToInt64s() => Values switch
    {
        int[] values => Array.ConvertAll(values, value => (long)value),
        long[] values => [.. values],
        byte[] values => Array.ConvertAll(values, value => (long)value),
        _ => throw new InvalidOperationException($"The array holds {NameOf(Type)}, not whole numbers."),
    };

    /// <summary>A shape as Python writes a tuple: <c>()</c>, <c>(3,)</c>, <c>(3, 4)</c>.</summary>
    internal static string Describe(IReadOnlyList<int> shape)
    {
        var lengths = shape.Select(length => length.ToString(CultureInfo.InvariantCulture));
        return shape.Count == 1 ? $"({shape[0].ToString(CultureInfo.InvariantCulture)},)" : $"({string.Join(", ", lengths)})";
    }

    /// <summary>The name that NumPy has for a type.</summary>
    internal static string NameOf(NumpyType type) => type switch
    {
        NumpyType.Float32 => "float32",
        NumpyType.Float64 => "float64",
        NumpyType.Int32 => "int32",
        NumpyType.Int64 => "int64",
        _ => "uint8",
    };

    /// <summary>The bytes of one number.</summary>
    internal static int SizeOf(NumpyType type) => type switch
    {
        NumpyType.Float64 or NumpyType.Int64 => 8,
        NumpyType.UInt8 => 1,
        _ => 4,
    };
}
