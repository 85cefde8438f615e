using System.Globalization;
using Sam.Gpu.Data;

namespace Sam.Gpu.Experiments;

/// <summary>The rows of a table that an earlier part of a run left, as far as the run goes on from them.</summary>
/// <remarks>What comes behind them, a line that was cut off in the middle among it, is not looked at.</remarks>
internal static class CsvRows
{
    /// <summary>The file that holds them: the one that was not completed, if there is one, since it is the newer.</summary>
    /// <param name="path">The table's complete file.</param>
    public static string Source(string path) => File.Exists(path + CsvFile.Part) ? path + CsvFile.Part : path;

    /// <summary>Reads the first rows, and checks that they are those of the steps 0, every, 2 every, ….</summary>
    /// <param name="path">The table's complete file.</param>
    /// <param name="columns">The names of its columns.</param>
    /// <param name="count">The rows.</param>
    /// <param name="every">The steps from one to the next, ≥ 1.</param>
    /// <returns>The rows as they are written, read one by one.</returns>
    /// <exception cref="DataException">The file cannot be read, has other columns, or lacks one of the rows.</exception>
    public static IEnumerable<string> Read(string path, IReadOnlyList<string> columns, int count, int every)
    {
        string source = Source(path);
        using var reader = new StreamReader(DataFile.Open(source));
        string header = string.Join(',', columns);
        if (reader.ReadLine() is var found && found != header)
        {
            throw new DataException($"'{source}', line 1: found '{found}', expected '{header}'. {Cure}");
        }

        for (int row = 0; row < count; row++)
        {
            string step = ((long)row * every).ToString(CultureInfo.InvariantCulture);
            if (reader.ReadLine() is not { } line)
            {
                throw new DataException(
                    FormattableString.Invariant($"'{source}' ends after {row} rows; the checkpoint beside it needs {count}. {Cure}"));
            }

            string[] cells = line.Split(',');
            if (cells[0] != step || cells.Length != columns.Count)
            {
                throw new DataException(
                    FormattableString.Invariant($"'{source}', line {row + 2}: found {cells.Length} cells of step '{cells[0]}', ")
                    + FormattableString.Invariant($"expected {columns.Count} of step {step}. {Cure}"));
            }

            yield return line;
        }
    }

    private static string Cure => "Restore the file, or begin the run anew from its run.json.";
}
