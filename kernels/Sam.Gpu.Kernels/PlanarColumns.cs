using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>What the window sees of images that lie channels first, a row for each place of the window: <see cref="ImageColumns{B, V}"/>, transposed.</summary>
/// <remarks>
/// Images are [images, C, H, W]. Row (channel, window row, window column) of the result, [C·window rows·window columns, images·outputs], holds
/// what that place of the window shows at each output, zeros where it is padding: with stride 1 a plane of the image, shifted. Rows behind
/// those are ones. One row of the launch is a row of the result at the outputs of one image.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct PlanarColumns<B, V>(B images, B columns, ImageWindow window, int count) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B images = images;
    private readonly B columns = columns;
    private readonly ImageWindow window = window;
    private readonly int count = count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int place = row / count;
        int image = row - (place * count);
        int cells = window.WindowHeight * window.WindowWidth;
        int channel = place / cells;
        int cell = place - (channel * cells);
        int cellRow = cell / window.WindowWidth;
        int top = cellRow - window.Top;
        int firstColumn = cell - (cellRow * window.WindowWidth) - window.Left;
        int plane = window.Height * window.Width;
        int origin = ((image * window.Channels) + channel) * plane;
        int length = count * window.Channels * plane;
        int target = row * window.OutputHeight * window.OutputWidth;
        int lanes = (window.OutputWidth + V.Width - 1) / V.Width;
        for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.OutputHeight; at = at.Next())
        {
            int y = at.Pixel;
            int x = at.Lane * V.Width;
            int left = window.OutputWidth - x;
            int width = left < V.Width ? left : V.Width;
            int v = (y * window.Stride) + top;
            int u = (x * window.Stride) + firstColumn;
            int source = origin + (v * window.Width) + u;
            int start = target + (y * window.OutputWidth) + x;
            bool isRow = v >= 0 && v < window.Height && channel < window.Channels;
            if (!isRow || u >= window.Width || u + ((width - 1) * window.Stride) < 0)
            {
                columns.Store(start, left, channel < window.Channels ? V.Constant(0) : V.Constant(1));
            }
            else if (window.Stride == 1 && u >= 0 && u + width <= window.Width)
            {
                columns.Store(start, left, images.Load(source, width));
            }
            else if (window.Stride == 1 && source >= 0 && source + V.Width <= length)
            {
                // The neighbours that the lane reaches over to are another row's.
                V column = V.Integer(u) + V.Index;
                V numbers = images.Load(source, V.Width);
                numbers = V.WhereLess(column, V.Constant(0), V.Constant(0), numbers);
                columns.Store(start, left, V.WhereLess(column, V.Integer(window.Width), numbers, V.Constant(0)));
            }
            else
            {
                for (int i = 0; i < width; i++)
                {
                    int column = u + (i * window.Stride);
                    bool isInside = column >= 0 && column < window.Width;
                    columns.StoreFirst(start + i, isInside ? images.Broadcast(source + (i * window.Stride)) : V.Constant(0));
                }
            }
        }
    }
}
