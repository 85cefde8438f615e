using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives;

public class QuadraticObjectiveTests
{
    [Fact]
    public void Loss_gradient_and_products_are_those_of_the_spectrum()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var objective = new QuadraticObjective(device, [4, -2, 0.5]);
        using var x = device.Place([1, 3, -2]);
        using var gradient = device.Allocate(3, "gradient");
        using var loss = device.Allocate(1, "loss");
        using var directions = device.Place([1, 0, 0, 2, -1, 4]);
        using var products = device.Allocate(6, "products");
        var linearization = objective.Linearize(x.Span, gradient.Span, loss.Span);
        Assert.Equal([4, -6, -1], device.Read(gradient.Span));
        Assert.Equal([0.5 * (4 - 18 + 2)], device.Read(loss.Span));
        linearization.HessianProducts(directions.Span, products.Span, 2);
        Assert.Equal([4, 0, 0, 8, 2, 2], device.Read(products.Span));
        linearization.GaussNewtonProducts(directions.Span, products.Span, 2);
        Assert.Equal([4, 0, 0, 8, 2, 2], device.Read(products.Span));
    }
}
