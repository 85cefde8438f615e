using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives;

public class NetworkObjectiveTests
{
    private const string Small = "mlp:4 tanh mse 3 2 7";

    [Fact]
    public void A_linearization_ends_with_the_next_evaluation()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Small);
        double[] direction = DeviceNumbers.Normal(1, problem.Theta.Length);
        var linearization = problem.Linearize();
        _ = problem.Products(linearization, direction);
        _ = problem.Gradient(problem.Theta);
        Assert.Throws<InvalidOperationException>(() => problem.Products(linearization, direction));
        Assert.Throws<InvalidOperationException>(() => problem.Products(linearization, direction, isGaussNewton: true));
    }

    [Fact]
    public void A_linearization_ends_when_other_examples_are_selected()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Small);
        var linearization = problem.Linearize();
        problem.Objective.Select([0, 1, 2, 3, 4, 5, 6]);
        Assert.Throws<InvalidOperationException>(() => problem.Products(linearization, problem.Theta));
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void Selected_examples_make_the_mean(Precision precision)
    {
        using var device = CpuDevice.Create(precision, 1);
        using var problem = new Problem(device, "mlp:4 tanh half-squared-error 3 2 7");
        int[] rows = [5, 0, 3];
        using var objective = new NetworkObjective(device, problem.Network, Loss.Parse("half-squared-error"), problem.Data, count: 3, chunk: 2);
        using var theta = device.Place(problem.Theta);
        using var gradient = device.Allocate(problem.Theta.Length, "gradient");
        using var loss = device.Allocate(1, "loss");
        double tolerance = precision == Precision.Double ? 1e-14 : 1e-6;

        objective.Gradient(theta.Span, gradient.Span, loss.Span);
        Near.Vectors(Expected(0, 1, 2), device.Read(gradient.Span), tolerance, "gradient of the first examples");
        objective.Select(rows);
        objective.Gradient(theta.Span, gradient.Span, loss.Span);
        Near.Vectors(Expected(rows), device.Read(gradient.Span), tolerance, "gradient of the selected examples");

        double[] Expected(params int[] chosen) => problem.Reference.Gradient(
            problem.Theta,
            [.. chosen.SelectMany(row => problem.Inputs[(3 * row)..((3 * row) + 3)])],
            [.. chosen.SelectMany(row => problem.Targets[(2 * row)..((2 * row) + 2)])]);
    }

    [Fact]
    public void Accuracy_is_the_fraction_of_examples_whose_largest_output_is_their_class()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4 tanh cross-entropy 3 3 20", chunk: 6);
        _ = problem.Gradient(problem.Theta);
        double[] outputs = problem.Reference.Evaluate(problem.Theta, problem.Inputs);
        int correct = 0;
        for (int n = 0; n < 20; n++)
        {
            double[] row = outputs[(3 * n)..((3 * n) + 3)];
            correct += Array.IndexOf(row, row.Max()) == problem.Data.Labels[n] ? 1 : 0;
        }

        Near.Number(correct / 20.0, device.Read(problem.Objective.Accuracy)[0], 1e-15);
    }

    [Fact]
    public void Regression_has_no_accuracy()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Small);
        Assert.True(problem.Objective.Accuracy.IsEmpty);
    }

    [Fact]
    public void Squared_errors_of_classes_are_taken_to_one_hot_targets()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4 tanh cross-entropy 3 3 8");
        var reference = new ReferenceNetwork([3, 4, 3], [true, true], "tanh", "mse");
        using var objective = new NetworkObjective(device, problem.Network, Loss.Parse("mse"), problem.Data);
        using var theta = device.Place(problem.Theta);
        using var gradient = device.Allocate(problem.Theta.Length, "gradient");
        using var loss = device.Allocate(1, "loss");
        objective.Gradient(theta.Span, gradient.Span, loss.Span);
        double[] targets = new double[24];
        for (int n = 0; n < 8; n++)
        {
            targets[(3 * n) + problem.Data.Labels[n]] = 1;
        }

        Near.Vectors(reference.Gradient(problem.Theta, problem.Inputs, targets), device.Read(gradient.Span), 1e-14);
        Assert.Equal(1, objective.Accuracy.Length);
    }

    [Fact]
    public void Cross_entropy_of_real_targets_is_a_usage_error()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Small);
        var error = Assert.Throws<UsageException>(() => new NetworkObjective(device, problem.Network, Loss.Parse("cross-entropy"), problem.Data));
        Assert.Contains("mse or half-squared-error", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_sizes_and_counts_are_errors()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Small);
        var network = NetworkSpecification.Parse("mlp:4").Build(3, 3, "tanh");
        var loss = Loss.Parse("mse");
        Assert.Throws<ArgumentException>(() => new NetworkObjective(device, network, loss, problem.Data));
        Assert.Throws<UsageException>(() => new NetworkObjective(device, problem.Network, loss, problem.Data, count: 8));
        Assert.Throws<UsageException>(() => new NetworkObjective(device, problem.Network, loss, problem.Data, count: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkObjective(device, problem.Network, loss, problem.Data, chunk: 0));
        Assert.Throws<ArgumentException>(() => problem.Objective.Select([0, 1]));
        var linearization = problem.Linearize();
        using var block = device.Place(problem.Theta);
        using var products = device.Allocate(2 * problem.Theta.Length, "products");
        Assert.Throws<ArgumentException>(() => linearization.HessianProducts(block.Span, products.Span, 2));
    }

    [Fact]
    public void An_unknown_loss_is_answered_with_the_nearest()
    {
        var error = Assert.Throws<UsageException>(() => Loss.Parse("cross-entrpy"));
        Assert.Contains("Did you mean 'cross-entropy'?", error.Message, StringComparison.Ordinal);
    }
}
