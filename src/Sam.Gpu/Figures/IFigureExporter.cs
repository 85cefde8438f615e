namespace Sam.Gpu.Figures;

/// <summary>Writes figures in one file format.</summary>
public interface IFigureExporter
{
    /// <summary>The format's name, which is also how its files end, as <c>svg</c>.</summary>
    string Format { get; }

    /// <summary>What is missing for this format, with the way out; null if nothing is.</summary>
    string? Missing { get; }

    /// <summary>Writes a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="stream">Where to write; stays open.</param>
    /// <exception cref="ArgumentException">The figure contradicts itself, as with series of unequal lengths.</exception>
    /// <exception cref="UsageException">Something is <see cref="Missing"/>.</exception>
    void Write(Figure figure, Stream stream);
}
