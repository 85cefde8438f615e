using System.Globalization;
using System.Text;
using Sam.Gpu.Data;

namespace Sam.Gpu.Experiments;

/// <summary>A table that grows while a run goes on: comma-separated, a header, shortest round-trip numbers, NaN as an empty cell.</summary>
/// <remarks>It is written under its name with <c>.part</c> behind it, readable all along, and renamed when it is complete.</remarks>
internal sealed class CsvFile : IDisposable
{
    /// <summary>What is behind the name of a file that is not complete.</summary>
    public const string Part = ".part";

    private readonly string path;
    private readonly StreamWriter writer;

    /// <summary>Begins the file.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    public CsvFile(string path, IEnumerable<string> columns)
        : this(path, append: false) => Guard(() => writer.WriteLine(string.Join(',', columns)));

    private CsvFile(string path, bool append)
    {
        this.path = path;
        writer = Guard(() => new StreamWriter(path + Part, append, new UTF8Encoding(false)) { NewLine = "\n" });
    }

    /// <summary>Goes on with the file of an earlier part of the run, behind its first rows.</summary>
    /// <remarks>They are copied and checked before anything is replaced; a complete file stays until this one is.</remarks>
    /// <inheritdoc cref="CsvRows.Read"/>
    public static CsvFile Continue(string path, IReadOnlyList<string> columns, int count, int every)
    {
        AtomicFile.Write(path + Part, stream =>
        {
            using var copy = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            copy.WriteLine(string.Join(',', columns));
            foreach (string row in CsvRows.Read(path, columns, count, every))
            {
                copy.WriteLine(row);
            }
        });
        return new CsvFile(path, append: true);
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

    /// <summary>Waits until the disk holds what was written: a checkpoint relies on it.</summary>
    public void Save() => Guard(() =>
    {
        writer.Flush();
        ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
    });

    /// <summary>Ends the file and gives it its name, in place of what an earlier part of the run completed.</summary>
    public void Complete()
    {
        Save();
        Guard(() =>
        {
            writer.Dispose();
            File.Move(path + Part, path, overwrite: true);
        });
    }

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
                $"'{path}' cannot be written: {DiskFailure.Describe(exception)}. Free some space or give another folder with --output; what was written is in '{path}{Part}'.",
                exception);
        }
    }
}
