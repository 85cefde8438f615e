using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class ReductionsTests
{
    // A number passes at most a thousand additions, whose roundings walk at random: √1000 u of the sum of the magnitudes.
    private const double Roundings = 32;

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Dot_sums_the_products(string key)
    {
        using var device = TestDevices.Create(key);
        using var result = device.Allocate(1, "result");
        foreach (int size in Sizes.Of(device))
        {
            double[] left = device.Normal(1, size);
            double[] right = device.Normal(2, size);
            using var x = device.Place(left);
            using var y = device.Place(right);
            device.Dot(x.Span, y.Span, result.Span);
            double[] products = [.. left.Zip(right, (a, b) => a * b)];
            Near.Number(
                products.Sum(), device.Read(result.Span)[0], Roundings * device.UnitRoundoff * products.Sum(Math.Abs), $"dot of {size}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Norm_is_the_root_of_the_sum_of_squares(string key)
    {
        using var device = TestDevices.Create(key);
        using var result = device.Allocate(1, "result");
        foreach (int size in Sizes.Of(device))
        {
            double[] numbers = device.Normal(1, size);
            using var x = device.Place(numbers);
            device.Norm(x.Span, result.Span);
            double expected = Near.Norm(numbers);
            Near.Number(expected, device.Read(result.Span)[0], Roundings * device.UnitRoundoff * expected, $"norm of {size}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Sum_adds_to_what_is_there_if_asked(string key)
    {
        using var device = TestDevices.Create(key);
        using var result = device.Allocate(1, "result");
        foreach (int size in Sizes.Of(device))
        {
            double[] numbers = device.Normal(1, size);
            using var x = device.Place(numbers);
            double tolerance = Roundings * device.UnitRoundoff * (10 + numbers.Sum(Math.Abs));
            device.Sum(x.Span, result.Span);
            Near.Number(numbers.Sum(), device.Read(result.Span)[0], tolerance, $"sum of {size}");
            device.Fill(result.Span, 10);
            device.Sum(x.Span, result.Span, accumulate: true);
            Near.Number(10 + numbers.Sum(), device.Read(result.Span)[0], tolerance, $"sum of 10 and {size}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Reductions_of_nothing_are_zero_and_of_NaN_are_NaN(string key)
    {
        using var device = TestDevices.Create(key);
        using var result = device.Allocate(1, "result");
        using var x = device.Place([1, double.NaN, 2]);
        device.Sum(x.Span.Slice(0, 0), result.Span);
        Assert.Equal(0, device.Read(result.Span)[0]);
        device.Norm(x.Span.Slice(0, 0), result.Span);
        Assert.Equal(0, device.Read(result.Span)[0]);
        device.Sum(x.Span, result.Span);
        Assert.Equal(double.NaN, device.Read(result.Span)[0]);
        device.Norm(x.Span, result.Span);
        Assert.Equal(double.NaN, device.Read(result.Span)[0]);
        device.Dot(x.Span, x.Span, result.Span);
        Assert.Equal(double.NaN, device.Read(result.Span)[0]);
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void The_number_of_threads_changes_no_bit(Precision precision)
    {
        double[] numbers = DeviceNumbers.Normal(1, 200_000);
        double[] Reduce(int threads)
        {
            using var device = CpuDevice.Create(precision, threads);
            using var x = device.Place(numbers);
            using var result = device.Allocate(2, "result");
            device.Sum(x.Span, result.Span.Slice(0, 1));
            device.Norm(x.Span, result.Span.Slice(1, 1));
            return device.Read(result.Span);
        }

        Near.Bits(Reduce(1), Reduce(2));
        Near.Bits(Reduce(1), Reduce(3));
    }
}
