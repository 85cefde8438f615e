using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels;

/// <summary>Which lane of which pixel a thread works on, in a row of pixels of some lanes each: neighbouring threads take neighbouring lanes.</summary>
/// <remarks>A thread goes from one to its next without a division. A row may as well be of anything else that has some lanes.</remarks>
internal readonly struct PixelLane
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The pixel.</summary>
    public readonly int Pixel;

    /// <summary>The lane, below the lanes of a pixel.</summary>
    public readonly int Lane;

    private readonly int lanes;
    private readonly int pixelStep;
    private readonly int laneStep;

    /// <summary>The first one of a thread.</summary>
    /// <param name="rank">The thread.</param>
    /// <param name="size">The threads that share the row.</param>
    /// <param name="lanes">The lanes of a pixel, ≥ 1.</param>
    [MethodImpl(Inline)]
    public PixelLane(int rank, int size, int lanes)
    {
        this.lanes = lanes;
        pixelStep = size / lanes;
        laneStep = size - (pixelStep * lanes);
        Pixel = rank / lanes;
        Lane = rank - (Pixel * lanes);
    }

    [MethodImpl(Inline)]
    private PixelLane(int pixel, int lane, PixelLane last)
    {
        lanes = last.lanes;
        pixelStep = last.pixelStep;
        laneStep = last.laneStep;
        Pixel = pixel;
        Lane = lane;
    }

    /// <summary>The next one of the same thread.</summary>
    [MethodImpl(Inline)]
    public PixelLane Next()
    {
        int pixel = Pixel + pixelStep;
        int lane = Lane + laneStep;
        return lane >= lanes ? new PixelLane(pixel + 1, lane - lanes, this) : new PixelLane(pixel, lane, this);
    }
}
