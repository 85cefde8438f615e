using System.Globalization;
using Sam.Gpu.Curvature;

namespace Sam.Gpu.Experiments;

/// <summary>Measurements as rows of <c>spectrum.csv</c>.</summary>
internal static class SpectrumTable
{
    private const int ColumnsBeforeEigenvalues = 8;

    // From the products to the alignment of SAM's gradient.
    private const int ColumnsBetween = 6;

    /// <summary>The names of the columns.</summary>
    /// <param name="count">K, the eigenvalues that are measured.</param>
    /// <param name="isPreconditioned">Whether those of the preconditioned Hessian are measured as well.</param>
    public static IReadOnlyList<string> Columns(int count, bool isPreconditioned)
    {
        string[] Numbered(string name) => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}_{i}"))];
        return
        [
            "step", "epoch", "time_seconds", "loss", "gradient_norm", "accuracy", "test_loss", "test_error",
            .. Numbered("eigenvalue"), .. Numbered("residual"), .. Numbered("converged"), "products",
            "sam_edge", "gd_edge", "base_edge", "alignment_gradient", "alignment_sam_gradient",
            .. !isPreconditioned ? (string[])[] :
            [
                .. Numbered("preconditioned_eigenvalue"), .. Numbered("preconditioned_residual"), .. Numbered("preconditioned_converged"),
                "preconditioned_products", "preconditioned_edge",
            ],
        ];
    }

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
            double Number(int column) =>
                cells[column].Length == 0 ? double.NaN
                : double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                : throw new DataException(
                    FormattableString.Invariant($"'{CsvRows.Source(path)}', line {row + 2}, column '{columns[column]}': ")
                    + $"'{cells[column]}' is no number. Restore the file, or begin the run anew from its run.json.");
            double[] Numbers(int block, int first = ColumnsBeforeEigenvalues) =>
                [.. Enumerable.Range(first + (block * eigenvalues), eigenvalues).Select(Number)];
            EigenPair[] Pairs(int first) =>
                [.. Numbers(0, first).Zip(Numbers(1, first), Numbers(2, first)).Select(pair => new EigenPair(pair.First, pair.Second, pair.Third == 1))];
            int last = ColumnsBeforeEigenvalues + (3 * eigenvalues);
            return new Measurement
            {
                Step = row * every,
                Epoch = Number(1),
                TimeSeconds = Number(2),
                Loss = Number(3),
                GradientNorm = Number(4),
                Accuracy = Number(5),
                TestLoss = Number(6),
                TestError = Number(7),
                Eigenvalues = Numbers(0),
                Residuals = Numbers(1),
                Converged = [.. Numbers(2).Select(flag => flag == 1)],
                Products = (int)Number(last),
                SamEdge = Number(last + 1),
                GradientDescentEdge = Number(last + 2),
                BaseEdge = Number(last + 3),
                GradientAlignment = Number(last + 4),
                SamGradientAlignment = Number(last + 5),
                HasAscent = hasAscent,
                Preconditioned = isPreconditioned ? Pairs(last + ColumnsBetween) : [],
                PreconditionedProducts = isPreconditioned ? (int)Number(last + ColumnsBetween + (3 * eigenvalues)) : 0,
                PreconditionedEdge = isPreconditioned ? Number(last + ColumnsBetween + (3 * eigenvalues) + 1) : double.NaN,
            };
        }
    }
}
