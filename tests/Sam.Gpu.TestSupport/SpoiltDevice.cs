using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Functions;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Operations;

namespace Sam.Gpu.TestSupport;

/// <summary>What a <see cref="SpoiltDevice"/> does wrong.</summary>
public enum Spoilage
{
    /// <summary>Its matrix products are too large by some ulp.</summary>
    BiasedProducts,

    /// <summary>Its quotients are off by an ulp and a half at most, which OpenCL allows.</summary>
    InexactQuotients,

    /// <summary>Its quotients are off by more than OpenCL allows.</summary>
    WrongQuotients,

    /// <summary>It takes subnormal numbers for zero, as OpenCL allows.</summary>
    NoSubnormals,

    /// <summary>It gives other sums each time.</summary>
    ChangingSums,
}

/// <summary>Makes devices of the CPU in float, one number at a time, that do one thing wrong.</summary>
public static class SpoiltDevice
{
    /// <summary>A spoilt device.</summary>
    /// <param name="spoilage">What it does wrong.</param>
    public static Device Create(Spoilage spoilage) => new Spoilt(spoilage);

    private sealed class Spoilt(Spoilage spoilage) : RelayDevice<Float1, HostBuffer<Float1>>(new CpuDevice<Float1>(1))
    {
        private Type? launched;
        private int downloads;

        public override void LaunchElements<K>(in K kernel, int length)
        {
            launched = typeof(K);
            base.LaunchElements(kernel, length);
        }

        public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
        {
            launched = typeof(K);
            base.LaunchRows(kernel, rows, rowLength);
        }

        public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination)
        {
            double[] numbers = source.ToArray();
            base.Upload(spoilage == Spoilage.NoSubnormals ? Array.ConvertAll(numbers, Flush) : numbers, destination);
        }

        public override void Download(DeviceSpan source, Span<double> destination)
        {
            base.Download(source, destination);
            bool isQuotient = launched == typeof(ApplyFunction<HostBuffer<Float1>, Float1, Quotient>);
            bool isSum = launched == typeof(ColumnSums<HostBuffer<Float1>, Float1>);
            bool isOdd = downloads++ % 2 == 1;
            foreach (ref double number in destination)
            {
                number = spoilage switch
                {
                    Spoilage.InexactQuotients when isQuotient => Further(number, 1),
                    Spoilage.WrongQuotients when isQuotient => Further(number, 6),
                    Spoilage.NoSubnormals => Flush(number),
                    Spoilage.ChangingSums when isSum && isOdd => Further(number, 1),
                    _ => number,
                };
            }
        }

        protected override void MultiplyChecked(in DeviceProduct product)
        {
            base.MultiplyChecked(product);
            if (spoilage == Spoilage.BiasedProducts)
            {
                this.Scale(product.C.Span, 1 + (8 * UnitRoundoff), product.C.Span);
            }
        }

        private static double Flush(double number) => Math.Abs(number) < 1.1754943508222875E-38 ? Math.CopySign(0, number) : number;

        private static double Further(double number, int steps)
        {
            float moved = (float)number;
            for (int step = 0; step < steps; step++)
            {
                moved = MathF.BitIncrement(moved);
            }

            return double.IsFinite(number) && number != 0 ? moved : number;
        }
    }
}
