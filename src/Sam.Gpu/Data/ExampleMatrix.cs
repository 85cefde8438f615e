using System.Numerics;

namespace Sam.Gpu.Data;

/// <summary>Numbers of a data set, a row for each example; immutable, stored compactly and converted as they are copied out.</summary>
/// <remarks>Every value is defined in double precision; a copy in float is that value, rounded once.</remarks>
public abstract class ExampleMatrix
{
    private protected ExampleMatrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
    }

    /// <summary>The number of examples.</summary>
    public int Rows { get; }

    /// <summary>The numbers of one example.</summary>
    public int Columns { get; }

    /// <summary>A matrix around the given numbers, which are not copied and must not change.</summary>
    /// <param name="values">[rows, columns], row-major.</param>
    /// <param name="rows">The number of examples.</param>
    /// <param name="columns">The numbers of one example, at least 1.</param>
    /// <typeparam name="T">float, double, byte or another number type that fits in a double.</typeparam>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public static ExampleMatrix Dense<T>(T[] values, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        if ((long)rows * columns != values.Length)
        {
            throw new ArgumentException(
                $"{rows} rows of {columns} numbers need {(long)rows * columns} values; {values.Length} were given.", nameof(values));
        }

        return new DenseMatrix<T>(values, rows, columns);
    }

    /// <summary>Copies one example.</summary>
    /// <param name="row">The example, from 0 to <see cref="Rows"/> - 1.</param>
    /// <param name="destination">[columns], exactly.</param>
    /// <typeparam name="T">float or double.</typeparam>
    public void CopyRow<T>(int row, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CopyRows(row, 1, destination);

    /// <summary>Copies examples that follow one another.</summary>
    /// <param name="first">The first example.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">[count, columns], exactly.</param>
    /// <typeparam name="T">float or double.</typeparam>
    public void CopyRows<T>(int first, int count, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Rows - count);
        CheckLength(count, destination.Length);
        for (var i = 0; i < count; i++)
        {
            ReadRow(first + i, destination.Slice(i * Columns, Columns));
        }
    }

    /// <summary>Copies chosen examples, in the order of the choice: a minibatch.</summary>
    /// <param name="rows">The examples, each from 0 to <see cref="Rows"/> - 1; repeats are allowed.</param>
    /// <param name="destination">[rows.Length, columns], exactly.</param>
    /// <typeparam name="T">float or double.</typeparam>
    public void CopyRows<T>(ReadOnlySpan<int> rows, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLength(rows.Length, destination.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[i], nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[i], Rows, nameof(rows));
            ReadRow(rows[i], destination.Slice(i * Columns, Columns));
        }
    }

    /// <summary>The first rows as a matrix of their own over the same storage.</summary>
    internal abstract ExampleMatrix Take(int rows);

    /// <summary>Writes a row; the caller has checked the row and the length.</summary>
    private protected abstract void ReadRow<T>(int row, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private void CheckLength(int rows, int length)
    {
        if ((long)rows * Columns != length)
        {
            throw new ArgumentException(
                $"{rows} rows of {Columns} numbers need {(long)rows * Columns} places; the destination has {length}.");
        }
    }
}
