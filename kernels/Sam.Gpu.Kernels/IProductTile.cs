namespace Sam.Gpu.Kernels;

/// <summary>The size of the tiles of a <see cref="TiledProduct{B, V, S}"/> and what of one a thread computes.</summary>
/// <remarks>
/// A thread computes <see cref="RowBlocks"/>×<see cref="ColumnBlocks"/> blocks of 4×4 numbers. The more of them, the more multiply-adds
/// for each number that it loads of shared memory, and the fewer threads: a team has 2 · <see cref="Size"/>, which makes
/// 32 · RowBlocks · ColumnBlocks = Size.
/// </remarks>
public interface IProductTile
{
    /// <summary>The rows, and the columns, of a tile.</summary>
    static abstract int Size { get; }

    /// <summary>The blocks of a thread below each other, 1 or 2.</summary>
    static abstract int RowBlocks { get; }

    /// <summary>The blocks of a thread beside each other, 1 or 2.</summary>
    static abstract int ColumnBlocks { get; }
}

/// <summary>128×128 numbers by 256 threads, 8×8 each: for products that fill the GPU. Its memory is too large for binary64.</summary>
public readonly struct LargeTile : IProductTile
{
    /// <inheritdoc/>
    public static int Size => 128;

    /// <inheritdoc/>
    public static int RowBlocks => 2;

    /// <inheritdoc/>
    public static int ColumnBlocks => 2;
}

/// <summary>64×64 numbers by 128 threads, 8×4 each.</summary>
public readonly struct MediumTile : IProductTile
{
    /// <inheritdoc/>
    public static int Size => 64;

    /// <inheritdoc/>
    public static int RowBlocks => 2;

    /// <inheritdoc/>
    public static int ColumnBlocks => 1;
}

/// <summary>32×32 numbers by 64 threads, 4×4 each: for narrow products, such as those of the last layer of a classifier.</summary>
public readonly struct SmallTile : IProductTile
{
    /// <inheritdoc/>
    public static int Size => 32;

    /// <inheritdoc/>
    public static int RowBlocks => 1;

    /// <inheritdoc/>
    public static int ColumnBlocks => 1;
}
