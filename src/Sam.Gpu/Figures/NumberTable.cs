using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>The numbers of a CSV file with one header line, by column name.</summary>
internal sealed class NumberTable
{
    private readonly Dictionary<string, double[]> columns;

    private NumberTable(string path, Dictionary<string, double[]> columns, int rowCount)
    {
        Path = path;
        this.columns = columns;
        RowCount = rowCount;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Lines after the header.</summary>
    public int RowCount { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It cannot be read, has no header, or a line has too few or too many cells, or no number.</exception>
    public static NumberTable Read(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return Read(path, reader);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} cannot be read: {error.Message} Expected the table that a run leaves. Check the path, or repeat the run.", error);
        }
    }

    /// <summary>Whether there is a column of that name.</summary>
    public bool Has(string column) => columns.ContainsKey(column);

    /// <summary>A column that must be there.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public double[] Required(string column) => columns.TryGetValue(column, out double[]? values)
        ? values
        : throw new DataException(
            $"{Path}, line 1: there is no column '{column}'. Found {string.Join(", ", columns.Keys)}. Restore the file, or repeat the run.");

    /// <summary>A column, or NaN in every row where there is none.</summary>
    public double[] Optional(string column)
    {
        if (columns.TryGetValue(column, out double[]? values))
        {
            return values;
        }

        var missing = new double[RowCount];
        Array.Fill(missing, double.NaN);
        return missing;
    }

    private static NumberTable Read(string path, StreamReader reader)
    {
        string[] names = reader.ReadLine()?.Split(',') ?? throw new DataException(
            $"{path}, line 1: the file is empty. Expected a line of column names. Restore the file, or repeat the run.");
        var lists = new List<double>[names.Length];
        for (int column = 0; column < names.Length; column++)
        {
            names[column] = names[column].Trim().Trim('"');
            lists[column] = [];
            if (Array.IndexOf(names, names[column]) != column)
            {
                throw new DataException(
                    $"{path}, line 1: the column '{names[column]}' is there twice. Expected each name once. Restore the file, or repeat the run.");
            }
        }

        int line = 1;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            string[] cells = text.Split(',');
            if (cells.Length != names.Length)
            {
                throw new DataException(
                    Line(path, line) + string.Create(
                        CultureInfo.InvariantCulture,
                        $": found {cells.Length} cells, expected {names.Length} as in the header. Restore the file, or repeat the run."));
            }

            for (int column = 0; column < names.Length; column++)
            {
                lists[column].Add(Number(cells[column]) ?? throw new DataException(
                    Line(path, line) + $", column '{names[column]}': '{cells[column]}' is no number. Expected one such as 12.5, or an empty cell where nothing was measured. Restore the file, or repeat the run."));
            }
        }

        var columns = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (int column = 0; column < names.Length; column++)
        {
            columns.Add(names[column], [.. lists[column]]);
        }

        return new NumberTable(path, columns, lists[0].Count);
    }

    private static string Line(string path, int line) => path + ", line " + line.ToString(CultureInfo.InvariantCulture);

    private static double? Number(string cell)
    {
        ReadOnlySpan<char> text = cell.AsSpan().Trim().Trim('"');
        if (text.IsEmpty)
        {
            return double.NaN;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            return value;
        }

        // The spellings of other tools that write tables.
        return text switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "true" or "True" => 1,
            "false" or "False" => 0,
            _ => null,
        };
    }
}
