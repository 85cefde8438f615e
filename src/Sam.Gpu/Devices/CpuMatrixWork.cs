using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>One matrix product, normalized, with how it is cut up; the parts can be done by any worker in any order.</summary>
/// <remarks>
/// <para>
/// B is cut into panels of a few lanes of columns; of all items where B is batched and A is shared, so that A is read and packed once for
/// all of them. Rows of A are cut likewise, of all items where A is batched and B is shared. Where both are batched, the items are
/// <see cref="OuterItems"/>, each a work of its own.
/// </para>
/// <para>
/// A chunk is a range of blocks of the depth, or a range of panels of one block: what is packed of B at once. Chunks follow each other;
/// the pieces of a chunk are independent.
/// </para>
/// </remarks>
internal unsafe struct CpuMatrixWork<V>
    where V : unmanaged, IHostLane<V>
{
    // B is packed if it is read at least this often: fewer rows do not pay for the copy where B's rows are contiguous.
    private const int FewRows = 24;

    // Strides are in bytes.
    private byte* a;
    private readonly nint aRow;
    private readonly nint aDepth;
    private readonly nint aItem;
    private byte* b;
    private readonly nint bColumn;
    private readonly nint bDepth;
    private readonly nint bItem;
    private byte* c;
    private nint cRow;
    private nint cItem;
    private readonly int rows;
    private readonly int columns;
    private int depth;
    private bool accumulate;
    private readonly int rowItems;
    private readonly int panelItems;
    private readonly int blockLength;

    private readonly int panelLanes;
    private readonly int panels;
    private readonly bool packsA;

    private int pieceRows;
    private int rowPieces;
    private int panelGroups;

    private int chunkBlocks;
    private int chunkPanels;
    private int blockStart;
    private int blockEnd;
    private int panelStart;
    private int panelEnd;

    private int sumRows;

    /// <summary>Normalizes a product.</summary>
    public CpuMatrixWork(
        ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, bool accumulate, int blockLength)
    {
        nint size = V.ElementSize;
        this.a = (byte*)a.Origin;
        aRow = (a.IsTransposed ? 1 : a.RowStride) * size;
        aDepth = (a.IsTransposed ? a.RowStride : 1) * size;
        aItem = a.BatchStride * size;
        this.b = (byte*)b.Origin;
        bColumn = (b.IsTransposed ? b.RowStride : 1) * size;
        bDepth = (b.IsTransposed ? 1 : b.RowStride) * size;
        bItem = b.BatchStride * size;
        this.c = (byte*)c.Origin;
        cRow = c.RowStride * size;
        cItem = c.BatchStride * size;
        this.rows = rows;
        this.columns = columns;
        this.depth = depth;
        this.accumulate = accumulate;
        this.blockLength = blockLength;
        Blocks = (depth + blockLength - 1) / blockLength;

        // A single column is as good as a single row, but lanes run along rows.
        if (columns == 1 && c.RowStride == 1)
        {
            byte* left = this.a;
            this.a = this.b;
            this.b = left;
            (aRow, bColumn) = (bColumn, aRow);
            (aDepth, bDepth) = (bDepth, aDepth);
            (aItem, bItem) = (bItem, aItem);
            (this.rows, this.columns) = (1, rows);
            cRow = cItem;
        }

        // A batch of left factors that share the right one is one tall factor, if it lies so.
        long allRows = (long)this.rows * batch;
        if (batch > 1 && bItem == 0 && allRows <= int.MaxValue
            && (this.rows == 1 || (aItem == this.rows * aRow && cItem == this.rows * cRow)))
        {
            if (this.rows == 1)
            {
                aRow = aItem;
                cRow = cItem;
            }

            this.rows = (int)allRows;
            batch = 1;
        }

        (rowItems, panelItems, OuterItems) = (bItem == 0, aItem == 0) switch
        {
            (true, _) => (batch, 1, 1),
            (_, true) => (1, batch, 1),
            _ => (1, 1, batch),
        };

        int width = V.Width;
        panelLanes = this.rows * rowItems <= CpuMatrixTile<V>.MaximumWideRows && this.columns >= 4 * width ? 4 : 2;
        int panelWidth = panelLanes * width;
        panels = (this.columns + panelWidth - 1) / panelWidth;

        // Unpacked, the last panel is moved to the left until it is whole; it must have room to.
        bool canReadB = bColumn == size && (this.columns >= panelWidth || this.columns % width == 0);
        PacksB = !canReadB || (long)this.rows * rowItems > FewRows;
        packsA = aDepth != size && (long)panels * panelItems > 1;
    }

    /// <summary>The blocks of the depth.</summary>
    public int Blocks { readonly get; private set; }

    /// <summary>The items of the batch that are works of their own.</summary>
    public readonly int OuterItems { get; }

    /// <summary>Whether B is packed, not read where it lies.</summary>
    public readonly bool PacksB { get; }

    /// <summary>Where B is packed: <see cref="PackedBytes"/>.</summary>
    public byte* PackedB { get; set; }

    /// <summary>Where the workers pack A: <see cref="OwnBytes"/> each.</summary>
    public byte* Own { get; set; }

    /// <summary>Where the blocks of a group leave their sums.</summary>
    public byte* Partials { get; set; }

    /// <summary>The first block of a group whose sums are added up together.</summary>
    public int GroupStart { get; set; }

    /// <summary>The number of blocks in the group.</summary>
    public int GroupLength { get; set; }

    /// <summary>The pieces of a chunk for <see cref="Multiply"/>.</summary>
    public readonly int Pieces => rowItems * rowPieces * panelGroups;

    /// <summary>The pieces of a chunk for <see cref="Pack"/>.</summary>
    public readonly int PackPieces => (blockEnd - blockStart) * (panelEnd - panelStart);

    /// <summary>The numbers of C in one outer item.</summary>
    public readonly long Numbers => (long)rows * columns * rowItems * panelItems;

    /// <summary>The size of what is packed of B at once.</summary>
    public readonly long PackedBytes => PacksB ? (long)chunkBlocks * chunkPanels * PanelBytes : 0;

    /// <summary>The size of what a worker packs of A at once.</summary>
    public readonly long OwnBytes => packsA ? (((long)pieceRows * blockLength * V.ElementSize) + CpuMatrixPacking<V>.Slack + 63) / 64 * 64 : 0;

    private readonly long PanelBytes => (long)panelLanes * V.Width * V.ElementSize * blockLength;

    /// <summary>Cuts C up.</summary>
    /// <param name="largestRows">The most rows of a piece.</param>
    /// <param name="wanted">About how many pieces there should be.</param>
    public void Share(int largestRows, int wanted)
    {
        // Not below two tiles of rows: they read the same panel.
        pieceRows = largestRows;
        while (pieceRows > 24 && (long)rowItems * ((rows + pieceRows - 1) / pieceRows) < wanted)
        {
            pieceRows /= 2;
        }

        // Even pieces: a last one of a few rows would read all of B for them.
        rowPieces = (rows + pieceRows - 1) / pieceRows;
        int most = CpuMatrixTile<V>.MaximumRows;
        pieceRows = (((rows + rowPieces - 1) / rowPieces) + most - 1) / most * most;
        rowPieces = (rows + pieceRows - 1) / pieceRows;
        int missing = (int)((wanted + ((long)rowItems * rowPieces) - 1) / ((long)rowItems * rowPieces));
        panelGroups = Math.Clamp(missing, 1, panels * panelItems);
    }

    /// <summary>Decides how much of B is packed at once.</summary>
    /// <param name="largestBytes">The most.</param>
    public void Chunk(long largestBytes)
    {
        int all = panels * panelItems;
        if (!PacksB)
        {
            (chunkBlocks, chunkPanels) = (Blocks, all);
            return;
        }

        chunkPanels = (int)Math.Clamp(largestBytes / PanelBytes, 1, all);
        chunkBlocks = chunkPanels < all ? 1 : (int)Math.Clamp(largestBytes / (all * PanelBytes), 1, Blocks);
    }

    /// <summary>Goes to the first chunk; there always is one.</summary>
    public bool FirstChunk()
    {
        (blockStart, blockEnd) = (0, Math.Min(chunkBlocks, Blocks));
        (panelStart, panelEnd) = (0, Math.Min(chunkPanels, panels * panelItems));
        return true;
    }

    /// <summary>Goes to the next chunk, if there is one.</summary>
    public bool NextChunk()
    {
        int all = panels * panelItems;
        if (panelEnd < all)
        {
            (panelStart, panelEnd) = (panelEnd, Math.Min(panelEnd + chunkPanels, all));
            return true;
        }

        if (blockEnd < Blocks)
        {
            (blockStart, blockEnd) = (blockEnd, Math.Min(blockEnd + chunkBlocks, Blocks));
            (panelStart, panelEnd) = (0, Math.Min(chunkPanels, all));
            return true;
        }

        return false;
    }

    /// <summary>Does everything, alone.</summary>
    /// <param name="space">Where to pack A.</param>
    public void RunAll(byte* space)
    {
        for (bool more = FirstChunk(); more; more = NextChunk())
        {
            if (PacksB)
            {
                for (int piece = 0; piece < PackPieces; piece++)
                {
                    Pack(piece);
                }
            }

            for (int piece = 0; piece < Pieces; piece++)
            {
                Multiply(piece, space);
            }
        }
    }

    /// <summary>An outer item as a work of its own.</summary>
    public readonly CpuMatrixWork<V> Item(int item)
    {
        var work = this;
        work.a += item * aItem;
        work.b += item * bItem;
        work.c += item * cItem;
        return work;
    }

    /// <summary>A block of the group as a work of its own, whose products go to their place among the partial sums.</summary>
    public readonly CpuMatrixWork<V> Block(int block)
    {
        int start = (GroupStart + block) * blockLength;
        var work = this;
        work.a += start * aDepth;
        work.b += start * bDepth;
        work.c = Partials + (block * Numbers * V.ElementSize);
        work.cRow = columns * V.ElementSize;
        work.cItem = rows * work.cRow;
        work.depth = Math.Min(blockLength, depth - start);
        work.accumulate = false;
        work.chunkBlocks = 1;
        work.Blocks = 1;
        return work;
    }

    /// <summary>The number of pieces for <see cref="SumBlocks"/>.</summary>
    /// <param name="workers">The number of workers.</param>
    public int SumPieces(int workers)
    {
        int allRows = rows * rowItems * panelItems;
        int wanted = (int)Math.Clamp(Numbers * GroupLength / 65536, 1, workers);
        sumRows = (allRows + wanted - 1) / wanted;
        return (allRows + sumRows - 1) / sumRows;
    }

    /// <summary>Adds up some rows of the blocks of the group, in order, into C.</summary>
    public readonly void SumBlocks(int piece)
    {
        int allRows = rows * rowItems * panelItems;
        nint rowBytes = columns * V.ElementSize;
        nint blockBytes = (nint)(Numbers * V.ElementSize);
        int end = Math.Min((piece + 1) * sumRows, allRows);
        bool add = accumulate || GroupStart > 0;
        for (int row = piece * sumRows; row < end; row++)
        {
            byte* source = Partials + (row * rowBytes);
            byte* target = c + (row / rows * cItem) + (row % rows * cRow);
            int column = 0;
            for (; column <= columns - V.Width; column += V.Width)
            {
                nint offset = column * V.ElementSize;
                V sum = V.Load(source + offset);
                sum = add ? V.Load(target + offset) + sum : sum;
                for (int block = 1; block < GroupLength; block++)
                {
                    sum += V.Load(source + offset + (block * blockBytes));
                }

                V.Store(target + offset, sum);
            }

            for (; column < columns; column++)
            {
                nint offset = column * V.ElementSize;
                V sum = V.Broadcast(source + offset);
                sum = add ? V.Broadcast(target + offset) + sum : sum;
                for (int block = 1; block < GroupLength; block++)
                {
                    sum += V.Broadcast(source + offset + (block * blockBytes));
                }

                V.StoreFirst(target + offset, sum);
            }
        }
    }

    /// <summary>Packs one panel of B of one block.</summary>
    public readonly void Pack(int piece)
    {
        int count = panelEnd - panelStart;
        int block = piece / count;
        int panel = panelStart + (piece % count);
        int width = panelLanes * V.Width;
        int column = panel % panels * width;
        int start = (blockStart + block) * blockLength;
        byte* source = b + (panel / panels * bItem) + (column * bColumn) + (start * bDepth);
        CpuMatrixPacking<V>.Pack(
            source, bColumn / V.ElementSize, bDepth / V.ElementSize, Math.Min(width, columns - column), Math.Min(blockLength, depth - start),
            PackedB + (piece * PanelBytes), width);
    }

    /// <summary>Multiplies some rows of A with some panels of B, over the blocks of the chunk.</summary>
    /// <param name="piece">Which.</param>
    /// <param name="space">Where to pack A.</param>
    public readonly void Multiply(int piece, byte* space)
    {
        int group = piece % panelGroups;
        int rowPiece = piece / panelGroups % rowPieces;
        int item = piece / panelGroups / rowPieces;
        int count = panelEnd - panelStart;
        int firstPanel = panelStart + (int)((long)count * group / panelGroups);
        int endPanel = panelStart + (int)((long)count * (group + 1) / panelGroups);
        int firstRow = rowPiece * pieceRows;
        int rowCount = Math.Min(pieceRows, rows - firstRow);
        byte* target = c + (item * cItem) + (firstRow * cRow);
        for (int block = blockStart; block < blockEnd; block++)
        {
            int start = block * blockLength;
            int terms = Math.Min(blockLength, depth - start);
            byte* source = a + (item * aItem) + (firstRow * aRow) + (start * aDepth);
            if (packsA)
            {
                PackRows(source, rowCount, terms, space);
                source = space;
            }

            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                MultiplyPanel(source, rowCount, terms, block, panel, target);
            }
        }
    }

    // Tiles of full height, but the last two share what is left, for a tile of one or two rows waits for its sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TileRows(int left, int most) => left >= 2 * most ? most : left > most ? (left + 1) / 2 : left;

    private readonly void PackRows(byte* source, int rowCount, int terms, byte* space)
    {
        int most = panelLanes == 4 ? CpuMatrixTile<V>.MaximumWideRows : CpuMatrixTile<V>.MaximumRows;
        for (int row = 0; row < rowCount;)
        {
            int height = TileRows(rowCount - row, most);
            CpuMatrixPacking<V>.Pack(
                source + (row * aRow), aRow / V.ElementSize, aDepth / V.ElementSize, height, terms,
                space + ((nint)row * terms * V.ElementSize), height);
            row += height;
        }
    }

    [SkipLocalsInit]
    private readonly void MultiplyPanel(byte* source, int rowCount, int terms, int block, int panel, byte* target)
    {
        const int LargestTile = 12 * 2 * 64;
        byte* tile = stackalloc byte[LargestTile];
        nint size = V.ElementSize;
        int width = panelLanes * V.Width;
        int column = panel % panels * width;
        int used = Math.Min(width, columns - column);
        int lanes = used > 2 * V.Width ? 4 : used > V.Width ? 2 : 1;
        int skipped = 0;
        byte* right;
        nint rightDepth;
        if (PacksB)
        {
            right = PackedB + ((((long)(block - blockStart) * (panelEnd - panelStart)) + panel - panelStart) * PanelBytes);
            rightDepth = width * size;
        }
        else
        {
            skipped = (lanes * V.Width) - used;
            right = b + (panel / panels * bItem) + ((column - skipped) * size) + ((nint)block * blockLength * bDepth);
            rightDepth = bDepth;
        }

        bool add = accumulate || block > 0;
        bool isWhole = used == lanes * V.Width;
        target += (panel / panels * cItem) + (column * size);
        int most = panelLanes == 4 ? CpuMatrixTile<V>.MaximumWideRows : CpuMatrixTile<V>.MaximumRows;
        for (int row = 0; row < rowCount;)
        {
            int height = TileRows(rowCount - row, most);
            (nint leftRow, nint leftDepth) = packsA ? (size, height * size) : (aRow, aDepth);
            byte* left = source + (packsA ? (nint)row * terms * size : row * aRow);
            byte* corner = target + (row * cRow);
            if (isWhole)
            {
                CpuMatrixTile<V>.Run(height, lanes, left, leftRow, leftDepth, right, rightDepth, terms, corner, cRow, add);
            }
            else
            {
                nint tileRow = lanes * V.Width * size;
                CpuMatrixTile<V>.Run(height, lanes, left, leftRow, leftDepth, right, rightDepth, terms, tile, tileRow, false);
                CopyTile(tile + (skipped * size), tileRow, corner, height, used, add);
            }

            row += height;
        }
    }

    private readonly void CopyTile(byte* tile, nint tileRow, byte* corner, int height, int used, bool add)
    {
        for (int row = 0; row < height; row++)
        {
            int column = 0;
            for (; column <= used - V.Width; column += V.Width)
            {
                byte* target = corner + (column * V.ElementSize);
                V sum = V.Load(tile + (column * V.ElementSize));
                V.Store(target, add ? V.Load(target) + sum : sum);
            }

            for (; column < used; column++)
            {
                byte* target = corner + (column * V.ElementSize);
                V sum = V.Broadcast(tile + (column * V.ElementSize));
                V.StoreFirst(target, add ? V.Broadcast(target) + sum : sum);
            }

            tile += tileRow;
            corner += cRow;
        }
    }
}
