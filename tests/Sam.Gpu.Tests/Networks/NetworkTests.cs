using Sam.Gpu.Networks;
using Xunit;

namespace Sam.Gpu.Tests.Networks;

public class NetworkTests
{
    [Fact]
    public void Parameters_are_named_and_shaped_as_in_a_Sequential()
    {
        var network = NetworkSpecification.Parse("mlp:5-4,bias=hidden").Build(3, 2, "relu");
        Assert.Equal(
            [("0.weight", "5×3", 0), ("0.bias", "5", 15), ("2.weight", "4×5", 20), ("2.bias", "4", 40), ("4.weight", "2×4", 44)],
            network.Parameters.Select(parameter => (parameter.Name, string.Join('×', parameter.Shape), parameter.Offset)));
        Assert.Equal(52, network.ParameterCount);
        Assert.Equal((3, 2), (network.Inputs, network.Outputs));
        Assert.Equal([(0, 20), (20, 0), (20, 24), (44, 0), (44, 8)], Enumerable.Range(0, 5).Select(i => (network.Offset(i), network.Length(i))));
    }

    [Fact]
    public void The_identity_takes_no_layer()
    {
        var network = NetworkSpecification.Parse("mlp:5").Build(3, 2, "identity");
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], network.Parameters.Select(parameter => parameter.Name));
    }

    [Theory]
    [InlineData("mlp", 0)]
    [InlineData("mlp:", 0)]
    [InlineData("mlp:,bias=none", 0)]
    [InlineData("mlp:7", 1)]
    [InlineData("mlp:7-8-9", 3)]
    public void Widths_are_hidden_layers(string text, int hidden) =>
        Assert.Equal(hidden + 1, NetworkSpecification.Parse(text).Build(3, 2, "tanh").Layers.OfType<Dense>().Count());

    [Fact]
    public void A_cnn_is_blocks_of_convolution_activation_norm_and_pooling()
    {
        var network = NetworkSpecification.Parse("cnn:16-32").Build([3, 32, 32], 10, "relu");
        Assert.Equal(
            ["PlanarConvolution", "Activation`1", "LayerNorm", "MaximumPooling", "Convolution", "Activation`1", "LayerNorm", "MaximumPooling", "Flatten", "Dense"],
            network.Layers.Select(layer => layer.GetType().Name));
        Assert.Equal(
            [
                ("0.weight", "16×3×3×3"), ("0.bias", "16"), ("2.weight", "16"), ("2.bias", "16"), ("4.weight", "32×16×3×3"), ("4.bias", "32"),
                ("6.weight", "32"), ("6.bias", "32"), ("9.weight", "10×2048"), ("9.bias", "10"),
            ],
            network.Parameters.Select(parameter => (parameter.Name, string.Join('×', parameter.Shape))));
        Assert.Equal((144, 288), (network.Parameters[4].FanIn, network.Parameters[4].FanOut));
    }

    [Theory]
    [InlineData("cnn:4,norm=none", 4, "0.weight 0.bias 4.weight 4.bias")]
    [InlineData("cnn:4,layers=2,norm=none", 6, "0.weight 0.bias 2.weight 2.bias 6.weight 6.bias")]
    [InlineData("cnn:4,pool=average,norm=none", 4, "0.weight 0.bias 4.weight 4.bias")]
    public void A_cnn_takes_options(string text, int dense, string names)
    {
        var network = NetworkSpecification.Parse(text).Build([8, 8], 10, "relu");
        Assert.Equal(names, string.Join(' ', network.Parameters.Select(parameter => parameter.Name)));
        Assert.IsType<Dense>(network.Layers[dense]);
        Assert.Equal(text.Contains("average", StringComparison.Ordinal), network.Layers.Any(layer => layer is AveragePooling));
    }

    [Fact]
    public void A_cnn_needs_images_that_are_large_enough()
    {
        var specification = NetworkSpecification.Parse("cnn:2-2");
        Assert.Contains("[32]", Assert.Throws<UsageException>(() => specification.Build(32, 10, "relu")).Message, StringComparison.Ordinal);
        var error = Assert.Throws<UsageException>(() => specification.Build([3, 2, 5], 10, "relu"));
        Assert.Contains("1×2 pixels are left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transformer_is_an_embedding_residual_blocks_a_norm_and_a_dense_layer()
    {
        var network = NetworkSpecification.Parse("transformer").Build([64], 128, "gelu-tanh");
        Assert.Equal(1 + (2 * 6) + 2, network.Layers.Count);
        Assert.Equal((64, 64 * 128), (network.Inputs, network.Outputs));
        Assert.Equal(
            [
                ("0.weight", "128×128"), ("0.positions", "64×128"), ("1.0.weight", "128"), ("1.0.bias", "128"), ("1.1.weight", "768×128"),
                ("1.1.bias", "768"), ("1.3.weight", "128×256"), ("1.3.bias", "128"), ("2.0.weight", "128"), ("2.0.bias", "128"),
                ("2.1.weight", "512×128"), ("2.1.bias", "512"), ("2.3.weight", "128×512"), ("2.3.bias", "128"),
            ],
            network.Parameters.Take(14).Select(parameter => (parameter.Name, string.Join('×', parameter.Shape))));
        Assert.Equal(["13.weight", "13.bias", "14.weight", "14.bias"], network.Parameters.TakeLast(4).Select(parameter => parameter.Name));
    }

    [Fact]
    public void A_transformer_needs_sequences_of_its_length()
    {
        var error = Assert.Throws<UsageException>(() => NetworkSpecification.Parse("transformer:sequence=8").Build([64], 128, "gelu"));
        Assert.Contains("sequences of 8 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("[64]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer:heads=0", "heads '0'")]
    [InlineData("transformer:layers=six", "layers 'six'")]
    [InlineData("transformer:haeds=2", "heads=N")]
    [InlineData("transformer:heads", "heads=N")]
    [InlineData("transfomer", "Did you mean 'transformer'?")]
    [InlineData("cnn", "give the channels")]
    [InlineData("cnn:", "give the channels")]
    [InlineData("cnn:0", "'0' is not a width")]
    [InlineData("cnn:4,layers=0", "layers=1 to layers=100")]
    [InlineData("cnn:4,norm=batch", "norm=none")]
    [InlineData("mpl:5", "Did you mean 'mlp'?")]
    [InlineData("mlp:0", "'0' is not a width")]
    [InlineData("mlp:-5", "'' is not a width")]
    [InlineData("mlp:5--4", "'' is not a width")]
    [InlineData("mlp:5x4", "'5x4' is not a width")]
    [InlineData("mlp:1000001", "not a width")]
    [InlineData("mlp:5,bias=some", "bias=hidden")]
    public void What_is_not_a_network_is_a_usage_error(string text, string hint)
    {
        var error = Assert.Throws<UsageException>(() => NetworkSpecification.Parse(text));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_parameters_are_a_usage_error() =>
        Assert.Throws<UsageException>(() => NetworkSpecification.Parse("mlp:1000000-1000000").Build(3, 2, "tanh"));

    [Fact]
    public void Too_many_numbers_an_example_are_a_usage_error() =>
        Assert.Throws<UsageException>(() => NetworkSpecification.Parse("cnn:1000000-10").Build([3, 512, 512], 2, "tanh"));

    [Fact]
    public void An_unknown_activation_is_answered_with_the_nearest()
    {
        var error = Assert.Throws<UsageException>(() => Activations.Create("rleu", 3));
        Assert.Contains("Did you mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_do_not_fit_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => new Network([]));
        Assert.Throws<ArgumentException>(() => new Network([new Dense(3, 4), new Dense(5, 2)]));
        Assert.Throws<ArgumentException>(() => new Residual(new Dense(3, 4)));
    }
}
