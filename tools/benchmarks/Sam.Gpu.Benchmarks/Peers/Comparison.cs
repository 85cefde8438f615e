using System.Globalization;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>Whether both sides compute the same, before it is timed.</summary>
internal static class Comparison
{
    /// <summary>Does a work on both sides and compares what it gives.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="work">The work.</param>
    /// <param name="ours">This library.</param>
    /// <param name="theirs">PyTorch.</param>
    /// <returns>The largest relative difference, and what is wrong or null.</returns>
    public static (double Difference, string? Failure) Compare(Problem problem, Inputs inputs, Work work, OwnSide ours, PyTorchSide theirs)
    {
        ours.Run(work, work.ComparedCalls);
        var expected = theirs.Results(work, work.ComparedCalls);
        double largest = 0;
        double allowed = problem.Tolerance(work);
        foreach (var (name, numbers) in ours.Results(work))
        {
            int length = name == "products" ? inputs.Network.ParameterCount : numbers.Length;
            if (expected[name].Length != numbers.Length)
            {
                return (double.NaN, $"{name}: {numbers.Length} numbers against PyTorch's {expected[name].Length}");
            }

            // Each product by itself. Of parameters the way they went is compared, or where they came from would hide it.
            double[]? origin = name == "parameters" ? inputs.Parameters : null;
            for (int first = 0; first < numbers.Length; first += length)
            {
                double difference = RelativeDifference(numbers.AsSpan(first, length), expected[name].AsSpan(first, length), origin);
                if (!(difference <= allowed))
                {
                    string text = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: relative difference {difference:0.0e+0}, allowed {allowed:0.0e+0}");
                    return (difference, text);
                }

                largest = Math.Max(largest, difference);
            }
        }

        return (largest, null);
    }

    // ‖a − b‖ / ‖b − origin‖; NaN if anything is not finite, or b is the origin.
    private static double RelativeDifference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> origin)
    {
        double difference = 0, size = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double length = origin.IsEmpty ? b[i] : b[i] - origin[i];
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += length * length;
        }

        return Math.Sqrt(difference) / Math.Sqrt(size);
    }
}
