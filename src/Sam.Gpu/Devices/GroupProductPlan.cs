namespace Sam.Gpu.Devices;

/// <summary>Who computes a product on a group device.</summary>
internal enum ProductTiling
{
    /// <summary>A thread a number.</summary>
    None,

    /// <summary>Tiles of 32×32.</summary>
    Small,

    /// <summary>Tiles of 64×64.</summary>
    Medium,

    /// <summary>Tiles of 128×128.</summary>
    Large,
}

/// <summary>How a group device cuts a matrix product up.</summary>
/// <remarks>
/// <para>
/// Where chunks end depends on the depth alone, and every tiling adds in the same order (<c>TiledProduct</c>). So tiling and pieces are
/// free: they are chosen for speed by the estimate below, and change no bit.
/// </para>
/// <para>
/// A GPU is full with about 512 threads a multiprocessor of these kernels. A weight gradient, with thousands of examples for its depth and
/// few numbers, has too few tiles for that; so the chunks become pieces that run side by side. That costs a launch and 8 bytes a number
/// and piece in float, for the partial product that is stored and loaded. A chunk of 512 has 1,024 operations for these, 128 a byte,
/// where large GPUs have 15 to 80 operations for a byte of memory: pieces cost some tens of percent at worst, and a GPU that stays empty
/// costs a multiple. The constants come from the data sheets of GPUs, not from measurement.
/// </para>
/// </remarks>
/// <param name="Tiling">The size of the tiles.</param>
/// <param name="Chunk">The depth of a chunk, a multiple of 8.</param>
/// <param name="Pieces">1, or the number of chunks, which are then computed side by side.</param>
internal readonly record struct GroupProductPlan(ProductTiling Tiling, int Chunk, int Pieces)
{
    // Chunks are about this deep: deep enough that adding a sum to C costs little, and as many as fill a GPU with a small weight gradient.
    private const int LongestChunk = 512;

    // Of a product deeper than 65,536 the chunks grow instead, since partial products take memory.
    private const int MostChunks = 128;

    /// <summary>The most numbers of partial products.</summary>
    public const long MostPartials = 1 << 26;

    // Multiply-adds that take less time than a launch, however they are computed.
    private const long SmallProduct = 1 << 17;

    // Threads that fill a GPU of 128 multiprocessors.
    private const double FillingThreads = 1 << 16;

    // In multiply-adds of a full GPU, 25 a picosecond: 8 bytes of a partial sum at 3 TB/s, and 3 µs for a launch.
    private const double PartialCost = 64;
    private const double LaunchCost = 1 << 26;

    /// <summary>The depth of a chunk: a multiple of 8; the last chunk may be shorter.</summary>
    /// <param name="depth">The depth, ≥ 0.</param>
    public static int ChunkLength(int depth)
    {
        int chunks = Math.Clamp(DivideUp(depth, LongestChunk), 1, MostChunks);
        return Math.Max(1, DivideUp(DivideUp(depth, chunks), 8)) * 8;
    }

    /// <summary>The largest tiling that a device can run.</summary>
    /// <param name="isDouble">Whether numbers are binary64, of which a large tile has too many for shared memory.</param>
    /// <param name="largestGroup">The most threads of a group; a tile has twice its size.</param>
    public static ProductTiling Largest(bool isDouble, int largestGroup) => largestGroup switch
    {
        >= 256 when !isDouble => ProductTiling.Large,
        >= 128 => ProductTiling.Medium,
        >= 64 => ProductTiling.Small,
        _ => ProductTiling.None,
    };

    /// <summary>The plan for a product.</summary>
    /// <param name="rows">The rows of C, ≥ 1.</param>
    /// <param name="columns">The columns of C, ≥ 1.</param>
    /// <param name="depth">The terms of a number, ≥ 0.</param>
    /// <param name="batch">The products, ≥ 1.</param>
    /// <param name="largest">The largest tiling that the device can run: see <see cref="Largest"/>.</param>
    public static GroupProductPlan Choose(int rows, int columns, int depth, int batch, ProductTiling largest)
    {
        int chunk = ChunkLength(depth);
        int chunks = Math.Max(1, DivideUp(depth, chunk));
        long numbers = (long)rows * columns * batch;
        if (largest == ProductTiling.None || (chunks == 1 && numbers * depth <= SmallProduct))
        {
            return new GroupProductPlan(ProductTiling.None, chunk, 1);
        }

        var best = default(GroupProductPlan);
        double bestCost = double.PositiveInfinity;
        foreach (int pieces in chunks > 1 && numbers * chunks <= MostPartials ? (ReadOnlySpan<int>)[1, chunks] : [1])
        {
            double extra = pieces > 1 ? (numbers * pieces * PartialCost) + LaunchCost : 0;
            for (var tiling = ProductTiling.Small; tiling <= largest; tiling++)
            {
                double cost = extra + Cost(tiling, rows, columns, depth, batch, pieces);
                if (cost < bestCost)
                {
                    bestCost = cost;
                    best = new GroupProductPlan(tiling, chunk, pieces);
                }
            }
        }

        return best;
    }

    private static int DivideUp(int value, int divisor) => (int)(((long)value + divisor - 1) / divisor);

    // Multiply-adds of whole tiles, in those of a GPU that large tiles fill: a larger tile loads less for each.
    private static double Cost(ProductTiling tiling, int rows, int columns, int depth, int batch, int pieces)
    {
        var (size, speed) = tiling switch
        {
            ProductTiling.Large => (128, 1.0),
            ProductTiling.Medium => (64, 0.75),
            _ => (32, 0.5),
        };
        double tiles = (double)DivideUp(rows, size) * DivideUp(columns, size) * batch;
        double filled = Math.Min(1, tiles * pieces * 2 * size / FillingThreads);
        return tiles * size * size * depth / (speed * filled);
    }
}
