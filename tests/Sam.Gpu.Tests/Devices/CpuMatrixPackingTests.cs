using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

/// <summary>What lies in a panel beside the numbers of the matrix.</summary>
public sealed unsafe class CpuMatrixPackingTests
{
    private const int Width = 32;
    private const int Depth = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(17)]
    public void Nothing_that_happened_to_lie_in_the_memory_is_left_beside_the_numbers_of_a_panel(int used)
    {
        float[] matrix = [.. Enumerable.Range(1, used * Depth).Select(number => (float)number)];
        float[] panel = new float[(Width * Depth) + (CpuMatrixPacking<Simd256<float>>.Slack / sizeof(float))];
        foreach (bool isTransposed in (bool[])[false, true])
        {
            // A subnormal number, which makes a multiply-add a hundred times slower.
            Array.Fill(panel, float.Epsilon);
            fixed (float* source = matrix, target = panel)
            {
                CpuMatrixPacking<Simd256<float>>.Pack(
                    (byte*)source, isTransposed ? Depth : 1, isTransposed ? 1 : used, used, Depth, (byte*)target, Width);
            }

            for (int k = 0; k < Depth; k++)
            {
                for (int place = 0; place < used; place++)
                {
                    Assert.Equal(matrix[isTransposed ? (place * Depth) + k : (k * used) + place], panel[(k * Width) + place]);
                }
            }

            Assert.DoesNotContain(float.Epsilon, panel[..(Width * Depth)]);
        }
    }
}
