using System.Globalization;
using System.Text;
using Sam.Gpu.Data;

namespace Sam.Gpu.Experiments;

/// <summary>A table that grows while a run goes on: comma-separated, a header, shortest round-trip numbers, NaN as an empty cell.</summary>
/// <remarks>It is written under its name with <c>.part</c> behind it, readable all along, and renamed when it is complete.</remarks>
internal sealed class CsvFile : IDisposable
{
    private readonly string path;
    private readonly StreamWriter writer;

    /// <summary>Begins the file.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    public CsvFile(string path, IEnumerable<string> columns)
    {
        this.path = path;
        writer = Guard(() => new StreamWriter(path + ".part", append: false, new UTF8Encoding(false)) { NewLine = "\n" });
        Guard(() => writer.WriteLine(string.Join(',', columns)));
    }

    /// <summary>Adds a row: the step, then the numbers.</summary>
    public void Write(int step, params ReadOnlySpan<double> numbers)
    {
        var row = new StringBuilder(step.ToString(CultureInfo.InvariantCulture));
        foreach (double number in numbers)
        {
            row.Append(',');
            if (!double.IsNaN(number))
            {
                row.Append(number.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        Guard(() => writer.WriteLine(row));
    }

    /// <summary>Hands what was written to the system.</summary>
    public void Flush() => Guard(writer.Flush);

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete() => Guard(() =>
    {
        writer.Dispose();
        File.Move(path + ".part", path);
    });

    public void Dispose()
    {
        try
        {
            writer.Dispose();
        }
        catch (Exception exception) when (DiskFailure.Is(exception))
        {
            // Reported already by the write that failed; disposing flushes once more.
        }
    }

    private void Guard(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (DiskFailure.Is(exception))
        {
            throw new DataException(
                $"'{path}' cannot be written: {DiskFailure.Describe(exception)}. Free some space or give another folder with --output; what was written is in '{path}.part'.",
                exception);
        }
    }
}
