using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Objectives;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Objectives;

/// <summary>The mean loss over the positions of sequences.</summary>
public class SequenceObjectiveTests
{
    private const int Length = 4;
    private const int Vocabulary = 5;

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("mse")]
    [InlineData("half-squared-error")]
    public void Every_position_counts_as_an_example(string loss)
    {
        // A network without attention treats positions alike: sequences of 4 are as good as 4 times the examples of one position.
        using var device = CpuDevice.Create(Precision.Double, 1);
        var tokens = Tokens(1, 6);
        int[] labels = Labels(2, 6);
        var sequence = new Network([new Dense(1, 3, positions: Length), Tanh(3 * Length), new Dense(3, Vocabulary, positions: Length)]);
        var single = new Network([new Dense(1, 3), Tanh(3), new Dense(3, Vocabulary)]);
        using var one = new NetworkProblem(
            device, single, loss, DataSet.ForClassification("positions", ExampleMatrix.Dense(tokens, 6 * Length, 1), labels, Vocabulary));
        using var problem = new NetworkProblem(device, sequence, loss, Sequences(tokens, labels), chunk: 4);
        double[] directions = DeviceNumbers.Normal(3, 2 * one.Theta.Length);
        Near.Number(one.LossAt(one.Theta), problem.LossAt(one.Theta), 1e-14, "loss");
        Near.Number(device.Read(one.Objective.Accuracy)[0], device.Read(problem.Objective.Accuracy)[0], 1e-15, "accuracy");
        Near.Vectors(one.Gradient(one.Theta), problem.Gradient(one.Theta), 1e-13, "gradient");
        Near.Vectors(one.Products(directions), problem.Products(directions), 1e-13, "products");
        Near.Vectors(one.Products(directions, true), problem.Products(directions, true), 1e-13, "Gauss-Newton products");
    }

    [Fact]
    public void A_position_does_not_depend_on_those_after_it()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var network = NetworkSpecification.Parse("transformer:layers=2,heads=2,key=2,model=4,sequence=4").Build([Length], Vocabulary, "gelu");
        int[] labels = Labels(2, 2);

        // The two sequences differ at the last position: the targets before it see the same, so only that of the last may differ.
        double[] Losses(params int[] tokens)
        {
            double[] losses = new double[Length];
            for (int t = 0; t < Length; t++)
            {
                // The loss of a position alone: the difference that its label makes to the sum is log p, up to a constant that cancels.
                int[] changed = [.. labels[..Length]];
                changed[t] = (changed[t] + 1) % Vocabulary;
                losses[t] = At(tokens, labels[..Length]) - At(tokens, changed);
            }

            return losses;
        }

        double At(int[] tokens, int[] targets)
        {
            using var problem = new NetworkProblem(device, network, "cross-entropy", Sequences(tokens, targets));
            return problem.LossAt(problem.Theta);
        }

        double[] before = Losses(1, 2, 3, 4);
        double[] after = Losses(1, 2, 3, 1);
        Near.Numbers(before[..3], after[..3], 1e-14, "loss of a position");
        Assert.True(Math.Abs(before[3] - after[3]) > 1e-3);
    }

    [Fact]
    public void Selected_sequences_make_the_mean()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        int[] tokens = Tokens(1, 5);
        int[] labels = Labels(2, 5);
        var network = NetworkSpecification.Parse("transformer:layers=1,heads=1,key=2,model=3,sequence=4").Build([Length], Vocabulary, "gelu");
        using var expected = new NetworkProblem(device, network, "cross-entropy", Sequences([.. Row(tokens, 3), .. Row(tokens, 1)], [.. Row(labels, 3), .. Row(labels, 1)]));
        using var objective = new NetworkObjective(device, network, Loss.Parse("cross-entropy"), Sequences(tokens, labels), count: 2);
        using var theta = device.Place(expected.Theta);
        using var gradient = device.Allocate(expected.Theta.Length, "gradient");
        using var loss = device.Allocate(1, "loss");
        objective.Select([3, 1]);
        objective.Gradient(theta.Span, gradient.Span, loss.Span);
        Near.Vectors(expected.Gradient(expected.Theta), device.Read(gradient.Span), 1e-14, "gradient");
    }

    [Theory]
    [InlineData(Precision.Float)]
    [InlineData(Precision.Double)]
    public void The_number_of_threads_changes_no_bit(Precision precision)
    {
        double[] Run(int threads)
        {
            using var device = CpuDevice.Create(precision, threads);
            var network = NetworkSpecification.Parse("transformer:layers=2,heads=2,key=8,model=16,sequence=32").Build([32], 64, "gelu-tanh");
            var random = new RandomStream(1, "test");
            int[] tokens = [.. Enumerable.Range(0, 40 * 33).Select(_ => random.NextBelow(64))];
            var data = DataSet.ForSequences("random", ExampleMatrix.Dense(tokens[..1280], 40, 32), tokens[40..], 64);
            using var problem = new NetworkProblem(device, network, "cross-entropy", data);
            double[] directions = DeviceNumbers.Normal(10, 3 * problem.Theta.Length);
            return
            [
                problem.LossAt(problem.Theta), .. problem.Gradient(problem.Theta),
                .. problem.Products(directions), .. problem.Products(directions, isGaussNewton: true),
            ];
        }

        double[] one = Run(1);
        Near.Bits(one, Run(2));
        Near.Bits(one, Run(3));
    }

    [Fact]
    public void The_memory_for_a_chunk_bounds_it()
    {
        using var device = CpuDevice.Create(Precision.Double, 1);
        var network = NetworkSpecification.Parse("transformer:layers=1,heads=1,key=2,model=3,sequence=4").Build([Length], Vocabulary, "gelu");
        var data = Sequences(Tokens(1, 50), Labels(2, 50));
        int Chunk(long memory)
        {
            using var objective = new NetworkObjective(device, network, Loss.Parse("mse"), data, memory: memory);
            return objective.Chunk;
        }

        Assert.Equal(50, Chunk(1L << 30));
        int some = Chunk(200_000);
        Assert.InRange(some, 2, 49);
        Assert.InRange(Chunk(400_000), (2 * some) - 1, (2 * some) + 1);
        Assert.Equal(1, Chunk(0));
    }

    private static Layer Tanh(int size) => Activations.Create("tanh", size)!;

    private static int[] Tokens(ulong seed, int count) => Labels(seed, count);

    private static int[] Labels(ulong seed, int count)
    {
        var random = new RandomStream(seed, "test");
        return [.. Enumerable.Range(0, count * Length).Select(_ => random.NextBelow(Vocabulary))];
    }

    private static int[] Row(int[] numbers, int row) => numbers[(row * Length)..((row + 1) * Length)];

    private static DataSet Sequences(int[] tokens, int[] labels) =>
        DataSet.ForSequences("sequences", ExampleMatrix.Dense(tokens, tokens.Length / Length, Length), labels, Vocabulary);
}
