using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The largest number that the window sees, channel by channel, and which cell of the window has it: of several the first.</summary>
/// <remarks>
/// Images are [images, H, W, C], outputs and winners [images, output rows, output columns, C]. A winner is window row · window columns +
/// window column. Padding never wins; every window must see a pixel. NaN wins over all. One row of the launch is a row of outputs.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct MaximumPool<B, V>(B images, B outputs, B winners, ImageWindow window) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B images = images;
    private readonly B outputs = outputs;
    private readonly B winners = winners;
    private readonly ImageWindow window = window;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.OutputHeight;
        int top = ((row - (image * window.OutputHeight)) * window.Stride) - window.Top;
        int origin = image * window.Height * window.Width * window.Channels;
        int lanes = (window.Channels + V.Width - 1) / V.Width;
        for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.OutputWidth; at = at.Next())
        {
            int x = at.Pixel;
            int c = at.Lane * V.Width;
            int left = window.Channels - c;
            int first = (x * window.Stride) - window.Left;
            V largest = V.Constant(double.NegativeInfinity);
            V winner = V.Constant(-1);
            for (int v = top < 0 ? 0 : top; v < top + window.WindowHeight && v < window.Height; v++)
            {
                for (int u = first < 0 ? 0 : first; u < first + window.WindowWidth && u < window.Width; u++)
                {
                    V number = images.Load(origin + (((v * window.Width) + u) * window.Channels) + c, left);
                    V cell = V.Integer(((v - top) * window.WindowWidth) + u - first);

                    // The first cell wins even with −∞; a NaN is not equal to itself.
                    V better = V.WhereLess(winner, V.Constant(0), V.Constant(1), V.WhereLess(largest, number, V.Constant(1), V.Constant(0)));
                    better = V.WhereEqual(number, number, better, V.Constant(1));
                    winner = V.WhereEqual(better, V.Constant(1), cell, winner);
                    largest = V.WhereEqual(better, V.Constant(1), number, largest);
                }
            }

            int output = (((row * window.OutputWidth) + x) * window.Channels) + c;
            outputs.Store(output, left, largest);
            winners.Store(output, left, winner);
        }
    }
}

/// <summary>The number of the winning cell of each window, in a block: the tangent of <see cref="MaximumPool{B, V}"/>.</summary>
/// <remarks>The block is [directions, images, H, W, C]; winners are those of the images. One row of the launch is a row of outputs.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct MaximumPoolTangent<B, V>(B block, B winners, B result, ImageWindow window, int images) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B block = block;
    private readonly B winners = winners;
    private readonly B result = result;
    private readonly ImageWindow window = window;
    private readonly int images = images;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.OutputHeight;
        int y = row - (image * window.OutputHeight);
        int top = (y * window.Stride) - window.Top;
        int origin = image * window.Height * window.Width * window.Channels;
        int won = ((image % images * window.OutputHeight) + y) * window.OutputWidth * window.Channels;
        int lanes = (window.Channels + V.Width - 1) / V.Width;
        for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.OutputWidth; at = at.Next())
        {
            int x = at.Pixel;
            int c = at.Lane * V.Width;
            int left = window.Channels - c;
            int first = (x * window.Stride) - window.Left;
            V winner = winners.Load(won + (x * window.Channels) + c, left);
            V chosen = V.Constant(0);
            for (int v = top < 0 ? 0 : top; v < top + window.WindowHeight && v < window.Height; v++)
            {
                for (int u = first < 0 ? 0 : first; u < first + window.WindowWidth && u < window.Width; u++)
                {
                    V number = block.Load(origin + (((v * window.Width) + u) * window.Channels) + c, left);
                    chosen = V.WhereEqual(winner, V.Integer(((v - top) * window.WindowWidth) + u - first), number, chosen);
                }
            }

            result.Store((((row * window.OutputWidth) + x) * window.Channels) + c, left, chosen);
        }
    }
}

/// <summary>The gradient of each output to the winning cell of its window, in a block: pass 2 of <see cref="MaximumPool{B, V}"/>.</summary>
/// <remarks>
/// The block is [directions, images, output rows, output columns, C], the result [directions, images, H, W, C]. A pixel gathers from all
/// windows that see it; where windows do not overlap, each is looked at once for a row of its pixels. One row of the launch is a row of pixels.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct MaximumPoolGradient<B, V>(B block, B winners, B result, ImageWindow window, int images) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B block = block;
    private readonly B winners = winners;
    private readonly B result = result;
    private readonly ImageWindow window = window;
    private readonly int images = images;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        // Copies: a compiler must take it that a store may change the fields of this.
        ImageWindow window = this.window;
        B block = this.block;
        B winners = this.winners;
        B result = this.result;
        int image = row / window.Height;
        int v = row - (image * window.Height);
        int outputs = window.OutputHeight * window.OutputWidth * window.Channels;
        int origin = image * outputs;
        int won = image % images * outputs;
        int lastRow = window.LastRowSeeing(v);
        int firstCellRow = v + window.Top - (lastRow * window.Stride);
        int lanes = (window.Channels + V.Width - 1) / V.Width;
        if (!window.Overlaps)
        {
            bool isRow = lastRow >= 0 && firstCellRow < window.WindowHeight;
            int firstCell = firstCellRow * window.WindowWidth;
            for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.ColumnStrides; at = at.Next())
            {
                int x = at.Pixel;
                int c = at.Lane * V.Width;
                int left = window.Channels - c;
                V winner = V.Constant(-1);
                V number = V.Constant(0);
                if (isRow && x < window.OutputWidth)
                {
                    int output = (((lastRow * window.OutputWidth) + x) * window.Channels) + c;
                    winner = winners.Load(won + output, left);
                    number = block.Load(origin + output, left);
                }

                for (int cell = 0; cell < window.Stride; cell++)
                {
                    int u = (x * window.Stride) - window.Left + cell;
                    if (u >= 0 && u < window.Width)
                    {
                        V share = V.WhereEqual(winner, V.Integer(firstCell + cell), number, V.Constant(0));
                        result.Store((((row * window.Width) + u) * window.Channels) + c, left, cell < window.WindowWidth ? share : V.Constant(0));
                    }
                }
            }

            return;
        }

        for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.Width; at = at.Next())
        {
            int u = at.Pixel;
            int c = at.Lane * V.Width;
            int left = window.Channels - c;
            V sum = V.Constant(0);
            for (int y = lastRow, cellRow = firstCellRow; y >= 0 && cellRow < window.WindowHeight; y--, cellRow += window.Stride)
            {
                int x = window.LastColumnSeeing(u);
                int cellColumn = u + window.Left - (x * window.Stride);
                for (; x >= 0 && cellColumn < window.WindowWidth; x--, cellColumn += window.Stride)
                {
                    int output = (((y * window.OutputWidth) + x) * window.Channels) + c;
                    V winner = winners.Load(won + output, left);
                    V number = block.Load(origin + output, left);
                    V cell = V.Integer((cellRow * window.WindowWidth) + cellColumn);
                    sum += V.WhereEqual(winner, cell, number, V.Constant(0));
                }
            }

            result.Store((((row * window.Width) + u) * window.Channels) + c, left, sum);
        }
    }
}
