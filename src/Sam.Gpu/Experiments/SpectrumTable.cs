using System.Globalization;
using Sam.Gpu.Curvature;

namespace Sam.Gpu.Experiments;

/// <summary>Measurements as rows of <c>spectrum.csv</c>.</summary>
internal static class SpectrumTable
{
    /// <summary>The names of the columns.</summary>
    /// <param name="count">K, the eigenvalues that are measured.</param>
    /// <param name="isPreconditioned">Whether those of the preconditioned Hessian are measured as well.</param>
    public static IReadOnlyList<string> Columns(int count, bool isPreconditioned) =>
    [
        "step", "epoch", "time_seconds", "loss", "gradient_norm", "accuracy", "test_loss", "test_error",
        .. Numbered("eigenvalue", count), .. Numbered("residual", count), .. Numbered("converged", count), "products",
        "sam_edge", "gd_edge", "base_edge", "alignment_gradient", "alignment_sam_gradient",
        .. !isPreconditioned ? (string[])[] :
        [
            .. Numbered("preconditioned_eigenvalue", count), .. Numbered("preconditioned_residual", count),
            .. Numbered("preconditioned_converged", count), "preconditioned_products", "preconditioned_edge",
        ],
    ];

    /// <summary>The numbers of a row, without the step.</summary>
    /// <param name="measurement">What was measured.</param>
    public static double[] Row(Measurement measurement) =>
    [
        measurement.Epoch, measurement.TimeSeconds, measurement.Loss, measurement.GradientNorm, measurement.Accuracy,
        measurement.TestLoss, measurement.TestError,
        .. measurement.Eigenvalues, .. measurement.Residuals, .. measurement.Converged.Select(converged => converged ? 1.0 : 0.0),
        measurement.Products, measurement.SamEdge, measurement.GradientDescentEdge, measurement.BaseEdge,
        measurement.GradientAlignment, measurement.SamGradientAlignment,
        .. measurement.Preconditioned is not { Count: > 0 } pairs ? (double[])[] :
        [
            .. pairs.Select(pair => pair.Value), .. pairs.Select(pair => pair.Residual), .. pairs.Select(pair => pair.Converged ? 1.0 : 0.0),
            measurement.PreconditionedProducts, measurement.PreconditionedEdge,
        ],
    ];

    /// <summary>Reads the first rows of a table.</summary>
    /// <param name="path">The table's complete file.</param>
    /// <param name="count">The rows.</param>
    /// <param name="every">The steps from one to the next.</param>
    /// <param name="eigenvalues">K.</param>
    /// <param name="isPreconditioned">Whether those of the preconditioned Hessian were measured as well.</param>
    /// <param name="hasAscent">Whether the optimizer has an ascent.</param>
    /// <returns>The measurements: all numbers to the bit, since a table has as many digits as that takes.</returns>
    /// <exception cref="DataException">The file cannot be read, or lacks one of the rows or a number.</exception>
    public static IReadOnlyList<Measurement> Read(string path, int count, int every, int eigenvalues, bool isPreconditioned, bool hasAscent)
    {
        var columns = Columns(eigenvalues, isPreconditioned);
        return [.. CsvRows.Read(path, columns, count, every).Select((line, row) => Parse(line.Split(','), row))];

        Measurement Parse(string[] cells, int row)
        {
            var texts = columns.Zip(cells).ToDictionary();
            return new Measurement
            {
                Step = row * every,
                Epoch = Number("epoch"),
                TimeSeconds = Number("time_seconds"),
                Loss = Number("loss"),
                GradientNorm = Number("gradient_norm"),
                Accuracy = Number("accuracy"),
                TestLoss = Number("test_loss"),
                TestError = Number("test_error"),
                Eigenvalues = Numbers("eigenvalue"),
                Residuals = Numbers("residual"),
                Converged = [.. Numbers("converged").Select(flag => flag == 1)],
                Products = (int)Number("products"),
                SamEdge = Number("sam_edge"),
                GradientDescentEdge = Number("gd_edge"),
                BaseEdge = Number("base_edge"),
                GradientAlignment = Number("alignment_gradient"),
                SamGradientAlignment = Number("alignment_sam_gradient"),
                HasAscent = hasAscent,
                Preconditioned = isPreconditioned ? Pairs() : [],
                PreconditionedProducts = isPreconditioned ? (int)Number("preconditioned_products") : 0,
                PreconditionedEdge = isPreconditioned ? Number("preconditioned_edge") : double.NaN,
            };

            double Number(string column) =>
                texts[column].Length == 0 ? double.NaN
                : double.TryParse(texts[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                : throw new DataException(
                    FormattableString.Invariant($"'{CsvRows.Source(path)}', line {row + 2}, column '{column}': ")
                    + $"'{texts[column]}' is no number. Restore the file, or begin the run anew from its run.json.");

            double[] Numbers(string name) => [.. Numbered(name, eigenvalues).Select(Number)];

            EigenPair[] Pairs() =>
            [
                .. Numbers("preconditioned_eigenvalue").Zip(Numbers("preconditioned_residual"), Numbers("preconditioned_converged"))
                    .Select(pair => new EigenPair(pair.First, pair.Second, pair.Third == 1)),
            ];
        }
    }

    private static IEnumerable<string> Numbered(string name, int count) =>
        Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}_{i}"));
}
