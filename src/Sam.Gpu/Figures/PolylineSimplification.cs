namespace Sam.Gpu.Figures;

/// <summary>A place on the page in points, y downwards.</summary>
/// <param name="X">Distance from the left edge.</param>
/// <param name="Y">Distance from the upper edge.</param>
internal readonly record struct PagePoint(double X, double Y);

/// <summary>Thins out polylines that have more points than print can show.</summary>
internal static class PolylineSimplification
{
    /// <summary>Polylines with at most this many points stay as they are.</summary>
    public const int PointsKept = 2000;

    /// <summary>Width of a column in points: less than half of any line.</summary>
    public const double ColumnWidth = 0.5;

    /// <summary>
    /// Keeps, of every run of points in one column, the first, the lowest, the highest and the last, in their order: the envelope stays,
    /// and so do all joints between columns.
    /// </summary>
    /// <param name="points">The polyline.</param>
    /// <returns>The polyline itself where it is short enough.</returns>
    public static IReadOnlyList<PagePoint> Apply(IReadOnlyList<PagePoint> points)
    {
        if (points.Count <= PointsKept)
        {
            return points;
        }

        var kept = new List<PagePoint>();
        int start = 0;
        while (start < points.Count)
        {
            double column = Math.Floor(points[start].X / ColumnWidth);
            int lowest = start;
            int highest = start;
            int end = start + 1;
            for (; end < points.Count && Math.Floor(points[end].X / ColumnWidth) == column; end++)
            {
                lowest = points[end].Y > points[lowest].Y ? end : lowest;
                highest = points[end].Y < points[highest].Y ? end : highest;
            }

            int previous = -1;
            foreach (int index in (ReadOnlySpan<int>)[start, Math.Min(lowest, highest), Math.Max(lowest, highest), end - 1])
            {
                if (index != previous)
                {
                    kept.Add(points[index]);
                    previous = index;
                }
            }

            start = end;
        }

        return kept;
    }
}
