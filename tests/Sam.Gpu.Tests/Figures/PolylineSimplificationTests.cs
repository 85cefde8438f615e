using Sam.Gpu.Figures;
using Xunit;

namespace Sam.Gpu.Tests.Figures;

public sealed class PolylineSimplificationTests
{
    private static PagePoint[] Noise(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(index => new PagePoint(index * 200.0 / count, 100 * random.NextDouble()))];
    }

    [Fact]
    public void Short_polylines_stay_as_they_are()
    {
        PagePoint[] points = Noise(PolylineSimplification.PointsKept);
        Assert.Same(points, PolylineSimplification.Apply(points));
    }

    [Fact]
    public void Long_polylines_keep_the_envelope_and_the_joints_of_every_column()
    {
        PagePoint[] points = Noise(60_000);
        IReadOnlyList<PagePoint> kept = PolylineSimplification.Apply(points);
        Assert.True(kept.Count <= 4 * 200 / PolylineSimplification.ColumnWidth, $"{kept.Count} points are left");
        Dictionary<double, PagePoint[]> before = Columns(points);
        Dictionary<double, PagePoint[]> after = Columns(kept);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        foreach ((double column, PagePoint[] all) in before)
        {
            PagePoint[] left = after[column];
            Assert.Equal(all.Min(point => point.Y), left.Min(point => point.Y));
            Assert.Equal(all.Max(point => point.Y), left.Max(point => point.Y));
            Assert.Equal(all[0], left[0]);
            Assert.Equal(all[^1], left[^1]);
        }

        static Dictionary<double, PagePoint[]> Columns(IEnumerable<PagePoint> points) => points
            .GroupBy(point => Math.Floor(point.X / PolylineSimplification.ColumnWidth))
            .ToDictionary(column => column.Key, column => column.ToArray());
    }

    [Fact]
    public void Kept_points_stay_in_order()
    {
        PagePoint[] points = Noise(10_000);
        IReadOnlyList<PagePoint> kept = PolylineSimplification.Apply(points);
        Assert.Equal(kept.OrderBy(point => point.X), kept);
        Assert.Equal(kept.Count, kept.Distinct().Count());
    }

    [Fact]
    public void Labels_move_apart_as_little_as_possible()
    {
        Assert.Equal([10.0, 30, 50], LabelSpreading.Spread([10, 30, 50], 9, 0, 100));
        Assert.Equal([15.5, 24.5], LabelSpreading.Spread([20, 20], 9, 0, 100));
        Assert.Equal([29.0, 11, 20], LabelSpreading.Spread([21, 19, 20], 9, 0, 100));
        Assert.Equal([0.0, 9, 50], LabelSpreading.Spread([0, 1, 50], 9, 0, 100));
        Assert.Equal([82.0, 91, 100], LabelSpreading.Spread([99, 99, 100], 9, 0, 100));
    }
}
