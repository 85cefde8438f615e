using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>The terms of SAF and MESA.</summary>
public sealed class LossSupplementTests
{
    private const string Net = "mlp:4-3 tanh cross-entropy 3 3 20";
    private const double Weight = 0.3;
    private const double Temperature = 5;

    private static readonly SupplementSettings Always = new(Weight, Temperature, -1, 1000, 1);

    [Theory]
    [InlineData(true, 20)]
    [InlineData(true, 7)]
    [InlineData(false, 20)]
    [InlineData(false, 7)]
    public void Loss_and_gradient_are_those_of_the_divergence(bool isTrajectory, int chunk)
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Net, chunk);
        double[] past = [.. problem.Theta.Select((x, i) => x + (0.3 * Math.Sin(i)))];
        using LossSupplement supplement = isTrajectory
            ? new TrajectorySupplement(device, 20, 3, 1, Always)
            : new TeacherSupplement(device, past.Length, 0.9, Always);
        problem.Objective.Reserve(supplement);
        problem.Objective.Supplement = supplement;

        // A step at the past parameters leaves its outputs in the ring, or its parameters to the teacher.
        using var memory = device.Place(past);
        supplement.Begin(memory.Span);
        _ = problem.Gradient(past);
        supplement.End();

        double expected = problem.Reference.Loss(problem.Theta, problem.Inputs, problem.Targets)
            + (Weight * Temperature * Temperature * Divergence(
                problem.Reference.Evaluate(past, problem.Inputs), problem.Reference.Evaluate(problem.Theta, problem.Inputs)));
        Near.Number(expected, problem.LossAt(problem.Theta), 1e-13, "loss");
        double[] direction = [.. problem.Theta.Select((_, i) => Math.Cos(i))];
        double slope = problem.Gradient(problem.Theta).Zip(direction, (a, b) => a * b).Sum();
        double difference = FiniteDifference.Directional(point => [problem.LossAt(point)], problem.Theta, direction, 2e-3)[0];
        Near.Number(difference, slope, 1e-9, "slope");
    }

    [Fact]
    public void Weights_that_stay_frozen_give_no_divergence()
    {
        const int lag = 3;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Net);
        double plain = problem.LossAt(problem.Theta);
        using var supplement = new TrajectorySupplement(device, 20, 3, lag, Always);
        problem.Objective.Reserve(supplement);
        problem.Objective.Supplement = supplement;
        for (int epoch = 0; epoch <= lag + 2; epoch++)
        {
            Near.Number(plain, problem.LossAt(problem.Theta), 1e-12, $"loss of epoch {epoch}");
            supplement.End();
        }
    }

    [Fact]
    public void The_term_compares_with_the_epoch_of_the_lag_and_applies_between_start_and_end()
    {
        const int lag = 2;
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Net);
        using var supplement = new TrajectorySupplement(device, 20, 3, lag, new SupplementSettings(Weight, Temperature, 3, 6, 2));
        problem.Objective.Reserve(supplement);
        problem.Objective.Supplement = supplement;
        double[] At(int epoch) => [.. problem.Theta.Select((x, i) => x + (0.1 * epoch * Math.Sin(i)))];
        for (int step = 0; step < 16; step++)
        {
            int epoch = step / 2;
            double expected = problem.Reference.Loss(At(epoch), problem.Inputs, problem.Targets);
            if (epoch is > 3 and < 6)
            {
                expected += Weight * Temperature * Temperature * Divergence(
                    problem.Reference.Evaluate(At(epoch - lag), problem.Inputs), problem.Reference.Evaluate(At(epoch), problem.Inputs));
            }

            Near.Number(expected, problem.LossAt(At(epoch)), 1e-13, $"loss of step {step}");
            supplement.End();
        }
    }

    [Fact]
    public void Examples_are_known_by_their_numbers_whatever_their_batch()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, Net);
        using var batch = new NetworkObjective(device, problem.Network, Loss.Parse("cross-entropy"), problem.Data, 5, chunk: 3);
        using var supplement = new TrajectorySupplement(device, 20, 3, 1, Always with { StepsPerEpoch = 2 });
        batch.Reserve(supplement);
        batch.Supplement = supplement;
        double[] past = [.. problem.Theta.Select((x, i) => x + (0.3 * Math.Sin(i)))];
        double Evaluate(double[] theta, params int[] rows)
        {
            using var parameters = device.Place(theta);
            using var gradient = device.Allocate(theta.Length, "gradient");
            using var loss = device.Allocate(1, "loss");
            batch.Select(rows);
            batch.Gradient(parameters.Span, gradient.Span, loss.Span);
            supplement.End();
            return device.Read(loss.Span)[0];
        }

        _ = Evaluate(past, 0, 1, 2, 3, 4);
        _ = Evaluate(past, 5, 19, 7, 8, 9);
        double actual = Evaluate(problem.Theta, 9, 2, 19, 12, 0);

        // Example 12 was in no batch of the epoch before: it has no term.
        double[] Rows(double[] x, params int[] rows) => [.. rows.SelectMany(n => x[(n * 3)..((n + 1) * 3)])];
        double[] known = Rows(problem.Inputs, 9, 2, 19, 0);
        double expected = problem.Reference.Loss(problem.Theta, Rows(problem.Inputs, 9, 2, 19, 12, 0), Rows(problem.Targets, 9, 2, 19, 12, 0))
            + (Weight * Temperature * Temperature * 4 / 5 * Divergence(
                problem.Reference.Evaluate(past, known), problem.Reference.Evaluate(problem.Theta, known)));
        Near.Number(expected, actual, 1e-13, "loss");
    }

    [Fact]
    public void A_loss_without_classes_is_refused()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        using var problem = new Problem(device, "mlp:4 tanh mse 3 3 20");
        using var supplement = new TeacherSupplement(device, problem.Theta.Length, 0.9, Always);
        var error = Assert.Throws<UsageException>(() => problem.Objective.Reserve(supplement));
        Assert.Contains("--loss mse", error.Message, StringComparison.Ordinal);
        Assert.Contains("Use --loss cross-entropy", error.Message, StringComparison.Ordinal);
    }

    // The mean over three classes each of KL(softmax(r/τ) ‖ softmax(o/τ)).
    private static double Divergence(double[] reference, double[] outputs)
    {
        double[] Softmax(double[] o)
        {
            double[] powers = [.. o.Select(number => Math.Exp(number / Temperature))];
            return [.. powers.Select(power => power / powers.Sum())];
        }

        return reference.Chunk(3).Zip(outputs.Chunk(3), (r, o) => Softmax(r).Zip(Softmax(o), (q, p) => q * Math.Log(q / p)).Sum()).Average();
    }
}
