using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>What the window sees at each output, as rows of a matrix: a convolution is the product of this matrix and the weights.</summary>
/// <remarks>
/// Row (image, y, x) of the result [images·outputs, window·C] holds the pixels of the window in the order (window row, window column,
/// channel), zeros where it is padding. Image i lies at (i / group)·groupStride + (i mod group)·H·W·C: images of one direction follow each
/// other. What a row of the window shows are neighbours in the image, and are copied so. One row of the launch is a row of outputs.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ImageColumns<B, V>(B images, B columns, ImageWindow window, int group, int groupStride) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B images = images;
    private readonly B columns = columns;
    private readonly ImageWindow window = window;
    private readonly int group = group;
    private readonly int groupStride = groupStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.OutputHeight;
        int top = ((row - (image * window.OutputHeight)) * window.Stride) - window.Top;
        int line = window.Width * window.Channels;
        int origin = (image / group * groupStride) + (image % group * window.Height * line);
        int run = window.WindowWidth * window.Channels;
        int target = row * window.OutputWidth * window.WindowHeight * run;
        int lanes = (run + V.Width - 1) / V.Width;
        for (int cellRow = 0; cellRow < window.WindowHeight; cellRow++, target += run)
        {
            int v = top + cellRow;
            bool isRow = v >= 0 && v < window.Height;
            int source = origin + (v * line);
            for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.OutputWidth; at = at.Next())
            {
                // The first number of the lane within the run, and where it lies in its line of the image: maybe before or behind it.
                int first = at.Lane * V.Width;
                int place = (((at.Pixel * window.Stride) - window.Left) * window.Channels) + first;
                int left = run - first;
                int count = left < V.Width ? left : V.Width;
                int start = target + (at.Pixel * window.WindowHeight * run) + first;
                if (isRow && place >= 0 && place + count <= line)
                {
                    columns.Store(start, left, images.Load(source + place, count));
                }
                else if (!isRow || place + count <= 0 || place >= line)
                {
                    columns.Store(start, left, V.Constant(0));
                }
                else
                {
                    for (int c = 0; c < count; c++)
                    {
                        bool isInside = place + c >= 0 && place + c < line;
                        columns.StoreFirst(start + c, isInside ? images.Broadcast(source + place + c) : V.Constant(0));
                    }
                }
            }
        }
    }
}

/// <summary>The transposed of <see cref="ImageColumns{B, V}"/>: each pixel gets the sum of all places of the matrix that show it.</summary>
/// <remarks>
/// Columns are [images·outputs, window·C] as there, images lie channels last. A pixel gathers, so that no two threads meet; the order is that
/// of the cells of the window. One row of the launch is a row of pixels.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ImageColumnsTransposed<B, V>(B columns, B images, ImageWindow window, int group, int groupStride) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B columns = columns;
    private readonly B images = images;
    private readonly ImageWindow window = window;
    private readonly int group = group;
    private readonly int groupStride = groupStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.Height;
        int v = row - (image * window.Height);
        int origin = (image / group * groupStride) + (((image % group * window.Height) + v) * window.Width * window.Channels);
        int lastRow = window.LastRowSeeing(v);
        int firstCellRow = v + window.Top - (lastRow * window.Stride);
        int cells = window.WindowHeight * window.WindowWidth;
        int lanes = (window.Channels + V.Width - 1) / V.Width;
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
                    int output = (((image * window.OutputHeight) + y) * window.OutputWidth) + x;
                    int cell = (cellRow * window.WindowWidth) + cellColumn;
                    sum += columns.Load((((output * cells) + cell) * window.Channels) + c, left);
                }
            }

            images.Store(origin + (u * window.Channels) + c, left, sum);
        }
    }
}
