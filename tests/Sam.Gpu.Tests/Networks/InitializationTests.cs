using Sam.Gpu.Networks;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Networks;

public class InitializationTests
{
    [Theory]
    [InlineData("pytorch", 1.0 / 3, 1.0 / 3)]
    [InlineData("glorot-normal", 2.0 / (100 + 80), 0)]
    [InlineData("glorot-uniform", 2.0 / (100 + 80), 0)]
    [InlineData("he-normal", 2.0 / 100, 0)]
    [InlineData("he-uniform", 2.0 / 100, 0)]
    [InlineData("normal:0.3", 0.09, 0)]
    [InlineData("he-normal:0.5", 0.25 * 2 / 100, 0)]
    [InlineData("glorot-truncated", 2.0 / (100 + 80), 0)]
    [InlineData("variance-scaling:0.5", 0.5 / 100, 0)]
    [InlineData("truncated-normal:0.3", 0.09 * 0.77374129, 0)]
    public void Moments_are_those_of_the_distribution(string text, double weightVariance, double biasFactor)
    {
        // A uniform distribution on ±b has variance b²/3; pytorch's b² is 1/fan-in.
        double variance = text == "pytorch" ? weightVariance / 100 : weightVariance;
        var network = NetworkSpecification.Parse("mlp:").Build(100, 80, "tanh");
        double[] parameters = Initialization.Parse(text).Draw(network, 7);
        double[] weights = parameters[..8000];
        double[] biases = parameters[8000..];

        // Five standard errors: √(1/n) of the deviation for the mean, at most √(2/n) of the variance for the variance.
        Near.Number(0, weights.Average(), 5 * Math.Sqrt(variance / 8000), "mean of weights");
        Near.Number(variance, weights.Average(w => w * w), 5 * variance * Math.Sqrt(2.0 / 8000), "variance of weights");
        Near.Number(biasFactor / 100, biases.Average(b => b * b), 5 * biasFactor / 100 * Math.Sqrt(2.0 / 80), "variance of biases");
        if (text == "pytorch" || text.EndsWith("uniform", StringComparison.Ordinal))
        {
            double bound = Math.Sqrt(3 * variance);
            Assert.InRange(weights.Max(Math.Abs), 0.99 * bound, bound);
        }
        else if (text.Contains("truncated", StringComparison.Ordinal) || text.Contains("scaling", StringComparison.Ordinal))
        {
            // The variance within two deviations of a standard normal distribution is 0.7737.
            double bound = 2 * Math.Sqrt(variance / 0.77374129);
            Assert.InRange(weights.Max(Math.Abs), 0.98 * bound, bound);
        }
        else
        {
            Assert.InRange(weights.Max(Math.Abs), 3 * Math.Sqrt(variance), 5.5 * Math.Sqrt(variance));
        }
    }

