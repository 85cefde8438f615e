using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

/// <summary>Each of these rounds once, so that the host must have the same bits.</summary>
public class VectorOperationsTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Fill_sets_every_number(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in Sizes.Of(device))
        {
            using var x = device.Allocate(size, "x");
            device.Fill(x.Span, 0.1);
            Near.Bits([.. Enumerable.Repeat(device.Round(0.1), size)], device.Read(x.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Scale_multiplies_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        double factor = device.Round(-1.7);
        foreach (int size in Sizes.Of(device))
        {
            double[] numbers = device.Normal(1, size);
            double[] expected = [.. numbers.Select(number => device.Round(factor * number))];
            using var x = device.Place(numbers);
            using var result = device.Allocate(size, "result");
            device.Scale(x.Span, factor, result.Span);
            Near.Bits(expected, device.Read(result.Span));
            device.Scale(x.Span, factor, x.Span);
            Near.Bits(expected, device.Read(x.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AddScaled_rounds_once_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        double factor = device.Round(0.3);
        foreach (int size in Sizes.Of(device))
        {
            double[] left = device.Normal(1, size);
            double[] right = device.Normal(2, size);
            double[] expected = [.. left.Zip(right, (x, y) => FusedMultiplyAdd(device, factor, x, y))];
            using var a = device.Place(left);
            using var b = device.Place(right);
            using var result = device.Allocate(size, "result");
            device.AddScaled(factor, a.Span, b.Span, result.Span);
            Near.Bits(expected, device.Read(result.Span));
            device.AddScaled(factor, a.Span, b.Span, b.Span);
            Near.Bits(expected, device.Read(b.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Multiply_takes_products_number_by_number_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in Sizes.Of(device))
        {
            double[] left = device.Normal(1, size);
            double[] right = device.Normal(2, size);
            double[] expected = [.. left.Zip(right, (x, y) => device.Round(x * y))];
            using var a = device.Place(left);
            using var b = device.Place(right);
            using var result = device.Allocate(size, "result");
            device.Multiply(a.Span, b.Span, result.Span);
            Near.Bits(expected, device.Read(result.Span));
            device.Multiply(a.Span, b.Span, a.Span);
            Near.Bits(expected, device.Read(a.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void InverseSquareRoot_rounds_the_root_and_the_quotient_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in Sizes.Of(device))
        {
            double[] numbers = [.. device.Normal(1, size).Select(number => number * number).Select(device.Round)];
            double[] expected = [.. numbers.Select(number => device.Round(1 / device.Round(Math.Sqrt(number))))];
            using var x = device.Place(numbers);
            using var result = device.Allocate(size, "result");
            device.InverseSquareRoot(x.Span, result.Span);
            Near.Bits(expected, device.Read(result.Span));
            device.InverseSquareRoot(x.Span, x.Span);
            Near.Bits(expected, device.Read(x.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Operations_touch_no_number_outside_their_spans(string key)
    {
        using var device = TestDevices.Create(key);
        double[] numbers = device.Normal(1, 64);
        using var x = device.Place(numbers);
        device.Scale(x.Span.Slice(5, 13), 2, x.Span.Slice(5, 13));
        for (int i = 5; i < 18; i++)
        {
            numbers[i] *= 2;
        }

        Near.Bits(numbers, device.Read(x.Span));
    }

    [Fact]
    public void A_length_that_does_not_fit_is_an_error_that_names_the_memory()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var x = device.Allocate(4, "velocity");
        using var y = device.Allocate(5, "gradient");
        var error = Assert.Throws<ArgumentException>(() => device.AddScaled(1, y.Span, x.Span, y.Span));
        Assert.Contains("'velocity' has 4 numbers where 5 are needed", error.Message, StringComparison.Ordinal);
    }

    // In float the product of two numbers is exact in double, but its sum with a third is not: that takes one rounding from infinite precision.
    private static double FusedMultiplyAdd(Device device, double a, double b, double c) =>
        device.Precision == Precision.Double ? Math.FusedMultiplyAdd(a, b, c) : MathF.FusedMultiplyAdd((float)a, (float)b, (float)c);
}
