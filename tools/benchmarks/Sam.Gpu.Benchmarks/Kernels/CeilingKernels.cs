using System.Runtime.CompilerServices;
using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>Copies a vector: the ceiling of all that goes over memory.</summary>
internal readonly struct CopyOperation(DeviceSpan x, DeviceSpan y) : IOperation
{
    public void Run<V, B>(KernelDevice<V, B> device)
        where V : unmanaged, ILane<V>
        where B : struct, IBuffer<V> =>
        device.LaunchElements(new Copy<B, V>(device.Buffer(x), device.Buffer(y)), x.Length);

    private readonly struct Copy<B, V>(B x, B y) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        private readonly B x = x;
        private readonly B y = y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(int index, int count) => y.Store(index, count, x.Load(index, count));
    }
}

/// <summary>Fused multiply-adds in registers, twelve independent chains: the ceiling of all arithmetic.</summary>
internal readonly struct PeakOperation(DeviceSpan result) : IOperation
{
    /// <summary>The operations for each number of the result.</summary>
    public const int Operations = 2 * 12 * Steps;

    private const int Steps = 256;

    public void Run<V, B>(KernelDevice<V, B> device)
        where V : unmanaged, ILane<V>
        where B : struct, IBuffer<V> =>
        device.LaunchElements(new Chains<B, V>(device.Buffer(result)), result.Length);

    private readonly struct Chains<B, V>(B result) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        private readonly B result = result;

        // Only named locals stay in registers.
        public void Run(int index, int count)
        {
            V factor = V.Constant(0.5);
            V term = V.Constant(1);
            V s0 = term, s1 = term, s2 = term, s3 = term, s4 = term, s5 = term;
            V s6 = term, s7 = term, s8 = term, s9 = term, s10 = term, s11 = term;
            for (int step = 0; step < Steps; step++)
            {
                s0 = V.FusedMultiplyAdd(s0, factor, term);
                s1 = V.FusedMultiplyAdd(s1, factor, term);
                s2 = V.FusedMultiplyAdd(s2, factor, term);
                s3 = V.FusedMultiplyAdd(s3, factor, term);
                s4 = V.FusedMultiplyAdd(s4, factor, term);
                s5 = V.FusedMultiplyAdd(s5, factor, term);
                s6 = V.FusedMultiplyAdd(s6, factor, term);
                s7 = V.FusedMultiplyAdd(s7, factor, term);
                s8 = V.FusedMultiplyAdd(s8, factor, term);
                s9 = V.FusedMultiplyAdd(s9, factor, term);
                s10 = V.FusedMultiplyAdd(s10, factor, term);
                s11 = V.FusedMultiplyAdd(s11, factor, term);
            }

            result.Store(index, count, s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
        }
    }
}
