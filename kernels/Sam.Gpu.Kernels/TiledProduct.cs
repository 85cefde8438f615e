using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A matrix product by tiles: C = A B or C += A B, batched, any strides; or partial products over pieces of k.</summary>
/// <remarks>
/// <para>
/// C[i, r, c] = Σ_k A[i, r, k] B[i, k, c] with i the item of the batch, r &lt; rows, c &lt; columns, k &lt; depth. A team computes one tile of
/// C: it takes <c>Depth</c> of depth of both factors to shared memory at a time, and each thread adds the products to its numbers in
/// registers. There are two such stages: while one is multiplied, the numbers for the other are on their way from memory, and one barrier
/// a stage is enough.
/// </para>
/// <para>
/// The rule of every product of a group device: the terms of a number are summed in order within a chunk of the depth, starting from zero,
/// by fused multiply-adds; the chunks' sums are added in order, to what C holds if that counts. Here a tile adds the sums of its chunks to
/// C as it comes to their ends; with the depth in pieces of one chunk each, every piece has a tile of its own that stores to partial products,
/// and <see cref="AddPartialProducts{B, V}"/> adds those in the same order. So neither the size of the tile nor the pieces change a bit.
/// </para>
/// <para>Tiles are numbered along a row of C, then down, then by piece, then by item.</para>
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="S">The tile.</typeparam>
/// <param name="a">A, by rows.</param>
/// <param name="b">B, by columns.</param>
/// <param name="c">C, or the partial products.</param>
/// <param name="cRowStride">The distance between rows of C.</param>
/// <param name="cBatchStride">The distance between the items.</param>
/// <param name="cPieceStride">The distance between the pieces' products.</param>
/// <param name="depth">The terms of a number, ≥ 0.</param>
/// <param name="chunk">The depth of a chunk: a multiple of 8, ≥ 8.</param>
/// <param name="pieces">1, or the number of chunks.</param>
/// <param name="accumulate">1 to add to what C holds, 0 not to read that.</param>
public readonly struct TiledProduct<B, V, S>(
    ProductFactor<B> a, ProductFactor<B> b,
    B c, int cRowStride, int cBatchStride, int cPieceStride,
    int depth, int chunk, int pieces, int accumulate) : ITileKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where S : struct, IProductTile
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly ProductFactor<B> a = a;
    private readonly ProductFactor<B> b = b;
    private readonly B c = c;
    private readonly int cRowStride = cRowStride;
    private readonly int cBatchStride = cBatchStride;
    private readonly int cPieceStride = cPieceStride;
    private readonly int depth = depth;
    private readonly int chunk = chunk;
    private readonly int pieces = pieces;
    private readonly int accumulate = accumulate;

    /// <inheritdoc/>
    public static int TeamSize => 2 * S.Size;

    /// <inheritdoc/>
    public static int SharedLength => 2 * StageLength;

    private static int Pitch => ProductFactorTile<B, V, S>.Pitch;

    // The numbers of a factor's tile, and of a stage: A, then B.
    private static int FactorLength => ProductFactorTile<B, V, S>.Depth * Pitch;

    private static int StageLength => 2 * FactorLength;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Run<T>(T team, int tile)
        where T : struct, ITileTeam<V>
    {
        int columnTiles = (b.Lines + S.Size - 1) / S.Size;
        int rowTiles = (a.Lines + S.Size - 1) / S.Size;
        int tileRow = tile / columnTiles;
        int firstColumn = (tile - (tileRow * columnTiles)) * S.Size;
        int piece = tileRow / rowTiles;
        int firstRow = (tileRow - (piece * rowTiles)) * S.Size;
        int item = piece / pieces;
        piece -= item * pieces;
        int start = piece * chunk;
        int end = pieces > 1 && depth - start > chunk ? start + chunk : depth;
        var aTile = new ProductFactorTile<B, V, S>(a, item, firstRow, team.Rank);
        var bTile = new ProductFactorTile<B, V, S>(b, item, firstColumn, team.Rank);

        // A warp of 32 threads takes 4 by 8 quads, which are the fewest different ones for it to load. Two warps lie beside each other, but
        // in a small tile one.
        int shift = S.Size / (64 * S.ColumnBlocks);
        int warp = team.Rank >> 5;
        int aQuad = ((warp >> shift) << 2) + ((team.Rank >> 3) & 3);
        int bQuad = ((warp & shift) << 3) + (team.Rank & 7);
        int row = firstRow + ProductFactorTile<B, V, S>.FirstLine(aQuad);
        int column = firstColumn + ProductFactorTile<B, V, S>.FirstLine(bQuad);
        int target = (item * cBatchStride) + (piece * cPieceStride);

        aTile.Store(team, 0, aTile.Load(start, end));
        bTile.Store(team, FactorLength, bTile.Load(start, end));
        team.Barrier();
        int stage = 0;
        int adds = accumulate;
        do
        {
            var sums = ProductBlocks<V, S>.Zero;
            int stop = end - start > chunk ? start + chunk : end;
            do
            {
                start += ProductFactorTile<B, V, S>.Depth;
                var nextA = aTile.Load(start, end);
                var nextB = bTile.Load(start, end);
                sums = Add(team, sums, (stage * (StageLength / 4)) + aQuad, (stage * (StageLength / 4)) + (FactorLength / 4) + bQuad);

                // The other stage was multiplied before the last barrier, so that nobody reads it any more.
                stage = 1 - stage;
                aTile.Store(team, stage * StageLength, nextA);
                bTile.Store(team, (stage * StageLength) + FactorLength, nextB);
                team.Barrier();
            }
            while (start < stop);

            Store(sums, target, row, column, adds);
            adds = 1;
        }
        while (start < end);
    }

    // One stage, unrolled by hand: ILGPU does not.
    [MethodImpl(Inline)]
    private static ProductBlocks<V, S> Add<T>(T team, ProductBlocks<V, S> sums, int aQuad, int bQuad)
        where T : struct, ITileTeam<V>
    {
        int pitch = Pitch / 4;
        return sums
            .Add(team, aQuad, bQuad, 0)
            .Add(team, aQuad, bQuad, pitch)
            .Add(team, aQuad, bQuad, 2 * pitch)
            .Add(team, aQuad, bQuad, 3 * pitch)
            .Add(team, aQuad, bQuad, 4 * pitch)
            .Add(team, aQuad, bQuad, 5 * pitch)
            .Add(team, aQuad, bQuad, 6 * pitch)
            .Add(team, aQuad, bQuad, 7 * pitch);
    }

    [MethodImpl(Inline)]
    private void Store(ProductBlocks<V, S> sums, int target, int row, int column, int adds)
    {
        Store(sums.Block00, target, row, column, adds);
        if (S.ColumnBlocks == 2)
        {
            Store(sums.Block01, target, row, column + (S.Size / 2), adds);
        }

        if (S.RowBlocks == 2)
        {
            Store(sums.Block10, target, row + (S.Size / 2), column, adds);
        }

        if (S.RowBlocks == 2 && S.ColumnBlocks == 2)
        {
            Store(sums.Block11, target, row + (S.Size / 2), column + (S.Size / 2), adds);
        }
    }

    // The numbers to add to are all loaded before the first is stored: one wait for memory, not sixteen.
    [MethodImpl(Inline)]
    private void Store(ProductBlock<V> block, int target, int row, int column, int adds)
    {
        if (adds != 0)
        {
            block = block.Add(
                Load(target, row, column), Load(target, row + 8, column), Load(target, row + 16, column), Load(target, row + 24, column));
        }

        Store(block.Row0, target, row, column);
        Store(block.Row1, target, row + 8, column);
        Store(block.Row2, target, row + 16, column);
        Store(block.Row3, target, row + 24, column);
    }

    [MethodImpl(Inline)]
    private Quad<V> Load(int target, int row, int column)
    {
        int index = target + (row * cRowStride) + column;
        bool isRow = row < a.Lines;
        return new Quad<V>(
            isRow && column < b.Lines ? c.Broadcast(index) : V.Constant(0),
            isRow && column + 8 < b.Lines ? c.Broadcast(index + 8) : V.Constant(0),
            isRow && column + 16 < b.Lines ? c.Broadcast(index + 16) : V.Constant(0),
            isRow && column + 24 < b.Lines ? c.Broadcast(index + 24) : V.Constant(0));
    }

    [MethodImpl(Inline)]
    private void Store(Quad<V> quad, int target, int row, int column)
    {
        if (row < a.Lines)
        {
            int index = target + (row * cRowStride) + column;
            Store(quad.First, index, column);
            Store(quad.Second, index + 8, column + 8);
            Store(quad.Third, index + 16, column + 16);
            Store(quad.Fourth, index + 24, column + 24);
        }
    }

    [MethodImpl(Inline)]
    private void Store(V sum, int index, int column)
    {
        if (column < b.Lines)
        {
            c.StoreFirst(index, sum);
        }
    }
}
