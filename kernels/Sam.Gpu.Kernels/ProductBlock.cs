using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>4×4 numbers of a product in a thread's registers.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
internal readonly struct ProductBlock<V>(Quad<V> row0, Quad<V> row1, Quad<V> row2, Quad<V> row3)
    where V : unmanaged, ILane<V>
{
    public readonly Quad<V> Row0 = row0;
    public readonly Quad<V> Row1 = row1;
    public readonly Quad<V> Row2 = row2;
    public readonly Quad<V> Row3 = row3;

    /// <summary>This + a bᵀ.</summary>
    /// <param name="a">Numbers of four rows of A at one depth.</param>
    /// <param name="b">Numbers of four columns of B there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProductBlock<V> Add(Quad<V> a, Quad<V> b) =>
        new(Row0.AddScaled(a.First, b), Row1.AddScaled(a.Second, b), Row2.AddScaled(a.Third, b), Row3.AddScaled(a.Fourth, b));

    /// <summary>This + another block, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProductBlock<V> Add(Quad<V> other0, Quad<V> other1, Quad<V> other2, Quad<V> other3) =>
        new(Row0.Add(other0), Row1.Add(other1), Row2.Add(other2), Row3.Add(other3));
}

/// <summary>All numbers of a tile that one thread computes: up to two blocks below and beside each other.</summary>
/// <remarks>Blocks that the tile does not have stay zero, and a compiler drops them.</remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="S">The tile.</typeparam>
internal readonly struct ProductBlocks<V, S>(
    ProductBlock<V> block00, ProductBlock<V> block01, ProductBlock<V> block10, ProductBlock<V> block11)
    where V : unmanaged, ILane<V>
    where S : struct, IProductTile
{
    public readonly ProductBlock<V> Block00 = block00;
    public readonly ProductBlock<V> Block01 = block01;
    public readonly ProductBlock<V> Block10 = block10;
    public readonly ProductBlock<V> Block11 = block11;

    /// <summary>How many quads lie between the two blocks of a thread: half a tile.</summary>
    public static int QuadDistance => S.Size / 8;

    /// <summary>All numbers zero.</summary>
    public static ProductBlocks<V, S> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            V zero = V.Constant(0);
            var quad = new Quad<V>(zero, zero, zero, zero);
            var block = new ProductBlock<V>(quad, quad, quad, quad);
            return new ProductBlocks<V, S>(block, block, block, block);
        }
    }

    /// <summary>Adds the products of one depth.</summary>
    /// <typeparam name="T">The team.</typeparam>
    /// <param name="team">The team.</param>
    /// <param name="a">The quad of A in shared memory: of the thread's first block.</param>
    /// <param name="b">The quad of B.</param>
    /// <param name="offset">Where the depth begins, in quads: a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProductBlocks<V, S> Add<T>(T team, int a, int b, int offset)
        where T : struct, ITileTeam<V>
    {
        var a0 = team.LoadShared(a, offset);
        var b0 = team.LoadShared(b, offset);
        var a1 = S.RowBlocks == 2 ? team.LoadShared(a, offset + QuadDistance) : a0;
        var b1 = S.ColumnBlocks == 2 ? team.LoadShared(b, offset + QuadDistance) : b0;
        return new ProductBlocks<V, S>(
            Block00.Add(a0, b0),
            S.ColumnBlocks == 2 ? Block01.Add(a0, b1) : Block01,
            S.RowBlocks == 2 ? Block10.Add(a1, b0) : Block10,
            S.RowBlocks == 2 && S.ColumnBlocks == 2 ? Block11.Add(a1, b1) : Block11);
    }
}