    [Fact]
    public void Gains_belong_to_the_weights_in_order_and_the_last_to_all_that_follow()
    {
        var network = NetworkSpecification.Parse("mlp:5-4").Build(3, 2, "tanh");
        double[] plain = Initialization.Parse("glorot-normal").Draw(network, 1);
        double[] scaled = Initialization.Parse("glorot-normal:1.9-3").Draw(network, 1);
        foreach (var parameter in network.Parameters)
        {
            double gain = parameter.IsBias ? 1 : parameter.Name == "0.weight" ? 1.9 : 3;
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Length; i++)
            {
                Near.Number(gain * plain[i], scaled[i], 4e-16 * Math.Abs(scaled[i]), parameter.Name);
            }
        }
    }

    [Theory]
    [InlineData("pytorch", new[] { -0.48992935441506674, -0.028567761268142304, -0.1901806772345284, 0.13443421747952544, -0.3043772477081655 })]
    [InlineData("glorot-normal:1.9-1", new[] { -0.4710801708350166, -0.3658331514842919, 0, -0.23796646441271516, 0.5848774015802615 })]
    [InlineData("he-uniform", new[] { -1.20007692832809, -0.06997643820059311, 0, 0.3292952367951806, -0.745568946197726 })]
    public void The_numbers_of_a_seed_never_change(string text, double[] numbers)
    {
        // The first two of 0.weight, one of 0.bias, two of 2.weight.
        double[] parameters = Initialization.Parse(text).Draw(NetworkSpecification.Parse("mlp:2").Build(3, 1, "tanh"), 1);
        Near.Bits(numbers, [.. parameters[..2], parameters[6], .. parameters[8..10]]);
    }

    [Theory]
    [InlineData("pytorch")]
    [InlineData("he-normal")]
    [InlineData("normal:0.1")]
    public void The_first_layers_do_not_depend_on_the_last(string text)
    {
        var initialization = Initialization.Parse(text);
        double[] narrow = initialization.Draw(NetworkSpecification.Parse("mlp:5-4").Build(3, 2, "tanh"), 1);
        double[] wide = initialization.Draw(NetworkSpecification.Parse("mlp:5-4").Build(3, 9, "relu"), 1);
        int shared = (4 * 5) + (6 * 4);
        Near.Bits(narrow[..shared], wide[..shared]);
    }

    [Fact]
    public void A_transformer_has_an_initialization_of_its_own()
    {
        var network = NetworkSpecification.Parse("transformer:layers=4,sequence=100").Build([100], 100, "gelu");
        double[] parameters = Initialization.Parse("network").Draw(network, 3);

        // Embeddings and the output are cut off at two of the given deviations, which leaves 0.7737 of the variance; the blocks make up for it.
        Check("0.weight", 0.02 * 0.02 * 0.77374129);
        Check("0.positions", 0.02 * 0.02 * 0.77374129);
        Check("1.1.weight", 0.5 / 128);
        Check("1.3.weight", 0.5 / 256);
        Check("8.3.weight", 0.5 / 512);
        Check("10.weight", 1.0 / 128 * 0.77374129);
        Assert.All(network.Parameters.Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal)), p => Assert.Equal(0, parameters[p.Offset]));

        void Check(string name, double variance)
        {
            var parameter = network.Parameters.Single(p => p.Name == name);
            double[] numbers = parameters[parameter.Offset..(parameter.Offset + parameter.Length)];
            Near.Number(variance, numbers.Average(number => number * number), 5 * variance * Math.Sqrt(2.0 / numbers.Length), name);
            double bound = 2 * Math.Sqrt(variance / 0.77374129);
            Assert.InRange(numbers.Max(Math.Abs), 0.98 * bound, bound);
        }
    }

    [Fact]
    public void Layer_norms_begin_as_the_identity()
    {
        foreach (string text in (string[])["pytorch", "glorot-truncated", "normal:3", "network"])
        {
            var network = NetworkSpecification.Parse("cnn:2").Build([1, 4, 4], 2, "relu");
            double[] parameters = Initialization.Parse(text).Draw(network, 1);
            var norm = network.Parameters.Where(parameter => parameter.Name is "2.weight" or "2.bias").ToArray();
            Assert.Equal([1, 1, 0, 0], parameters[norm[0].Offset..(norm[0].Offset + 4)]);
        }
    }

    [Fact]
    public void Another_seed_gives_other_numbers()
    {
        var network = NetworkSpecification.Parse("mlp:5").Build(3, 2, "tanh");
        var initialization = Initialization.Parse("pytorch");
        Assert.Empty(initialization.Draw(network, 1).Intersect(initialization.Draw(network, 2)));
        Near.Bits(initialization.Draw(network, 1), initialization.Draw(network, 1));
    }

    [Theory]
    [InlineData("glorot-norml", "Did you mean 'glorot-normal'")]
    [InlineData("normal", "standard deviation")]
    [InlineData("normal:", "''")]
    [InlineData("normal:-1", "''")]
    [InlineData("normal:NaN", "'NaN'")]
    [InlineData("normal:1e400", "'1e400'")]
    [InlineData("he-normal:1,5", "'1,5'")]
    [InlineData("he-normal:x", "'x'")]
    [InlineData("pytorch:2", "no gain")]
    [InlineData("variance-scaling", "give the scale")]
    [InlineData("network:2", "no gain")]
    [InlineData("truncated-normal", "give the standard deviation")]
    public void What_is_not_an_initialization_is_a_usage_error(string text, string hint)
    {
        var error = Assert.Throws<UsageException>(() => Initialization.Parse(text));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_numbers_than_weights_are_a_usage_error()
    {
        var network = NetworkSpecification.Parse("mlp:5").Build(3, 2, "tanh");
        var error = Assert.Throws<UsageException>(() => Initialization.Parse("glorot-normal:1-2-3").Draw(network, 1));
        Assert.Contains("3 numbers", error.Message, StringComparison.Ordinal);
    }
}
