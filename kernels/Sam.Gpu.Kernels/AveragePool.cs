using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>The mean of what the window sees, channel by channel; padding counts as zeros, as in PyTorch's AvgPool2d.</summary>
/// <remarks>
/// Images are [images, H, W, C], outputs [images, output rows, output columns, C]; the share is 1 / the cells of the window. Linear, so
/// values and tangents go alike. One row of the launch is a row of outputs.
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AveragePool<B, V>(B images, B outputs, ImageWindow window, V share) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B images = images;
    private readonly B outputs = outputs;
    private readonly ImageWindow window = window;
    private readonly V share = share;

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
            V sum = V.Constant(0);
            for (int v = top < 0 ? 0 : top; v < top + window.WindowHeight && v < window.Height; v++)
            {
                for (int u = first < 0 ? 0 : first; u < first + window.WindowWidth && u < window.Width; u++)
                {
                    sum += images.Load(origin + (((v * window.Width) + u) * window.Channels) + c, left);
                }
            }

            outputs.Store((((row * window.OutputWidth) + x) * window.Channels) + c, left, share * sum);
        }
    }
}

/// <summary>The transposed of <see cref="AveragePool{B, V}"/>: each pixel gets its share of the gradients of all windows that see it.</summary>
/// <remarks>Gradients are [images, output rows, output columns, C], the result [images, H, W, C]. One row of the launch is a row of pixels.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct AveragePoolGradient<B, V>(B gradients, B result, ImageWindow window, V share) : IRowKernel<V>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly B gradients = gradients;
    private readonly B result = result;
    private readonly ImageWindow window = window;
    private readonly V share = share;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<T>(T team, int row)
        where T : struct, ITeam<V>
    {
        int image = row / window.Height;
        int v = row - (image * window.Height);
        int lastRow = window.LastRowSeeing(v);
        int firstCellRow = v + window.Top - (lastRow * window.Stride);
        int lanes = (window.Channels + V.Width - 1) / V.Width;
        if (!window.Overlaps)
        {
            // Each window is looked at once for a row of its pixels.
            bool isRow = lastRow >= 0 && firstCellRow < window.WindowHeight;
            int outputs = ((image * window.OutputHeight) + lastRow) * window.OutputWidth;
            for (var at = new PixelLane(team.Rank, team.Size, lanes); at.Pixel < window.ColumnStrides; at = at.Next())
            {
                int x = at.Pixel;
                int c = at.Lane * V.Width;
                int left = window.Channels - c;
                bool isSeen = isRow && x < window.OutputWidth;
                V number = isSeen ? share * gradients.Load(((outputs + x) * window.Channels) + c, left) : V.Constant(0);
                for (int cell = 0; cell < window.Stride; cell++)
                {
                    int u = (x * window.Stride) - window.Left + cell;
                    if (u >= 0 && u < window.Width)
                    {
                        result.Store((((row * window.Width) + u) * window.Channels) + c, left, cell < window.WindowWidth ? number : V.Constant(0));
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
                    int output = (((image * window.OutputHeight) + y) * window.OutputWidth) + x;
                    sum += gradients.Load((output * window.Channels) + c, left);
                }
            }

            result.Store((((row * window.Width) + u) * window.Channels) + c, left, share * sum);
        }
    }
}
