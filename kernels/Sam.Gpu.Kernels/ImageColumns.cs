using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>What the window sees at each output, as rows of a matrix: a convolution is the product of this matrix and the weights.</summary>
/// <remarks>
/// Row (image, y, x) of the result [images·outputs, window·C] holds the pixels of the window in the order (window row, window column,
/// channel), zeros where it is padding. Image i lies at (i / group)·groupStride + (i mod group)·H·W·C: images of one direction follow each
/// other. With isPlanar the image lies channels first instead, number (y, x, c) at c·H·W + y·W + x. One row of the launch is a row of outputs.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct ImageColumns<B, V>(B images, B columns, ImageWindow window, int group, int groupStride, int isPlanar) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B images = images;
    private readonly B columns = columns;
    private readonly ImageWindow window = window;
    private readonly int group = group;
    private readonly int groupStride = groupStride;
    private readonly int isPlanar = isPlanar;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.OutputHeight;
        int top = ((row - (image * window.OutputHeight)) * window.Stride) - window.Top;
        int plane = window.Height * window.Width;
        int origin = (image / group * groupStride) + (image % group * plane * window.Channels);
        int cells = window.WindowHeight * window.WindowWidth;
        int target = row * window.OutputWidth * cells * window.Channels;

        // Channels last and as many of them as a lane has numbers, they go lane by lane; else number by number.
        bool isLane = isPlanar == 0 && window.Channels % V.Width == 0;
        int channelLanes = isLane ? window.Channels / V.Width : window.Channels;
        int channelWidth = isLane ? V.Width : 1;
        int channelStride = isPlanar != 0 ? plane : 1;
        int pixelStride = isPlanar != 0 ? 1 : window.Channels;
        int xStep = team.Size / cells;
        int cellStep = team.Size - (xStep * cells);
        int x = team.Rank / cells;
        int cell = team.Rank - (x * cells);
        while (x < window.OutputWidth)
        {
            int cellRow = cell / window.WindowWidth;
            int v = top + cellRow;
            int u = (x * window.Stride) - window.Left + (cell - (cellRow * window.WindowWidth));
            bool isInside = v >= 0 && v < window.Height && u >= 0 && u < window.Width;
            int source = origin + (((v * window.Width) + u) * pixelStride);
            int start = target + (((x * cells) + cell) * window.Channels);
            for (int lane = 0; lane < channelLanes; lane++)
            {
                int c = lane * channelWidth;
                if (isLane)
                {
                    columns.Store(start + c, V.Width, isInside ? images.Load(source + c, V.Width) : V.Constant(0));
                }
                else
                {
                    columns.StoreFirst(start + c, isInside ? images.Broadcast(source + (c * channelStride)) : V.Constant(0));
                }
            }

            // The next place of this thread, without a division.
            cell += cellStep;
            x += xStep;
            if (cell >= cells)
            {
                cell -= cells;
                x++;
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
        int cells = window.WindowHeight * window.WindowWidth;
        int lanes = (window.Channels + V.Width - 1) / V.Width;
        for (int i = team.Rank; i < window.Width * lanes; i += team.Size)
        {
            int u = i / lanes;
            int c = (i - (u * lanes)) * V.Width;
            int left = window.Channels - c;
            V sum = V.Constant(0);
            for (int cellRow = 0; cellRow < window.WindowHeight; cellRow++)
            {
                int y = window.RowSeeing(v, cellRow);
                for (int cellColumn = 0; y >= 0 && cellColumn < window.WindowWidth; cellColumn++)
                {
                    int x = window.ColumnSeeing(u, cellColumn);
                    if (x >= 0)
                    {
                        int output = (((image * window.OutputHeight) + y) * window.OutputWidth) + x;
                        int cell = (cellRow * window.WindowWidth) + cellColumn;
                        sum += columns.Load((((output * cells) + cell) * window.Channels) + c, left);
                    }
                }
            }

            images.Store(origin + (u * window.Channels) + c, left, sum);
        }
    }
}
