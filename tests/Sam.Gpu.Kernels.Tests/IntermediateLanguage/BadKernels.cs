using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

#pragma warning disable CA1822, CA1859, IDE0051, CS0649 // Each makes its mistake as someone might who knows C# and not GPUs.

/// <summary>Kernels that make one mistake each.</summary>
internal static class BadKernels
{
    private static int counter;

    public readonly struct MakesObject(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(new List<int>(index).Capacity, count, default);
    }

    public readonly struct MakesArray(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            var numbers = new Float1[2];
            numbers[index & 1] = Float1.Integer(index);
            y.Store(index, count, numbers[0]);
        }
    }

    public readonly struct Boxes(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            IComparable<int> boxed = index;
            y.Store(boxed.CompareTo(count), count, default);
        }
    }

    public readonly struct Throws(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            y.Store(count > 0 ? index : throw new InvalidOperationException(), count, default);
        }
    }

    public readonly struct Catches(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            try
            {
                y.Store(index / count, count, default);
            }
            catch (DivideByZeroException)
            {
                y.Store(index, count, default);
            }
        }
    }

    public readonly struct ReadsStatic(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index + counter, count, default);
    }

    public readonly struct WritesStatic(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            counter = index;
            y.Store(index, count, default);
        }
    }

    public readonly struct UsesString(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, "text"[index], default);
    }

    public readonly struct TakesFunction(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count)
        {
            Func<int, int> next = i => i + 1;
            y.Store(next(index), count, default);
        }
    }

    public readonly unsafe struct CallsPointer(DeviceBuffer<Float1> y, delegate*<int, int> next) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(next(index), count, default);
    }

    public readonly struct AllocatesOnStack(DeviceBuffer<Float1> y) : IElementKernel
    {
        public unsafe void Run(int index, int count)
        {
            int* numbers = stackalloc int[4];
            numbers[index & 3] = count;
            y.Store(index, numbers[0], default);
        }
    }

    public readonly struct CallsLibrary(DeviceBuffer<Float1> x, DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(index, count, new Float1(MathF.Tanh(x.Load(index, count).Value)));
    }

    public readonly struct Recurses(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(Even(index) ? index : 0, count, default);

        private static bool Even(int i) => i == 0 || Odd(i - 1);

        private static bool Odd(int i) => i != 0 && Even(i - 1);
    }

    public readonly struct ChecksArithmetic(DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(checked(index * 2), count, default);
    }

    public readonly struct HoldsReference(DeviceBuffer<Float1> y, int[] table) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(table[index], count, default);
    }

    public readonly struct HoldsBool(DeviceBuffer<Float1> y, bool accumulate) : IElementKernel
    {
        public void Run(int index, int count) => y.Store(accumulate ? index : 0, count, default);
    }

    public readonly struct HoldsBoolInside(DeviceBuffer<Float1> y, HoldsBool inside) : IElementKernel
    {
        public void Run(int index, int count)
        {
            inside.Run(index, count);
            y.Store(index, count, default);
        }
    }

    public readonly struct HoldsDouble<B, V>(B y, double factor) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count) => y.Store(index, count, V.Constant(factor));
    }

    public readonly struct AddsDoubles<B, V>(B y) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count) => y.Store(index, count, Sum(0.1, 0.2));

        private static V Sum(double a, double b) => V.Constant(a + b);
    }

    public readonly struct ConvertsIndex<B, V>(B y) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count) => y.Store(index, count, V.Constant(index));
    }

    public readonly struct ChoosesLiteral<B, V>(B y, int sign) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count) => y.Store(index, count, V.Constant(sign > 0 ? 0.5 : -0.5));
    }

    public readonly struct KeepsLiteral<B, V>(B y, int sign) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count)
        {
            double factor = 0.5;
            for (int i = 0; i < sign; i++)
            {
                y.Store(index, count, V.Constant(factor));
                factor = -0.5;
            }
        }
    }

    /// <summary>Its mistake lies in the activation function that it is given.</summary>
    public readonly struct HasBadActivation(DeviceBuffer<Float1> x, DeviceBuffer<Float1> y) : IElementKernel
    {
        public void Run(int index, int count) =>
            new ActivationForward<DeviceBuffer<Float1>, Float1, BadActivation>(x, y).Run(index, count);
    }

    public readonly struct BadActivation : IActivation
    {
        public static bool UsesInput => true;

        public static bool UsesOutput => false;

        public static bool HasCheapDerivatives => true;

        public static V Value<V>(V z)
            where V : unmanaged, ILane<V> => counter == 0 ? z : V.Constant(0);

        public static V Slope<V>(V z, V a)
            where V : unmanaged, ILane<V> => z;

        public static V Curvature<V>(V z, V a)
            where V : unmanaged, ILane<V> => z;
    }
}
