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
/// A task is a range of rows by a range of panels. What is packed of B at once is a chunk: a range of panels of all blocks of the depth if
/// enough of them fit, else of one block, or of several blocks if it has all panels. Either each task goes through chunks of its own, or all
/// tasks go through the same ones together.
/// </para>
/// </remarks>
internal unsafe struct CpuMatrixWork<V>
    where V : unmanaged, IHostLane<V>
{
    // B is packed if it is read at least this often: fewer rows do not pay for the copy where B's rows are contiguous. Nor does a B that
    // stays in the first-level cache as it is.
    private const int FewRows = 24;
    private const int SmallB = 32 << 10;

    // A part of A of so many bytes a step of the depth takes 320 KiB of a second-level cache at the longest depth.
    private const int LargestPiece = 1024;

    // Up to so many strips every task packs what it needs of B; else it is packed once for all workers.
    private const int FewStrips = 112;

    // The epilogue runs after so many panels: what they have written is still in the second-level cache.
    private const int EpiloguePanels = 8;

    // B is fetched from the second-level cache so many steps of the depth before it is used: 200 cycles.
    private const int StepsAhead = 16;

    // A chunk has all blocks of the depth where so many panels of them fit: a piece of C then stays in the second-level cache until it is
    // finished, and a piece of A is read again for each chunk.
    private const int FewPanels = 16;

    // What is packed of B at once: it stays in the second-level cache of a worker, or in the last one where all workers share it.
    private const long LargestOwn = 768 << 10;
    private const long LargestShared = 4 << 20;

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
    private byte* bias;
    private readonly nint biasItem;
    private ProductEpilogue epilogue;
    private int outerItem;
    private readonly int rowItems;
    private readonly int panelItems;
    private readonly int blockLength;

    private readonly int panelLanes;
    private readonly int panels;
    private readonly bool packsA;
    private readonly bool packsB;

    // A strip is what one tile takes of the rows.
    private readonly int stripRows;
    private readonly int strips;

    private int rowTasks = 1;
    private int panelTasks = 1;
    private Chunk chunk;
    private int sumRows;

    /// <summary>Normalizes a product.</summary>
    public CpuMatrixWork(
        ProductOperand a, ProductOperand b, ProductOperand c, int rows, int columns, int depth, int batch, bool accumulate,
        ProductBias bias, ProductEpilogue epilogue, int blockLength)
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
        this.bias = (byte*)bias.Origin;
        biasItem = bias.BatchStride * size;
        this.epilogue = epilogue;
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
        if (batch > 1 && bItem == 0 && biasItem == 0 && allRows <= int.MaxValue
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
        bool isWide = this.rows * rowItems <= CpuMatrixTile<V>.MaximumWideRows && this.columns >= 4 * width;
        panelLanes = isWide ? 4 : 2;
        int panelWidth = panelLanes * width;
        panels = CpuMatrixProduct<V>.DivideUp(this.columns, panelWidth);
        stripRows = isWide ? CpuMatrixTile<V>.MaximumWideRows : CpuMatrixTile<V>.MaximumRows;
        strips = CpuMatrixProduct<V>.DivideUp(this.rows, stripRows);

        // Unpacked, the last panel is moved to the left until it is whole; it must have room to.
        bool canReadB = bColumn == size && (this.columns >= panelWidth || this.columns % width == 0);
        packsB = !canReadB || ((long)this.rows * rowItems > FewRows && depth * bDepth > SmallB);
        packsA = aDepth != size && (long)panels * panelItems > 1;
    }

    /// <summary>The blocks of the depth.</summary>
    public int Blocks { readonly get; private set; }

    /// <summary>The items of the batch that are works of their own.</summary>
    public readonly int OuterItems { get; }

    /// <summary>The tasks that <see cref="Share"/> has made of it.</summary>
    public readonly int Tasks => rowTasks * panelTasks;

    /// <summary>Whether B is packed for all tasks together, chunk by chunk; else each packs what it needs.</summary>
    public bool SharesB { readonly get; private set; }

    /// <summary>Where B is packed for all tasks: <see cref="SharedSpace"/>.</summary>
    public byte* Packed { get; set; }

    /// <summary>Where the workers pack by themselves: <see cref="Space"/> each.</summary>
    public byte* Own { get; set; }

    /// <summary>Where the blocks of a group leave their sums.</summary>
    public byte* Partials { get; set; }

    /// <summary>The first block of a group whose sums are added up together.</summary>
    public int GroupStart { get; set; }

    /// <summary>The number of blocks in the group.</summary>
    public int GroupLength { get; set; }

    /// <summary>The numbers of C in one outer item.</summary>
    public readonly long Numbers => (long)rows * columns * rowItems * panelItems;

    /// <summary>The size of what is packed of B for all tasks at once.</summary>
    public readonly long SharedSpace => SharesB ? FirstChunk(0, AllPanels, LargestShared).Count * PanelBytes : 0;

    /// <summary>The size of what a worker packs by itself at once.</summary>
    public readonly long Space
    {
        get
        {
            if (!packsB || SharesB)
            {
                return SpaceOfA;
            }

            // Ranges of panels differ by one, and one panel fewer may fit at once where one more needs two smaller chunks.
            int least = AllPanels / panelTasks;
            int most = CpuMatrixProduct<V>.DivideUp(AllPanels, panelTasks);
            return SpaceOfA + (Math.Max(FirstChunk(0, least, LargestOwn).Count, FirstChunk(0, most, LargestOwn).Count) * PanelBytes);
        }
    }

    /// <summary>The parts in which a chunk is packed.</summary>
    public readonly int PackParts => chunk.Count;

    private readonly int AllPanels => panels * panelItems;

    private readonly long AllStrips => (long)strips * rowItems;

    private readonly int PieceStrips => Math.Max(LargestPiece / (stripRows * V.ElementSize), 1);

    private readonly long SpaceOfA => packsA
        ? (((long)PieceStrips * stripRows * blockLength * V.ElementSize) + CpuMatrixPacking<V>.Slack + 63) / 64 * 64
        : 0;

    private readonly long PanelBytes => (long)panelLanes * V.Width * V.ElementSize * blockLength;

    /// <summary>Cuts C up into tasks for some workers: ranges of strips by ranges of panels.</summary>
    /// <remarks>
    /// With many rows the workers pack B together and share it: a piece of A stays in the second-level cache while all panels of a chunk pass by.
    /// With few rows that would leave few tiles to a panel: then every task packs what it needs, B once for each range of strips and A once for
    /// each range of panels, and nobody waits for anybody. The cut is the one that takes the least time, counted in tiles, on workers of even
    /// speed, with a fraction of a task for those that wait for the last one.
    /// </remarks>
    /// <param name="workers">The number of workers.</param>
    public void Share(int workers)
    {
        const int MostTasks = 4;
        SharesB = packsB && AllStrips > FewStrips;
        if (workers == 1 && !SharesB)
        {
            return;
        }

        if (SharesB || !packsB)
        {
            // As many for each worker, of two strips at least.
            long pieces = rowItems * (long)CpuMatrixProduct<V>.DivideUp(strips, PieceStrips);
            pieces = Math.Max(pieces, Math.Min(MostTasks * workers, AllStrips / 2));
            rowTasks = WholeItems((int)((pieces + workers - 1) / workers * workers));
            panelTasks = Math.Clamp(CpuMatrixProduct<V>.DivideUp(MostTasks * workers, rowTasks), 1, AllPanels);
            return;
        }

        const double PackingB = 1.7, PackingA = 0.65, ReadingA = 0.1, Waiting = 0.05;
        double least = double.PositiveInfinity;
        for (int panelCut = 1; panelCut <= Math.Min(AllPanels, MostTasks * workers); panelCut++)
        {
            for (int each = 1; each <= MostTasks; each *= 2)
            {
                int rowCut = WholeItems((int)Math.Min(AllStrips, CpuMatrixProduct<V>.DivideUp(each * workers, panelCut)));
                double height = (AllStrips + rowCut - 1) / rowCut;
                double width = CpuMatrixProduct<V>.DivideUp(AllPanels, panelCut);
                double task = (height * width) + (PackingB * width) + ((packsA ? PackingA : ReadingA) * height);
                double time = (CpuMatrixProduct<V>.DivideUp(rowCut * panelCut, workers) + Waiting) * task;
                if (time < least)
                {
                    (least, rowTasks, panelTasks) = (time, rowCut, panelCut);
                }
            }
        }
    }

    /// <summary>Does one task, with packing.</summary>
    /// <param name="task">Which.</param>
    /// <param name="space">Where to pack: <see cref="Space"/>.</param>
    public readonly void Run(int task, byte* space)
    {
        var (firstPanel, endPanel) = PanelsOf(task, 0, AllPanels);
        for (var part = FirstChunk(firstPanel, endPanel, packsB ? LargestOwn : long.MaxValue); !part.IsEmpty; part = NextChunk(part, endPanel))
        {
            byte* packedB = space + SpaceOfA;
            for (int i = 0; packsB && i < part.Count; i++)
            {
                PackPanel(part, i, packedB);
            }

            Multiply(task, part, part.Panel, part.EndPanel, space, packedB);
        }
    }

    /// <summary>Goes to the first chunk of those that all tasks share.</summary>
    /// <returns>Whether there is one: always.</returns>
    public bool FirstChunk()
    {
        chunk = FirstChunk(0, AllPanels, LargestShared);
        return true;
    }

    /// <summary>Goes to the next chunk.</summary>
    /// <returns>Whether there is one.</returns>
    public bool NextChunk()
    {
        chunk = NextChunk(chunk, AllPanels);
        return !chunk.IsEmpty;
    }

    /// <summary>Packs a part of the chunk.</summary>
    /// <param name="part">Which.</param>
    public readonly void Pack(int part) => PackPanel(chunk, part, Packed);

    /// <summary>Does what a task has to do with the packed chunk.</summary>
    /// <param name="task">Which.</param>
    /// <param name="space">Where to pack A: <see cref="Space"/>.</param>
    public readonly void Multiply(int task, byte* space)
    {
        var (firstPanel, endPanel) = PanelsOf(task, chunk.Panel, chunk.EndPanel);
        Multiply(task, chunk, firstPanel, endPanel, space, Packed);
    }

    /// <summary>An outer item as a work of its own.</summary>
    public readonly CpuMatrixWork<V> Item(int item)
    {
        var work = this;
        work.a += item * aItem;
        work.b += item * bItem;
        work.c += item * cItem;
        work.outerItem = item;
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
        work.bias = null;
        work.epilogue = default;
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

    /// <summary>Adds up some rows of the blocks of the group, in order, into C; of the last group the epilogue follows.</summary>
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
            byte* from = add ? target : BiasOf(row / rows);
            int column = 0;
            for (; column <= columns - V.Width; column += V.Width)
            {
                nint offset = column * V.ElementSize;
                V sum = V.Load(source + offset);
                sum = from != null ? V.Load(from + offset) + sum : sum;
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
                sum = from != null ? V.Broadcast(from + offset) + sum : sum;
                for (int block = 1; block < GroupLength; block++)
                {
                    sum += V.Broadcast(source + offset + (block * blockBytes));
                }

                V.StoreFirst(target + offset, sum);
            }

            if (GroupStart + GroupLength == Blocks && !epilogue.IsEmpty)
            {
                epilogue.Run(((long)outerItem * rows) + row, 1, 0, columns);
            }
        }
    }

    // The bias of an item of this work; null where there is none.
    private readonly byte* BiasOf(int item) => bias == null ? null : bias + ((outerItem + item) * biasItem);

    // A task has whole items, or an item whole tasks.
    private readonly int WholeItems(int rowTasks) => rowTasks <= rowItems ? rowTasks : CpuMatrixProduct<V>.DivideUp(rowTasks, rowItems) * rowItems;

    private readonly (long First, long End) StripsOf(int task)
    {
        long part = task / panelTasks;
        if (rowTasks <= rowItems)
        {
            return (rowItems * part / rowTasks * strips, rowItems * (part + 1) / rowTasks * strips);
        }

        int cuts = rowTasks / rowItems;
        var (item, cut) = Math.DivRem(part, cuts);
        return ((item * strips) + (strips * cut / cuts), (item * strips) + (strips * (cut + 1) / cuts));
    }

    private readonly (int First, int End) PanelsOf(int task, int first, int end)
    {
        long part = task % panelTasks;
        long count = end - first;
        return ((int)(first + (count * part / panelTasks)), (int)(first + (count * (part + 1) / panelTasks)));
    }

    // The chunks of a range of panels, at least one, of at most so many bytes; each has all blocks in turn before the next panels come.
    private readonly Chunk FirstChunk(int firstPanel, int endPanel, long mostBytes)
    {
        int count = endPanel - firstPanel;
        long whole = mostBytes / (Blocks * PanelBytes);
        int most = (int)Math.Clamp(whole >= FewPanels ? whole : mostBytes / PanelBytes, 1, count);
        int even = CpuMatrixProduct<V>.DivideUp(count, CpuMatrixProduct<V>.DivideUp(count, most));
        int blocks = even < count && whole < FewPanels ? 1 : (int)Math.Clamp(mostBytes / (even * PanelBytes), 1, Blocks);
        return new Chunk(firstPanel, firstPanel + even, 0, blocks);
    }

    private readonly Chunk NextChunk(Chunk chunk, int endPanel)
    {
        int panels = chunk.EndPanel - chunk.Panel;
        int blocks = chunk.EndBlock - chunk.Block;
        return chunk.EndBlock < Blocks
            ? chunk with { Block = chunk.EndBlock, EndBlock = Math.Min(chunk.EndBlock + blocks, Blocks) }
            : new Chunk(chunk.EndPanel, Math.Min(chunk.EndPanel + panels, endPanel), 0, Math.Min(blocks, Blocks));
    }

    private readonly void PackPanel(Chunk chunk, int part, byte* target)
    {
        var (block, panel) = Math.DivRem(part, chunk.EndPanel - chunk.Panel);
        (block, panel) = (block + chunk.Block, panel + chunk.Panel);
        int width = panelLanes * V.Width;
        int column = panel % panels * width;
        int start = block * blockLength;
        byte* source = b + (panel / panels * bItem) + (column * bColumn) + (start * bDepth);
        CpuMatrixPacking<V>.Pack(
            source, bColumn / V.ElementSize, bDepth / V.ElementSize, Math.Min(width, columns - column), Math.Min(blockLength, depth - start),
            target + (part * PanelBytes), width);
    }

    // The strips of a task, item by item, with some panels of a chunk.
    private readonly void Multiply(int task, Chunk chunk, int firstPanel, int endPanel, byte* space, byte* packedB)
    {
        var (strip, end) = StripsOf(task);
        while (strip < end)
        {
            var (item, first) = Math.DivRem(strip, strips);
            int count = (int)Math.Min(end - strip, strips - first);

            // Even pieces: a last one of a few rows would read all of B for them.
            int pieceRows = CpuMatrixProduct<V>.DivideUp(count, CpuMatrixProduct<V>.DivideUp(count, PieceStrips)) * stripRows;
            int row = (int)first * stripRows;
            int endRow = Math.Min(row + (count * stripRows), rows);
            for (; row < endRow; row += pieceRows)
            {
                MultiplyPiece((int)item, row, Math.Min(pieceRows, endRow - row), chunk, firstPanel, endPanel, space, packedB);
            }

            strip += count;
        }
    }

    // Rows whose part of A stays in the second-level cache.
    private readonly void MultiplyPiece(
        int item, int row, int rowCount, Chunk chunk, int firstPanel, int endPanel, byte* space, byte* packedB)
    {
        byte* target = c + (item * cItem) + (row * cRow);
        for (int block = chunk.Block; block < chunk.EndBlock; block++)
        {
            int start = block * blockLength;
            int terms = Math.Min(blockLength, depth - start);
            byte* source = a + (item * aItem) + (row * aRow) + (start * aDepth);
            if (packsA)
            {
                PackRows(source, rowCount, terms, space);
                source = space;
            }

            int finished = firstPanel;
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                long place = ((long)(block - chunk.Block) * (chunk.EndPanel - chunk.Panel)) + panel - chunk.Panel;
                MultiplyPanel(source, rowCount, terms, block, item, panel, packedB + (place * PanelBytes), target);
                int next = panel + 1;
                if (block == Blocks - 1 && (next == endPanel || next % panels == 0 || next == finished + EpiloguePanels))
                {
                    FinishPanels(item, row, rowCount, finished, next);
                    finished = next;
                }
            }
        }
    }

    // Panels of one item of the batch, whose numbers are the last ones in some rows of C.
    private readonly void FinishPanels(int item, int row, int rowCount, int panel, int endPanel)
    {
        if (!epilogue.IsEmpty)
        {
            int width = panelLanes * V.Width;
            long firstRow = ((long)(outerItem + item + (panel / panels)) * rows) + row;
            epilogue.Run(firstRow, rowCount, panel % panels * width, Math.Min((((endPanel - 1) % panels) + 1) * width, columns));
        }
    }

    // Tiles of full height, but the last two share what is left, for a tile of one or two rows waits for its sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TileRows(int left, int most) => left >= 2 * most ? most : left > most ? (left + 1) / 2 : left;

    private readonly void PackRows(byte* source, int rowCount, int terms, byte* space)
    {
        for (int row = 0; row < rowCount;)
        {
            int height = TileRows(rowCount - row, stripRows);
            CpuMatrixPacking<V>.Pack(
                source + (row * aRow), aRow / V.ElementSize, aDepth / V.ElementSize, height, terms,
                space + ((nint)row * terms * V.ElementSize), height);
            row += height;
        }
    }

    [SkipLocalsInit]
    private readonly void MultiplyPanel(
        byte* source, int rowCount, int terms, int block, int item, int panel, byte* right, byte* target)
    {
        const int LargestTile = 12 * 2 * 64;
        byte* tile = stackalloc byte[LargestTile];
        nint size = V.ElementSize;
        int width = panelLanes * V.Width;
        int column = panel % panels * width;
        int used = Math.Min(width, columns - column);
        int lanes = used > 2 * V.Width ? 4 : used > V.Width ? 2 : 1;
        int skipped = 0;
        nint rightDepth = width * size;
        if (!packsB)
        {
            skipped = (lanes * V.Width) - used;
            right = b + (panel / panels * bItem) + ((column - skipped) * size) + ((nint)block * blockLength * bDepth);
            rightDepth = bDepth;
        }

        // Packed, panels follow each other; unpacked, the next ones lie to the right. The next but one is fetched: from memory, the next would
        // come too late.
        nint ahead = packsB ? StepsAhead * rightDepth : 2 * width * size;
        bool add = accumulate || block > 0;
        byte* first = add ? null : BiasOf(item + (panel / panels));
        first += first == null ? 0 : column * size;
        bool isWhole = used == lanes * V.Width;
        target += (panel / panels * cItem) + (column * size);
        for (int row = 0; row < rowCount;)
        {
            int height = TileRows(rowCount - row, stripRows);
            (nint leftRow, nint leftDepth) = packsA ? (size, height * size) : (aRow, aDepth);
            byte* left = source + (packsA ? (nint)row * terms * size : row * aRow);
            byte* corner = target + (row * cRow);
            (nint from, nint fromRow) = add ? ((nint)corner, cRow) : ((nint)first, 0);
            if (isWhole)
            {
                CpuMatrixTile<V>.Run(height, lanes, left, leftRow, leftDepth, right, rightDepth, ahead, terms, corner, cRow, (byte*)from, fromRow);
            }
            else
            {
                nint tileRow = lanes * V.Width * size;
                CpuMatrixTile<V>.Run(height, lanes, left, leftRow, leftDepth, right, rightDepth, ahead, terms, tile, tileRow, null, 0);
                CopyTile(tile + (skipped * size), tileRow, corner, (byte*)from, fromRow, height, used);
            }

            row += height;
        }
    }

    private readonly void CopyTile(byte* tile, nint tileRow, byte* corner, byte* from, nint fromRow, int height, int used)
    {
        for (int row = 0; row < height; row++)
        {
            int column = 0;
            for (; column <= used - V.Width; column += V.Width)
            {
                nint offset = column * V.ElementSize;
                V sum = V.Load(tile + offset);
                V.Store(corner + offset, from != null ? V.Load(from + offset) + sum : sum);
            }

            for (; column < used; column++)
            {
                nint offset = column * V.ElementSize;
                V sum = V.Broadcast(tile + offset);
                V.StoreFirst(corner + offset, from != null ? V.Broadcast(from + offset) + sum : sum);
            }

            tile += tileRow;
            corner += cRow;
            from += fromRow;
        }
    }

    private readonly record struct Chunk(int Panel, int EndPanel, int Block, int EndBlock)
    {
        public int Count => (EndPanel - Panel) * (EndBlock - Block);

        public bool IsEmpty => Count == 0;
    }
}
