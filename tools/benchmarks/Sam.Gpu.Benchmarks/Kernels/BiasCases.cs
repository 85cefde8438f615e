using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>A bias and its gradient.</summary>
internal static class BiasCases
{
    /// <summary>The cases of a precision and shape.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="rows">The rows of a direction.</param>
    /// <param name="columns">The numbers of the bias.</param>
    public static IEnumerable<Case> All(Precision precision, string shape, int rows, int columns) =>
        [.. Add(precision, shape, rows, columns, 1), .. Add(precision, shape, rows, columns, Cases.Directions)];

    /// <summary>The cases of a number of directions, each with a bias of its own.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="shape">The shape in names.</param>
    /// <param name="rows">The rows of a direction.</param>
    /// <param name="columns">The numbers of a bias.</param>
    /// <param name="directions">The directions.</param>
    public static IEnumerable<Case> Add(Precision precision, string shape, int rows, int columns, int directions)
    {
        string block = directions == 1 ? "" : $", {Cases.Block(directions)}";
        long length = (long)directions * rows * columns;
        yield return Case.Pass($"add bias{block}, {shape}", precision, 2 * length, inPlace: length, prepare: o =>
        {
            var (y, biases) = (o.Span((int)length), o.Span(directions * columns));
            return () => o.Device.AddBias(y, biases, columns, directions, columns);
        });
        yield return Case.Pass($"column sums{block}, {shape}", precision, length, o =>
        {
            var (x, sums) = (o.Span((int)length), o.Span(directions * columns));
            return () => o.Device.AddColumnSums(x, columns, sums, directions, columns);
        });
    }
}
