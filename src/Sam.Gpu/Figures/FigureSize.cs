namespace Sam.Gpu.Figures;

/// <summary>The printed size of a figure.</summary>
/// <param name="WidthMillimetres">Width in millimetres, 20 to 2000.</param>
/// <param name="HeightMillimetres">Height in millimetres, 20 to 2000.</param>
public sealed record FigureSize(double WidthMillimetres, double HeightMillimetres)
{
    /// <summary>Points (1/72 in) in a millimetre.</summary>
    public const double PointsPerMillimetre = 72 / 25.4;

    /// <summary>Height over width of a figure that is one column wide.</summary>
    private const double ColumnRatio = 0.7;

    /// <summary>Height over width of a figure that spans the page.</summary>
    private const double PageRatio = 0.45;

    /// <summary>Widths in millimetres, from the text widths of the venues' own LaTeX styles (1 in = 25.4 mm).</summary>
    private static readonly (string Name, double Width, double Ratio)[] Styles =
    [
        ("single", 84, ColumnRatio),
        ("double", 174, PageRatio),
        ("icml", 82.55, ColumnRatio),
        ("icml-double", 171.45, PageRatio),
        ("neurips", 139.7, PageRatio),
        ("iclr", 139.7, PageRatio),
        ("ieee", 88.9, ColumnRatio),
        ("ieee-double", 181.9, PageRatio),
    ];

    /// <summary>One column of a journal page: 84 mm × 58.8 mm.</summary>
    public static FigureSize SingleColumn { get; } = OfStyle("single");

    /// <summary>Both columns of a journal page: 174 mm × 78.3 mm.</summary>
    public static FigureSize DoubleColumn { get; } = OfStyle("double");

    /// <summary>The names that <see cref="OfStyle"/> knows.</summary>
    public static IReadOnlyList<string> StyleNames { get; } = [.. Styles.Select(style => style.Name)];

    /// <summary>The size of a named paper style.</summary>
    /// <param name="name">One of <see cref="StyleNames"/>, in any case.</param>
    /// <exception cref="UsageException">There is no style of that name.</exception>
    public static FigureSize OfStyle(string name)
    {
        foreach ((string styleName, double width, double ratio) in Styles)
        {
            if (string.Equals(styleName, name, StringComparison.OrdinalIgnoreCase))
            {
                return new FigureSize(width, Math.Round(width * ratio, 2));
            }
        }

        throw new UsageException(
            $"'{name}' is no paper style. The styles are {string.Join(", ", Styles.Select(style => style.Name))}. Choose one of them.");
    }
}
