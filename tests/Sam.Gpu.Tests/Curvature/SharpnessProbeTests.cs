using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives.Toys;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public sealed class SharpnessProbeTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly Device device = CpuDevice.Create(Precision.Double, 1);

    public void Dispose() => device.Dispose();

    [Fact]
    public void At_the_perturbed_point_it_is_that_of_the_point_uphill()
    {
        // On x = 0 the gradient of the cubic toy is (0, −α/√β), so the point uphill is y − ρ.
        using var toy = ToyFunctions.SelfStabilization(device, 0.1, 0.01, 1);
        using var probe = new SharpnessProbe(toy);
        using var point = device.Place([0, 0.5]);
        Near.Number(20.5, probe.At(point.Span).Value, Tolerance);
        Near.Number(20.5 - 0.3, probe.AtPerturbed(point.Span, 0.3).Value, Tolerance);
        Near.Number(20.5, probe.AtPerturbed(point.Span, 0).Value, Tolerance);
    }

    [Fact]
    public void On_a_segment_it_is_the_largest_of_the_points()
    {
        // On y = 0 the sharpness of the valley is 2 (1 + x²): here largest at an end, and in between where the segment leaves the line.
        using var toy = ToyFunctions.Valley(device);
        using var probe = new SharpnessProbe(toy);
        using var start = device.Place([-1, 0]);
        using var end = device.Place([3, 0]);
        Near.Number(20, probe.LargestOnSegment(start.Span, end.Span, 2).Value, Tolerance);
        Near.Number(20, probe.LargestOnSegment(start.Span, end.Span, 9).Value, Tolerance);
        Near.Number(20, probe.LargestOnSegment(end.Span, start.Span, 9).Value, Tolerance);

        using var bowl = ToyFunctions.Bowl(device, isBounded: true);
        using var inside = new SharpnessProbe(bowl);
        using var left = device.Place([-0.4, 0]);
        using var right = device.Place([0.4, 0]);
        Near.Number(40, inside.LargestOnSegment(left.Span, right.Span, 3).Value, Tolerance);
        Assert.InRange(inside.LargestOnSegment(left.Span, right.Span, 2).Value, double.NegativeInfinity, 39);
    }

    [Fact]
    public void A_point_that_is_not_finite_is_the_largest()
    {
        using var toy = ToyFunctions.Valley(device);
        using var probe = new SharpnessProbe(toy);
        using var start = device.Place([1, 0]);
        using var end = device.Place([double.NaN, 0]);
        Assert.Equal(double.NaN, probe.LargestOnSegment(start.Span, end.Span).Value);
    }
}
