using Sam.Gpu.Curvature;
using Sam.Gpu.Networks;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Curvature;

public sealed class ParameterMaskTests
{
    private static readonly Network Small = NetworkSpecification.Parse("mlp:3,bias=hidden").Build(2, 2, "tanh");

    [Theory]
    [InlineData("whole", "0.weight,0.bias,2.weight", 15)]
    [InlineData("0", "0.weight,0.bias", 9)]
    [InlineData("2", "2.weight", 6)]
    [InlineData("0.bias", "0.bias", 3)]
    [InlineData("2,0.weight", "0.weight,2.weight", 12)]
    [InlineData("0, 2", "0.weight,0.bias,2.weight", 15)]
    [InlineData("0,0.bias", "0.weight,0.bias", 9)]
    public void Layers_and_parameters_are_selected_by_name(string names, string expected, int dimension)
    {
        var mask = ParameterMask.Of(Small, names);

        Assert.Equal(expected, string.Join(',', mask.Parameters.Select(parameter => parameter.Name)));
        Assert.Equal(dimension, mask.Dimension);
        Assert.Equal(dimension == 15, mask.IsWhole);
        int offset = 0;
        Assert.All(mask.Parameters, parameter =>
        {
            Assert.Equal(offset, parameter.Offset);
            offset += parameter.Length;
        });
    }

    [Fact]
    public void A_layer_inside_a_layer_has_a_name_of_its_own()
    {
        var network = NetworkSpecification.Parse("transformer:layers=1,heads=2,key=3,model=4,sequence=5").Build(5, 7, "gelu");
        string nested = network.Parameters.Select(parameter => parameter.Name).First(name => name.Count(letter => letter == '.') >= 2);
        string inner = nested[..nested.LastIndexOf('.')];

        var mask = ParameterMask.Of(network, inner);

        Assert.NotEmpty(mask.Parameters);
        Assert.All(mask.Parameters, parameter => Assert.StartsWith(inner + ".", parameter.Name, StringComparison.Ordinal));
        Assert.Equal(network.ParameterCount, ParameterMask.Layers(network).Sum(layer => layer.Dimension));
    }

    [Fact]
    public void Every_layer_with_parameters_is_a_mask() =>
        Assert.Equal(["0", "2"], ParameterMask.Layers(Small).Select(mask => mask.Name));

    [Theory]
    [InlineData("1", "Layer '1' has no parameters")]
    [InlineData("3", "There is no layer or parameter '3'")]
    [InlineData("0.weigth", "Did you mean '0.weight'?")]
    [InlineData("wohle", "Did you mean 'whole'?")]
    [InlineData("", "select nothing")]
    [InlineData("0,,2", "select nothing")]
    public void A_name_that_selects_nothing_is_refused_with_those_that_do(string names, string expected)
    {
        string message = Assert.Throws<UsageException>(() => ParameterMask.Of(Small, names)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("Layers with parameters: 0, 2.", message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_block_of_an_operator_is_the_sub_block_of_its_matrix(string key)
    {
        using var device = TestDevices.Create(key);
        double[] matrix = DenseOperator.MatrixWithSpectrum([.. Enumerable.Range(0, 15).Select(i => 3.0 - i)]);
        using var whole = new DenseOperator(device, matrix, 15);
        foreach (string names in (string[])["0", "2", "0.bias", "2,0.weight"])
        {
            var mask = ParameterMask.Of(Small, names);
            using var block = new MaskedOperator(whole, mask);
            int[] places = [.. Small.Parameters.Where(parameter => mask.Parameters.Any(chosen => chosen.Name == parameter.Name))
                .SelectMany(parameter => Enumerable.Range(parameter.Offset, parameter.Length))];

            double[] dense = BenchProblem.Dense(block);

            // A unit vector times the matrix is a column of it, but for sums with zeros: no rounding.
            for (int i = 0; i < places.Length; i++)
            {
                for (int j = 0; j < places.Length; j++)
                {
                    Assert.Equal(whole.Matrix[(places[j] * 15) + places[i]], dense[(i * places.Length) + j]);
                }
            }
        }
    }

    [Fact]
    public void A_mask_of_another_network_is_refused()
    {
        using var device = TestDevices.Create("cpu double 1 thread");
        using var whole = new DenseOperator(device, [1, 0, 0, 1], 2);
        Assert.Throws<ArgumentException>(() => new MaskedOperator(whole, ParameterMask.Whole(Small)));
    }
}
