using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels;

/// <summary>A factor of a matrix product, as its columns and rows along the depth: line n is row n of A or column n of B.</summary>
/// <remarks>Number k of line n of item i of the batch lies at i·batchStride + n·stride + k·depthStride.</remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <param name="numbers">The numbers.</param>
/// <param name="stride">The distance between lines.</param>
/// <param name="depthStride">The distance between the numbers of a line.</param>
/// <param name="batchStride">The distance between the items of the batch.</param>
/// <param name="lines">The lines, ≥ 1.</param>
public readonly struct ProductFactor<B>(B numbers, int stride, int depthStride, int batchStride, int lines)
    where B : struct
{
    internal readonly B Numbers = numbers;
    internal readonly int Stride = stride;
    internal readonly int DepthStride = depthStride;
    internal readonly int BatchStride = batchStride;
    internal readonly int Lines = lines;
}

/// <summary>The way of a tile's lines of a factor to shared memory: four numbers a thread for each <see cref="Depth"/> of depth.</summary>
/// <remarks>
/// <para>
/// Neighbouring threads load neighbours in memory: eight threads a line where the numbers of a line lie side by side, else a thread a
/// line. Lines past the last are loaded as the last: what comes of them is not stored.
/// </para>
/// <para>
/// In shared memory, numbers of the same depth lie together, a row of <see cref="Pitch"/>. The four of quad q are those of the
/// lines 32·(q / 8) + q % 8 + {0, 8, 16, 24}: threads that are neighbours and take neighbouring quads then also store neighbouring numbers
/// of C. The pitch is the size of the tile plus four numbers, so that the eight threads of a line, and the lines beside it, store
/// to different banks. All sizes are powers of two, and the places of threads come from shifts and masks: some compilers for GPUs really
/// divide where they are told to.
/// </para>
/// </remarks>
/// <typeparam name="B">The buffer.</typeparam>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="S">The tile.</typeparam>
internal readonly struct ProductFactorTile<B, V, S>
    where B : struct, IBuffer<V>
    where V : unmanaged, ILane<V>
    where S : struct, IProductTile
{
    /// <summary>The numbers of a line in shared memory.</summary>
    public const int Depth = 8;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly B numbers;
    private readonly int depthStride;
    private readonly int depth;
    private readonly int depthStep;
    private readonly int index0;
    private readonly int index1;
    private readonly int index2;
    private readonly int index3;
    private readonly int target;
    private readonly int targetStep;

    /// <summary>Places a thread.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="first">The tile's first line.</param>
    /// <param name="rank">The thread.</param>
    [MethodImpl(Inline)]
    public ProductFactorTile(ProductFactor<B> factor, int item, int first, int rank)
    {
        bool isAlongDepth = factor.DepthStride == 1;
        int line = rank & (S.Size - 1);
        int place = isAlongDepth ? rank >> 3 : (line & ~31) + ((line & 7) << 2) + ((line >> 3) & 3);
        int placeStep = isAlongDepth ? S.Size / 4 : 0;
        numbers = factor.Numbers;
        depthStride = factor.DepthStride;
        depth = isAlongDepth ? rank & 7 : rank / S.Size;
        depthStep = isAlongDepth ? 0 : 2;
        int start = (item * factor.BatchStride) + (depth * depthStride);
        int step = depthStep * depthStride;
        index0 = start + (Line(factor, first, place) * factor.Stride);
        index1 = start + (Line(factor, first, place + placeStep) * factor.Stride) + step;
        index2 = start + (Line(factor, first, place + (2 * placeStep)) * factor.Stride) + (2 * step);
        index3 = start + (Line(factor, first, place + (3 * placeStep)) * factor.Stride) + (3 * step);
        target = (depth * Pitch) + place;
        targetStep = (depthStep * Pitch) + placeStep;
    }

    /// <summary>The distance in shared memory between the numbers of a line.</summary>
    public static int Pitch => S.Size + 4;

    /// <summary>The line whose numbers lie first in a quad; the others follow at a distance of 8.</summary>
    /// <param name="quad">The quad.</param>
    [MethodImpl(Inline)]
    public static int FirstLine(int quad) => ((quad >> 3) << 5) + (quad & 7);

    /// <summary>Loads this thread's numbers of the depths from <paramref name="start"/> on; zeros from <paramref name="end"/> on.</summary>
    /// <param name="start">The first depth.</param>
    /// <param name="end">The depth at which to stop.</param>
    [MethodImpl(Inline)]
    public Quad<V> Load(int start, int end)
    {
        int offset = start * depthStride;
        if (start + Depth <= end)
        {
            return new Quad<V>(
                numbers.Broadcast(index0 + offset), numbers.Broadcast(index1 + offset),
                numbers.Broadcast(index2 + offset), numbers.Broadcast(index3 + offset));
        }

        int left = end - start - depth;
        return new Quad<V>(
            left > 0 ? numbers.Broadcast(index0 + offset) : V.Constant(0),
            left > depthStep ? numbers.Broadcast(index1 + offset) : V.Constant(0),
            left > 2 * depthStep ? numbers.Broadcast(index2 + offset) : V.Constant(0),
            left > 3 * depthStep ? numbers.Broadcast(index3 + offset) : V.Constant(0));
    }

    /// <summary>Stores this thread's numbers in shared memory.</summary>
    /// <typeparam name="T">The team.</typeparam>
    /// <param name="team">The team.</param>
    /// <param name="start">Where the tile of the factor begins there.</param>
    /// <param name="loaded">The numbers, as loaded.</param>
    [MethodImpl(Inline)]
    public void Store<T>(T team, int start, Quad<V> loaded)
        where T : struct, ITileTeam<V>
    {
        team.StoreShared(start + target, loaded.First);
        team.StoreShared(start + target + targetStep, loaded.Second);
        team.StoreShared(start + target + (2 * targetStep), loaded.Third);
        team.StoreShared(start + target + (3 * targetStep), loaded.Fourth);
    }

    // The line at a place of a row of shared memory.
    [MethodImpl(Inline)]
    private static int Line(ProductFactor<B> factor, int first, int place)
    {
        int line = first + FirstLine(place >> 2) + ((place & 3) << 3);
        return line < factor.Lines ? line : factor.Lines - 1;
    }
}
