namespace Sam.Gpu.Data;

/// <summary>Classes as targets: 1 in the column of the class, 0 elsewhere.</summary>
/// <param name="labels">[at least rows], each from 0 to columns - 1.</param>
/// <param name="rows">The number of examples.</param>
/// <param name="columns">The number of classes.</param>
internal sealed class OneHotMatrix(int[] labels, int rows, int columns) : ExampleMatrix(rows, columns)
{
    internal override ExampleMatrix Take(int rows) => new OneHotMatrix(labels, rows, Columns);

    private protected override void ReadRow<T>(int row, Span<T> destination)
    {
        destination.Clear();
        destination[labels[row]] = T.One;
    }
}
