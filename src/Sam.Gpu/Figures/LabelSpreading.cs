namespace Sam.Gpu.Figures;

/// <summary>Moves labels in a column apart, as little as possible.</summary>
internal static class LabelSpreading
{
    /// <summary>
    /// The positions nearest to the wanted ones, in least squares, that keep their order and distance and stay in bounds. The order is
    /// that of the wanted positions, and of the list where they are equal.
    /// </summary>
    /// <param name="wanted">Wanted positions of the labels' centres.</param>
    /// <param name="distance">Least distance of two centres.</param>
    /// <param name="low">Lowest position allowed.</param>
    /// <param name="high">Highest position allowed; at least low + (n − 1) · distance, or the labels cannot all fit.</param>
    /// <returns>The positions, in the order of <paramref name="wanted"/>.</returns>
    public static double[] Spread(IReadOnlyList<double> wanted, double distance, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(index => wanted[index])];

        // Without the distances this is isotonic regression: pool neighbours that are out of order into their mean.
        var pools = new List<(double Sum, int Count)>();
        for (int rank = 0; rank < order.Length; rank++)
        {
            pools.Add((wanted[order[rank]] - (rank * distance), 1));
            while (pools.Count > 1 && pools[^1].Sum / pools[^1].Count < pools[^2].Sum / pools[^2].Count)
            {
                (double sum, int count) = pools[^1];
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (pools[^1].Sum + sum, pools[^1].Count + count);
            }
        }

        var positions = new double[wanted.Count];
        double lastStart = Math.Max(low, high - ((order.Length - 1) * distance));
        int next = 0;
        foreach ((double sum, int count) in pools)
        {
            double start = Math.Clamp(sum / count, low, lastStart);
            for (int member = 0; member < count; member++, next++)
            {
                positions[order[next]] = start + (next * distance);
            }
        }

        return positions;
    }
}
