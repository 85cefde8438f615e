using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>What transformer:layers=2,heads=2,key=16,model=32,sequence=32 does with 256 sequences beside products and layer norm.</summary>
internal static class TransformerCases
{
    /// <summary>The sequences.</summary>
    public const int Sequences = 256;

    /// <summary>The positions of a sequence.</summary>
    public const int Positions = 32;

    /// <summary>The numbers of a position.</summary>
    public const int Width = 32;

    private const int Heads = 2;
    private const int KeySize = 16;
    private const int Hidden = 4 * Width;
    private const int Vocabulary = 128;
    private const int Rows = Sequences * Positions;

    /// <summary>The cases of a precision.</summary>
    /// <param name="precision">The precision.</param>
    public static IEnumerable<Case> All(Precision precision) =>
    [
        Softmax(precision),
        SoftmaxBackward(precision),
        SoftmaxTangentBackward(precision, 1),
        SoftmaxTangentBackward(precision, Cases.Directions),
        .. ActivationCases.All<GeluTanh>(
            precision, "gelu-tanh", Shape(Hidden), Rows * Hidden, isValueMemoryBound: false, areDerivativesMemoryBound: false),
        .. BiasCases.All(precision, Shape(Width), Rows, Width),
        .. BiasCases.All(precision, Shape(Hidden), Rows, Hidden),
        .. LossCases.All(precision, Shape(Vocabulary), Rows, Vocabulary),
        Case.Pass($"one hot, {Shape(Vocabulary)}", precision, Rows + ((long)Rows * Vocabulary), o =>
        {
            var (tokens, result) = (o.Tokens(Rows, Vocabulary), o.Span(Rows * Vocabulary));
            return () => o.Device.OneHot(tokens, Vocabulary, result);
        }),
    ];

    private static double Scale => 1 / Math.Sqrt(KeySize);

    private static string Shape(int columns) => FormattableString.Invariant($"{Rows}×{columns}");

    // All heads at once. A row is read up to its own position, and all of it is written.
    private static Case Softmax(Precision precision)
    {
        int length = Heads * Rows * Positions;
        int read = Heads * Rows * (Positions + 1) / 2;
        return Case.Pass(
            $"causal softmax, {Shape(Heads * Positions)}", precision, length + read + Rows,
            isMemoryBound: false, inPlace: read,
            prepare: o =>
            {
                var (scores, tokens) = (o.Span(length), o.Tokens(Rows, Vocabulary));
                return () => o.Device.CausalSoftmax(scores, tokens, Positions, Scale);
            });
    }

    // Of a head. The layer works in place, but repeated in place the numbers would shrink until they were subnormal.
    private static Case SoftmaxBackward(Precision precision)
    {
        int length = Rows * Positions;
        return Case.Pass($"softmax, backward, {Shape(Positions)}", precision, 3L * length, o =>
        {
            var (probabilities, gradient, result) = (Probabilities(o), o.Span(length), o.Span(length));
            return () => o.Device.CrossEntropyHessian(probabilities, gradient, Positions, Scale, result);
        });
    }

    // Of a head, in place.
    private static Case SoftmaxTangentBackward(Precision precision, int directions)
    {
        int length = Rows * Positions;
        return Case.Pass(
            $"softmax, {Cases.Block(directions)} backward, {Shape(Positions)}", precision, (2L + (3 * directions)) * length,
            inPlace: directions * length,
            prepare: o =>
            {
                var (probabilities, gradient) = (Probabilities(o), o.Span(length));
                var (tangents, gradientTangents) = (o.Span(directions * length), o.Span(directions * length));
                return () => o.Device.SoftmaxTangentBackward(
                    probabilities, tangents, gradient, gradientTangents, Positions, Scale, gradientTangents);
            });
    }

    private static DeviceSpan Probabilities(Operands o)
    {
        var probabilities = o.Span(Rows * Positions);
        o.Device.CausalSoftmax(probabilities, o.Tokens(Rows, Vocabulary), Positions, Scale);
        return probabilities;
    }
}
