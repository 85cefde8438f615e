namespace Sam.Gpu.Devices;

/// <summary>What is done with the numbers of C as soon as they are finished, by the worker that has finished them.</summary>
/// <remarks>C is a block [K, N, columns] without gaps: its rows, through the whole batch, are N of each of K directions.</remarks>
/// <param name="function">
/// Treats some numbers of one direction: kernel, direction, index of the first number in [N, columns], how many rows of numbers, how many
/// numbers a row, and how far the rows are apart.
/// </param>
/// <param name="kernel">What the function is given.</param>
/// <param name="rows">N.</param>
/// <param name="columns">The columns of C.</param>
internal readonly unsafe struct ProductEpilogue(delegate*<void*, int, int, int, int, int, void> function, void* kernel, int rows, int columns)
{
    private readonly delegate*<void*, int, int, int, int, int, void> function = function;
    private readonly void* kernel = kernel;
    private readonly int rows = rows;
    private readonly int columns = columns;

    public bool IsEmpty => function == null;

    /// <summary>Treats some columns of some consecutive rows of the whole batch.</summary>
    public void Run(long row, int count, int column, int endColumn)
    {
        int width = endColumn - column;
        while (count > 0)
        {
            var (direction, first) = Math.DivRem(row, rows);
            int taken = (int)Math.Min(count, rows - first);
            int index = ((int)first * columns) + column;
            if (width == columns)
            {
                function(kernel, (int)direction, index, 1, taken * columns, columns);
            }
            else
            {
                function(kernel, (int)direction, index, taken, width, columns);
            }

            row += taken;
            count -= taken;
        }
    }
}
