using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class SelectionOperationsTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void The_largest_are_marked_and_listed_in_order_of_equal_ones_the_first(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in (int[])[1, 2, 7, 16, 33, 100])
        {
            // Many ties; and a number that is none counts as the largest.
            double[] x = [.. device.Normal(1, size).Select(number => Math.Round(number))];
            x[size - 1] = size > 2 ? double.NaN : x[size - 1];
            int[] order =
                [.. Enumerable.Range(0, size).OrderByDescending(i => double.IsNaN(x[i]) ? double.PositiveInfinity : x[i]).ThenBy(i => i)];
            foreach (int kept in (int[])[0, 1, (size + 1) / 2, size])
            {
                using var numbers = device.Place(x);
                using var marks = device.Allocate(size, "marks");
                using var places = device.Allocate(kept, "places");
                device.MarkLargest(numbers.Span, kept, marks.Span);
                device.ListMarked(marks.Span, places.Span);
                double[] expected = [.. order.Take(kept).Order().Select(i => (double)i)];
                Assert.Equal(expected, device.Read(places.Span));
                Assert.Equal(expected, device.Read(marks.Span).Select((mark, i) => (mark, i)).Where(row => row.mark == 1).Select(row => (double)row.i));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Rows_are_gathered_and_scattered_by_their_indices(string key)
    {
        using var device = TestDevices.Create(key);
        double[] indices = [3, 0, 4];
        foreach (int columns in (int[])[1, 3, 16, 37])
        {
            double[] x = device.Normal(1, 5 * columns);
            double[] other = device.Normal(2, 5 * columns);
            using var matrix = device.Place(x);
            using var list = device.Place(indices);
            using var rows = device.Allocate(3 * columns, "rows");
            using var target = device.Place(other);
            device.GatherRows(matrix.Span, list.Span, columns, rows.Span);
            Assert.Equal(indices.SelectMany(i => x[((int)i * columns)..(((int)i + 1) * columns)]), device.Read(rows.Span));
            device.ScatterRows(rows.Span, list.Span, columns, target.Span);
            double[] expected = [.. x];
            other.AsSpan(columns, 2 * columns).CopyTo(expected.AsSpan(columns));
            Assert.Equal(expected, device.Read(target.Span));
        }
    }
}
