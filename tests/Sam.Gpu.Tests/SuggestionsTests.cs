using Xunit;

namespace Sam.Gpu.Tests;

public sealed class SuggestionsTests
{
    private static readonly string[] Activations = ["identity", "relu", "tanh", "hardtanh", "sigmoid", "softplus", "elu", "swish", "gelu", "gelu-tanh"];

    [Theory]
    [InlineData("tahn", "tanh")]
    [InlineData("Tanh", "tanh")]
    [InlineData("sigmiod", "sigmoid")]
    [InlineData("rellu", "relu")]
    [InlineData("hard-tanh", "hardtanh")]
    [InlineData("soft", "softplus")]
    public void NearestFindsWhatWasMeant(string given, string expected) => Assert.Equal(expected, Suggestions.Nearest(given, Activations));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("convolution")]
    [InlineData("el-")]
    public void NearestIsSilentWhenItWouldGuess(string given)
    {
        string[] allowed = ["identity", "sigmoid", "swish"];
        Assert.Null(Suggestions.Nearest(given, allowed));
    }

    [Fact]
    public void NearestDoesNotTakeABeginningThatFitsTwice() => Assert.Null(Suggestions.Nearest("metri", ["metrics-of-a-run", "metrics-of-a-file"]));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void DistanceCountsEdits(string first, string second, int expected)
    {
        Assert.Equal(expected, Suggestions.Distance(first, second));
        Assert.Equal(expected, Suggestions.Distance(second, first));
    }

    [Fact]
    public void UnknownSaysWhatWasGivenWhatIsNearAndWhatIsAllowed()
    {
        var error = Suggestions.Unknown("activation", "tahn", Activations);
        Assert.Equal(2, error.ExitCode);
        Assert.Contains("Unknown activation 'tahn'. Did you mean 'tanh'? Allowed: identity, relu,", error.Message, StringComparison.Ordinal);
    }
}
