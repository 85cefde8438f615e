using System.Text;

namespace Sam.Gpu.Figures;

/// <summary>Figures as SVG, by <see cref="SvgRenderer"/>; needs nothing else.</summary>
public sealed class SvgFigures : IFigureExporter
{
    /// <inheritdoc/>
    public string Format => "svg";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public void Write(Figure figure, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encoding.UTF8.GetBytes(SvgRenderer.Render(figure)));
    }
}
