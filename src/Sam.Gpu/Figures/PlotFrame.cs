namespace Sam.Gpu.Figures;

/// <summary>A rectangle on the page, in points, y downwards.</summary>
internal readonly record struct PageRectangle(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Width in points.</summary>
    public double Width => Right - Left;

    /// <summary>Height in points.</summary>
    public double Height => Bottom - Top;

    /// <summary>Whether a point lies inside or on the edge.</summary>
    public bool Contains(PagePoint point) => point.X >= Left && point.X <= Right && point.Y >= Top && point.Y <= Bottom;

    /// <summary>The rectangle with its edges moved outwards.</summary>
    public PageRectangle Grown(double by) => new(Left - by, Top - by, Right + by, Bottom + by);
}

/// <summary>The plot area: where it is on the page, and which values its edges have.</summary>
/// <param name="Area">The area on the page.</param>
/// <param name="X">Values from its left to its right edge.</param>
/// <param name="Y">Values from its lower to its upper edge.</param>
internal readonly record struct PlotFrame(PageRectangle Area, AxisRange X, AxisRange Y)
{
    /// <summary>Points further away than this, in plot sizes, only matter by their direction.</summary>
    private const double Far = 20;

    /// <summary>Whether a value pair has a place on the page.</summary>
    public bool Shows(double x, double y) => X.Shows(x) && Y.Shows(y);

    /// <summary>The place of a value pair that the frame shows.</summary>
    public PagePoint Map(double x, double y) => new(MapX(x), MapY(y));

    /// <summary>The abscissa on the page.</summary>
    public double MapX(double x) => Area.Left + (Math.Clamp(X.Fraction(x), -Far, Far) * Area.Width);

    /// <summary>The ordinate on the page.</summary>
    public double MapY(double y) => Area.Bottom - (Math.Clamp(Y.Fraction(y), -Far, Far) * Area.Height);
}
