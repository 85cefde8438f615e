using System.Globalization;
using Sam.Gpu.Data;

namespace Sam.Gpu.Experiments;

/// <summary>Which examples something is measured on: none, all, the first N, or the minibatch at hand.</summary>
public sealed record ExampleSelection
{
    private const string NoneName = "none";
    private const string AllName = "all";
    private const string BatchName = "batch";
    private const string FirstName = "first";

    private readonly string name;

    private ExampleSelection(string name, int? first = null)
    {
        this.name = name;
        First = first;
    }

    /// <summary>No examples.</summary>
    public static ExampleSelection None { get; } = new(NoneName);

    /// <summary>All examples.</summary>
    public static ExampleSelection All { get; } = new(AllName);

    /// <summary>The minibatch of the step that comes next; where there are none, all examples.</summary>
    public static ExampleSelection Batch { get; } = new(BatchName);

    /// <summary>N where it is the first N examples; else null.</summary>
    public int? First { get; }

    /// <summary>Reads a selection as <see cref="ToString"/> writes it.</summary>
    /// <param name="text"><c>none</c>, <c>all</c>, <c>batch</c> or <c>first:N</c>.</param>
    /// <param name="allowed">Which of <see cref="None"/>, <see cref="All"/> and <see cref="Batch"/> are allowed; the first N always are.</param>
    /// <returns>The selection; null if the text is none that is allowed.</returns>
    public static ExampleSelection? TryParse(string text, params ReadOnlySpan<ExampleSelection> allowed)
    {
        foreach (var selection in allowed)
        {
            if (selection.name == text)
            {
                return selection;
            }
        }

        return text.Split(':') is [FirstName, var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1
            ? new ExampleSelection(FirstName, count)
            : null;
    }

    /// <summary>The examples of a data set; all of them for a minibatch, which is taken from them.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="option">The option that selects them, for the message.</param>
    /// <exception cref="UsageException">There are not that many.</exception>
    internal DataSet Of(DataSet data, string option) =>
        First is not { } count ? data
        : count <= data.Examples ? data.Take(count)
        : throw new UsageException($"{option} {this}: {data.Name} has {data.Examples} examples. Give first:1 to first:{data.Examples}, or all.");

    /// <inheritdoc/>
    public override string ToString() => First is { } count ? string.Create(CultureInfo.InvariantCulture, $"{name}:{count}") : name;
}
