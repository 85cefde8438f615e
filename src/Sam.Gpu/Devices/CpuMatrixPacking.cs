using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>Copies parts of a matrix into the order in which <see cref="CpuMatrixTile{V}"/> reads them.</summary>
/// <remarks>A packed panel is one stored vector after the other, each of <c>width</c> numbers, one for each step along the depth.</remarks>
internal static unsafe class CpuMatrixPacking<V>
    where V : unmanaged, IHostLane<V>
{
    /// <summary>How many bytes beyond the end of a panel <see cref="Pack(byte*, nint, nint, int, int, byte*, int)"/> may write.</summary>
    public const int Slack = 32;

    /// <summary>Packs a panel.</summary>
    /// <remarks>
    /// What lies beyond <paramref name="used"/> counts in no sum, but it is multiplied: it is cleared, since subnormal numbers that happened
    /// to lie there would take a hundred times as long. Up to <see cref="Slack"/> bytes after the panel may be overwritten.
    /// </remarks>
    /// <param name="source">The first number.</param>
    /// <param name="along">The distance in numbers between neighbours in a packed vector.</param>
    /// <param name="depthStride">The distance in numbers along the depth.</param>
    /// <param name="used">The numbers of each vector, ≤ <paramref name="width"/>.</param>
    /// <param name="depth">The number of vectors.</param>
    /// <param name="target">Where the panel goes.</param>
    /// <param name="width">The numbers from one packed vector to the next.</param>
    public static void Pack(byte* source, nint along, nint depthStride, int used, int depth, byte* target, int width)
    {
        if (used < width)
        {
            NativeMemory.Clear(target, (nuint)width * (nuint)depth * (nuint)V.ElementSize);
        }

        if (V.ElementSize == 4)
        {
            Pack((float*)source, along, depthStride, used, depth, (float*)target, width);
        }
        else
        {
            Pack((double*)source, along, depthStride, used, depth, (double*)target, width);
        }
    }

    private static void Pack<T>(T* source, nint along, nint depthStride, int used, int depth, T* target, int width)
        where T : unmanaged
    {
        if (along == 1)
        {
            Copy(source, depthStride, used, depth, target, width);
            return;
        }

        int place = 0;
        if (depthStride == 1 && Avx.IsSupported)
        {
            int side = Vector256<T>.Count;
            for (; place + side <= used; place += side)
            {
                T* from = source + (place * along);
                T* to = target + place;
                int k = 0;
                for (; k + side <= depth; k += side)
                {
                    Transpose(from + k, along, to + ((nint)k * width), width);
                }

                CopySingly(from + k, along, 1, side, depth - k, to + ((nint)k * width), width);
            }
        }

        CopySingly(source + (place * along), along, depthStride, used - place, depth, target + place, width);
    }

    private static void Copy<T>(T* source, nint depthStride, int used, int depth, T* target, int width)
        where T : unmanaged
    {
        // Whole vectors only. The last one may reach over what is used, into what the next vector or panel overwrites; but it must not
        // read beyond the matrix, so the last steps of the depth go number by number.
        int side = Vector256<T>.Count;
        int reach = (used + side - 1) / side * side;
        int whole = (int)Math.Max(0, depth - ((reach - used + depthStride - 1) / depthStride));
        CopyVectors(source, depthStride, reach, whole, target, width);
        CopySingly(source + (whole * depthStride), 1, depthStride, used, depth - whole, target + ((nint)whole * width), width);
    }

    private static void CopyVectors<T>(T* source, nint depthStride, int count, int depth, T* target, int width)
        where T : unmanaged
    {
        for (int k = 0; k < depth; k++)
        {
            for (int place = 0; place < count; place += Vector256<T>.Count)
            {
                Vector256.Store(Vector256.Load(source + place), target + place);
            }

            source += depthStride;
            target += width;
        }
    }

    private static void CopySingly<T>(T* source, nint along, nint depthStride, int used, int depth, T* target, int width)
        where T : unmanaged
    {
        if (used <= 0)
        {
            return;
        }

        for (int k = 0; k < depth; k++)
        {
            for (int place = 0; place < used; place++)
            {
                target[place] = source[place * along];
            }

            source += depthStride;
            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose<T>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Transpose8((float*)source, sourceStride, (float*)target, targetStride);
        }
        else
        {
            Transpose4((double*)source, sourceStride, (double*)target, targetStride);
        }
    }

    // Halves of rows i and i + 4 are joined as they are loaded, so that the rest happens within 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, nint stride, float* target, nint targetStride)
    {
        TransposeHalf(source, stride, target, targetStride);
        TransposeHalf(source + 4, stride, target + (4 * targetStride), targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeHalf(float* source, nint stride, float* target, nint targetStride)
    {
        float* lower = source + (4 * stride);
        Vector256<float> row0 = Vector256.Create(Vector128.Load(source), Vector128.Load(lower));
        Vector256<float> row1 = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(lower + stride));
        Vector256<float> row2 = Vector256.Create(Vector128.Load(source + (2 * stride)), Vector128.Load(lower + (2 * stride)));
        Vector256<float> row3 = Vector256.Create(Vector128.Load(source + (3 * stride)), Vector128.Load(lower + (3 * stride)));
        Vector256<double> low01 = Avx.UnpackLow(row0, row1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(row2, row3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(target);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(target + targetStride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(target + (2 * targetStride));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(double* source, nint stride, double* target, nint targetStride)
    {
        double* lower = source + (2 * stride);
        Vector256<double> row02 = Vector256.Create(Vector128.Load(source), Vector128.Load(lower));
        Vector256<double> row13 = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(lower + stride));
        Vector256<double> next02 = Vector256.Create(Vector128.Load(source + 2), Vector128.Load(lower + 2));
        Vector256<double> next13 = Vector256.Create(Vector128.Load(source + stride + 2), Vector128.Load(lower + stride + 2));
        Avx.UnpackLow(row02, row13).Store(target);
        Avx.UnpackHigh(row02, row13).Store(target + targetStride);
        Avx.UnpackLow(next02, next13).Store(target + (2 * targetStride));
        Avx.UnpackHigh(next02, next13).Store(target + (3 * targetStride));
    }
}
