using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>A number that the JIT knows when it compiles, so that what depends on it costs nothing at run time.</summary>
internal interface IKnownCount
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <summary>The innermost part of a matrix product: a few rows by one or two lanes of C, whose sums stay in registers throughout.</summary>
/// <remarks>
/// <para>
/// Each step along the depth loads one or two lanes of B and broadcasts one number of A a row. Six rows by two lanes are 12 sums, 2 lanes
/// of B and a number of A: 15 of the 16 vector registers of AVX2, and enough independent sums to hide the latency of the multiply-add
/// twice over. AVX-512 has 32 registers: 12 rows by two lanes.
/// </para>
/// <para>
/// A is read by two strides, so that it may be row-major, column-major or packed at no cost: rows r, r + 1 and r + 2 are one base address
/// plus zero, one and two times the stride, which the load instruction adds by itself.
/// </para>
/// </remarks>
internal static unsafe class CpuMatrixTile<V>
    where V : unmanaged, IHostLane<V>
{
    /// <summary>The most rows of a tile.</summary>
    public static int MaximumRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Width * V.ElementSize == 64 ? 12 : 6;
    }

    /// <summary>The most rows of a wide tile, one of four lanes.</summary>
    public const int MaximumWideRows = 3;

    /// <summary>The size of a lane in bytes.</summary>
    private static int LaneSize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Width * V.ElementSize;
    }

    /// <summary>Writes the products of a tile, with something added to them where there is something to add: what C holds, or a bias.</summary>
    /// <param name="rows">The rows: 1 to <see cref="MaximumRows"/>, or to <see cref="MaximumWideRows"/> for four lanes.</param>
    /// <param name="lanes">The lanes side by side: 1, 2 or 4.</param>
    /// <param name="a">The first number of A, and the distances in bytes between its rows and along the depth.</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aDepth">See <paramref name="a"/>.</param>
    /// <param name="b">The first lane of B, and the distance in bytes along the depth.</param>
    /// <param name="bDepth">See <paramref name="b"/>.</param>
    /// <param name="ahead">How far ahead in bytes B is fetched into the first-level cache; not by tiles of four lanes.</param>
    /// <param name="depth">The number of terms, ≥ 1.</param>
    /// <param name="c">The first number of C, and the distance in bytes between its rows.</param>
    /// <param name="cRow">See <paramref name="c"/>.</param>
    /// <param name="from">The first number of what is added, and the distance in bytes between its rows; null and 0 for nothing.</param>
    /// <param name="fromRow">See <paramref name="from"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(
        int rows, int lanes, byte* a, nint aRow, nint aDepth, byte* b, nint bDepth, nint ahead, nint depth,
        byte* c, nint cRow, byte* from, nint fromRow)
    {
        if (lanes == 2)
        {
            RunRows<Two>(rows, a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
        }
        else if (lanes == 1)
        {
            RunRows<One>(rows, a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
        }
        else
        {
            RunWide(rows, a, aRow, aDepth, b, bDepth, depth, c, cRow, from, fromRow);
        }
    }

    private static void RunRows<L>(
        int rows, byte* a, nint aRow, nint aDepth, byte* b, nint bDepth, nint ahead, nint depth, byte* c, nint cRow, byte* from, nint fromRow)
        where L : struct, IKnownCount
    {
        switch (rows)
        {
            case 1:
                Tile<One, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 2:
                Tile<Two, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 3:
                Tile<Three, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 4:
                Tile<Four, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 5:
                Tile<Five, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 6:
                Tile<Six, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 7:
                Tile<Seven, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 8:
                Tile<Eight, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 9:
                Tile<Nine, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 10:
                Tile<Ten, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            case 11:
                Tile<Eleven, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
            default:
                Tile<Twelve, L>(a, aRow, aDepth, b, bDepth, ahead, depth, c, cRow, from, fromRow);
                break;
        }
    }

    private static void RunWide(
        int rows, byte* a, nint aRow, nint aDepth, byte* b, nint bDepth, nint depth, byte* c, nint cRow, byte* from, nint fromRow)
    {
        switch (rows)
        {
            case 1:
                WideTile<One>(a, aRow, aDepth, b, bDepth, depth, c, cRow, from, fromRow);
                break;
            case 2:
                WideTile<Two>(a, aRow, aDepth, b, bDepth, depth, c, cRow, from, fromRow);
                break;
            default:
                WideTile<Three>(a, aRow, aDepth, b, bDepth, depth, c, cRow, from, fromRow);
                break;
        }
    }

    // The rows are written out: only named locals stay in registers. What lies behind R.Value and L.Value is settled by the JIT.
    // The loops test at their top, and what depends on L.Value is an if, not a conditional expression: with either the other way the JIT
    // of .NET 10 keeps each sum twice, in memory as well, and the product takes three times as long.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile<R, L>(
        byte* a, nint aRow, nint aDepth, byte* b, nint bDepth, nint ahead, nint depth, byte* c, nint cRow, byte* from, nint fromRow)
        where R : struct, IKnownCount
        where L : struct, IKnownCount
    {
        V sum0Left = V.Constant(0), sum0Right = V.Constant(0);
        V sum1Left = V.Constant(0), sum1Right = V.Constant(0);
        V sum2Left = V.Constant(0), sum2Right = V.Constant(0);
        V sum3Left = V.Constant(0), sum3Right = V.Constant(0);
        V sum4Left = V.Constant(0), sum4Right = V.Constant(0);
        V sum5Left = V.Constant(0), sum5Right = V.Constant(0);
        V sum6Left = V.Constant(0), sum6Right = V.Constant(0);
        V sum7Left = V.Constant(0), sum7Right = V.Constant(0);
        V sum8Left = V.Constant(0), sum8Right = V.Constant(0);
        V sum9Left = V.Constant(0), sum9Right = V.Constant(0);
        V sum10Left = V.Constant(0), sum10Right = V.Constant(0);
        V sum11Left = V.Constant(0), sum11Right = V.Constant(0);
        Prefetch<R, L>(c, cRow);
        byte* a3 = a + (3 * aRow);
        byte* a6 = a3 + (3 * aRow);
        byte* a9 = a6 + (3 * aRow);
        for (; depth != 0; depth--)
        {
            V left = V.Load(b);
            V right = L.Value > 1 ? V.Load(b + LaneSize) : left;
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(b + ahead);
                if (L.Value * LaneSize > 64)
                {
                    Sse.Prefetch0(b + ahead + 64);
                }
            }

            b += bDepth;
            V factor = V.Broadcast(a);
            sum0Left = V.FusedMultiplyAdd(factor, left, sum0Left);
            if (L.Value > 1)
            {
                sum0Right = V.FusedMultiplyAdd(factor, right, sum0Right);
            }

            if (R.Value > 1)
            {
                factor = V.Broadcast(a + aRow);
                sum1Left = V.FusedMultiplyAdd(factor, left, sum1Left);
                if (L.Value > 1)
                {
                    sum1Right = V.FusedMultiplyAdd(factor, right, sum1Right);
                }
            }

            if (R.Value > 2)
            {
                factor = V.Broadcast(a + (2 * aRow));
                sum2Left = V.FusedMultiplyAdd(factor, left, sum2Left);
                if (L.Value > 1)
                {
                    sum2Right = V.FusedMultiplyAdd(factor, right, sum2Right);
                }
            }

            if (R.Value > 3)
            {
                factor = V.Broadcast(a3);
                sum3Left = V.FusedMultiplyAdd(factor, left, sum3Left);
                if (L.Value > 1)
                {
                    sum3Right = V.FusedMultiplyAdd(factor, right, sum3Right);
                }
            }

            if (R.Value > 4)
            {
                factor = V.Broadcast(a3 + aRow);
                sum4Left = V.FusedMultiplyAdd(factor, left, sum4Left);
                if (L.Value > 1)
                {
                    sum4Right = V.FusedMultiplyAdd(factor, right, sum4Right);
                }
            }

            if (R.Value > 5)
            {
                factor = V.Broadcast(a3 + (2 * aRow));
                sum5Left = V.FusedMultiplyAdd(factor, left, sum5Left);
                if (L.Value > 1)
                {
                    sum5Right = V.FusedMultiplyAdd(factor, right, sum5Right);
                }
            }

            if (R.Value > 6)
            {
                factor = V.Broadcast(a6);
                sum6Left = V.FusedMultiplyAdd(factor, left, sum6Left);
                if (L.Value > 1)
                {
                    sum6Right = V.FusedMultiplyAdd(factor, right, sum6Right);
                }
            }

            if (R.Value > 7)
            {
                factor = V.Broadcast(a6 + aRow);
                sum7Left = V.FusedMultiplyAdd(factor, left, sum7Left);
                if (L.Value > 1)
                {
                    sum7Right = V.FusedMultiplyAdd(factor, right, sum7Right);
                }
            }

            if (R.Value > 8)
            {
                factor = V.Broadcast(a6 + (2 * aRow));
                sum8Left = V.FusedMultiplyAdd(factor, left, sum8Left);
                if (L.Value > 1)
                {
                    sum8Right = V.FusedMultiplyAdd(factor, right, sum8Right);
                }
            }

            if (R.Value > 9)
            {
                factor = V.Broadcast(a9);
                sum9Left = V.FusedMultiplyAdd(factor, left, sum9Left);
                if (L.Value > 1)
                {
                    sum9Right = V.FusedMultiplyAdd(factor, right, sum9Right);
                }
            }

            if (R.Value > 10)
            {
                factor = V.Broadcast(a9 + aRow);
                sum10Left = V.FusedMultiplyAdd(factor, left, sum10Left);
                if (L.Value > 1)
                {
                    sum10Right = V.FusedMultiplyAdd(factor, right, sum10Right);
                }
            }

            if (R.Value > 11)
            {
                factor = V.Broadcast(a9 + (2 * aRow));
                sum11Left = V.FusedMultiplyAdd(factor, left, sum11Left);
                if (L.Value > 1)
                {
                    sum11Right = V.FusedMultiplyAdd(factor, right, sum11Right);
                }
            }

            a += aDepth;
            a3 += aDepth;
            a6 += aDepth;
            a9 += aDepth;
        }

        Finish<L>(c, from, sum0Left, sum0Right);

        if (R.Value > 1)
        {
            Finish<L>(c + (1 * cRow), from + (1 * fromRow), sum1Left, sum1Right);
        }

        if (R.Value > 2)
        {
            Finish<L>(c + (2 * cRow), from + (2 * fromRow), sum2Left, sum2Right);
        }

        if (R.Value > 3)
        {
            Finish<L>(c + (3 * cRow), from + (3 * fromRow), sum3Left, sum3Right);
        }

        if (R.Value > 4)
        {
            Finish<L>(c + (4 * cRow), from + (4 * fromRow), sum4Left, sum4Right);
        }

        if (R.Value > 5)
        {
            Finish<L>(c + (5 * cRow), from + (5 * fromRow), sum5Left, sum5Right);
        }

        if (R.Value > 6)
        {
            Finish<L>(c + (6 * cRow), from + (6 * fromRow), sum6Left, sum6Right);
        }

        if (R.Value > 7)
        {
            Finish<L>(c + (7 * cRow), from + (7 * fromRow), sum7Left, sum7Right);
        }

        if (R.Value > 8)
        {
            Finish<L>(c + (8 * cRow), from + (8 * fromRow), sum8Left, sum8Right);
        }

        if (R.Value > 9)
        {
            Finish<L>(c + (9 * cRow), from + (9 * fromRow), sum9Left, sum9Right);
        }

        if (R.Value > 10)
        {
            Finish<L>(c + (10 * cRow), from + (10 * fromRow), sum10Left, sum10Right);
        }

        if (R.Value > 11)
        {
            Finish<L>(c + (11 * cRow), from + (11 * fromRow), sum11Left, sum11Right);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WideTile<R>(
        byte* a, nint aRow, nint aDepth, byte* b, nint bDepth, nint depth, byte* c, nint cRow, byte* from, nint fromRow)
        where R : struct, IKnownCount
    {
        V sum00 = V.Constant(0), sum01 = V.Constant(0), sum02 = V.Constant(0), sum03 = V.Constant(0);
        V sum10 = V.Constant(0), sum11 = V.Constant(0), sum12 = V.Constant(0), sum13 = V.Constant(0);
        V sum20 = V.Constant(0), sum21 = V.Constant(0), sum22 = V.Constant(0), sum23 = V.Constant(0);
        for (; depth != 0; depth--)
        {
            V factor = V.Broadcast(a);
            sum00 = V.FusedMultiplyAdd(factor, V.Load(b), sum00);
            sum01 = V.FusedMultiplyAdd(factor, V.Load(b + LaneSize), sum01);
            sum02 = V.FusedMultiplyAdd(factor, V.Load(b + (2 * LaneSize)), sum02);
            sum03 = V.FusedMultiplyAdd(factor, V.Load(b + (3 * LaneSize)), sum03);

            if (R.Value > 1)
            {
                factor = V.Broadcast(a + aRow);
                sum10 = V.FusedMultiplyAdd(factor, V.Load(b), sum10);
                sum11 = V.FusedMultiplyAdd(factor, V.Load(b + LaneSize), sum11);
                sum12 = V.FusedMultiplyAdd(factor, V.Load(b + (2 * LaneSize)), sum12);
                sum13 = V.FusedMultiplyAdd(factor, V.Load(b + (3 * LaneSize)), sum13);
            }

            if (R.Value > 2)
            {
                factor = V.Broadcast(a + (2 * aRow));
                sum20 = V.FusedMultiplyAdd(factor, V.Load(b), sum20);
                sum21 = V.FusedMultiplyAdd(factor, V.Load(b + LaneSize), sum21);
                sum22 = V.FusedMultiplyAdd(factor, V.Load(b + (2 * LaneSize)), sum22);
                sum23 = V.FusedMultiplyAdd(factor, V.Load(b + (3 * LaneSize)), sum23);
            }

            a += aDepth;
            b += bDepth;
        }

        Finish<Two>(c, from, sum00, sum01);
        Finish<Two>(c + (2 * LaneSize), Right(from), sum02, sum03);
        if (R.Value > 1)
        {
            Finish<Two>(c + cRow, from + fromRow, sum10, sum11);
            Finish<Two>(c + cRow + (2 * LaneSize), Right(from + fromRow), sum12, sum13);
        }

        if (R.Value > 2)
        {
            Finish<Two>(c + (2 * cRow), from + (2 * fromRow), sum20, sum21);
            Finish<Two>(c + (2 * cRow) + (2 * LaneSize), Right(from + (2 * fromRow)), sum22, sum23);
        }
    }

    // What Finish reads or overwrites may be far away; it arrives while the sums are formed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<R, L>(byte* c, nint cRow)
        where R : struct, IKnownCount
        where L : struct, IKnownCount
    {
        if (Sse.IsSupported)
        {
            for (int row = 0; row < R.Value; row++)
            {
                Sse.Prefetch0(c);
                if (L.Value * LaneSize > 64)
                {
                    Sse.Prefetch0(c + 64);
                }

                c += cRow;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<L>(byte* c, byte* from, V left, V right)
        where L : struct, IKnownCount
    {
        V.Store(c, from != null ? V.Load(from) + left : left);
        if (L.Value > 1)
        {
            V.Store(c + LaneSize, from != null ? V.Load(from + LaneSize) + right : right);
        }
    }

    // The second half of a wide tile's row of what is added, where there is any.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Right(byte* from) => from == null ? null : from + (2 * LaneSize);

    private readonly struct One : IKnownCount
    {
        public static int Value => 1;
    }

    private readonly struct Two : IKnownCount
    {
        public static int Value => 2;
    }

    private readonly struct Three : IKnownCount
    {
        public static int Value => 3;
    }

    private readonly struct Four : IKnownCount
    {
        public static int Value => 4;
    }

    private readonly struct Five : IKnownCount
    {
        public static int Value => 5;
    }

    private readonly struct Six : IKnownCount
    {
        public static int Value => 6;
    }

    private readonly struct Seven : IKnownCount
    {
        public static int Value => 7;
    }

    private readonly struct Eight : IKnownCount
    {
        public static int Value => 8;
    }

    private readonly struct Nine : IKnownCount
    {
        public static int Value => 9;
    }

    private readonly struct Ten : IKnownCount
    {
        public static int Value => 10;
    }

    private readonly struct Eleven : IKnownCount
    {
        public static int Value => 11;
    }

    private readonly struct Twelve : IKnownCount
    {
        public static int Value => 12;
    }
}
