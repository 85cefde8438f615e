namespace Sam.Gpu.Cli;

/// <summary>Columns of text, aligned by spaces: for people and for grep.</summary>
internal static class TextTable
{
    /// <summary>Writes a row a line.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">The rows, all of as many cells.</param>
    /// <param name="indent">What each line begins with.</param>
    public static void Write(TextWriter writer, IReadOnlyList<IReadOnlyList<string>> rows, string indent = "")
    {
        int[] widths = rows.Count == 0 ? [] : [.. Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            writer.WriteLine((indent + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
        }
    }
}
