using System.Numerics;

namespace Sam.Gpu.Data;

/// <summary>A matrix whose numbers are stored as they are.</summary>
internal sealed class DenseMatrix<TStored>(TStored[] values, int rows, int columns) : ExampleMatrix(rows, columns)
    where TStored : unmanaged, INumberBase<TStored>
{
    internal override ExampleMatrix Take(int rows) => new DenseMatrix<TStored>(values, rows, Columns);

    private protected override void ReadRow<T>(int row, Span<T> destination)
    {
        var source = values.AsSpan(row * Columns, Columns);
        for (var i = 0; i < source.Length; i++)
        {
            // By way of double, as ExampleMatrix promises; for every stored type but long that changes nothing.
            destination[i] = T.CreateTruncating(double.CreateTruncating(source[i]));
        }
    }
}
