using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Tests.Lanes;

/// <summary>Moves numbers between arrays of double and any lane. A binary32 number is exact in a double.</summary>
internal static unsafe class LaneBuffer<V>
    where V : unmanaged, IHostLane<V>
{
    /// <summary>The number as the lane holds it.</summary>
    public static double Rounded(double value) => V.IsDouble ? value : (double)(float)value;

    /// <summary>A lane of the numbers from the offset on; the last one fills up positions beyond the end.</summary>
    public static V Load(double[] values, int offset)
    {
        var memory = stackalloc byte[V.Width * V.ElementSize];
        for (var n = 0; n < V.Width; n++)
        {
            var value = values[Math.Min(offset + n, values.Length - 1)];
            if (V.IsDouble)
            {
                ((double*)memory)[n] = value;
            }
            else
            {
                ((float*)memory)[n] = (float)value;
            }
        }

        return V.Load(memory);
    }

    /// <summary>The numbers of a lane.</summary>
    public static double[] Store(V lane)
    {
        var memory = stackalloc byte[V.Width * V.ElementSize];
        V.Store(memory, lane);
        var values = new double[V.Width];
        for (var n = 0; n < V.Width; n++)
        {
            values[n] = V.IsDouble ? ((double*)memory)[n] : ((float*)memory)[n];
        }

        return values;
    }

    /// <summary>An operation on up to three arrays, position by position.</summary>
    public static double[] Map(Func<V, V, V, V> operation, double[] a, double[] b, double[] c)
    {
        var result = new List<double>();
        for (var offset = 0; offset < a.Length; offset += V.Width)
        {
            result.AddRange(Store(operation(Load(a, offset), Load(b, offset), Load(c, offset))));
        }

        return [.. result.Take(a.Length)];
    }
}
