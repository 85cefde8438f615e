using System.Globalization;

namespace Sam.Gpu.Experiments;

/// <summary>Measurements as rows of <c>spectrum.csv</c>.</summary>
internal static class SpectrumTable
{
    private const int ColumnsBeforeEigenvalues = 8;

    /// <summary>The names of the columns.</summary>
    /// <param name="count">K, the eigenvalues that are measured.</param>
    public static IReadOnlyList<string> Columns(int count)
    {
        string[] Numbered(string name) => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name}_{i}"))];
        return
        [
            "step", "epoch", "time_seconds", "loss", "gradient_norm", "accuracy", "test_loss", "test_error",
            .. Numbered("eigenvalue"), .. Numbered("residual"), .. Numbered("converged"), "products",
            "sam_edge", "gd_edge", "base_edge", "alignment_gradient", "alignment_sam_gradient",
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
    ];

    /// <summary>Reads the first rows of a table.</summary>
    /// <param name="path">The table's complete file.</param>
    /// <param name="count">The rows.</param>
    /// <param name="every">The steps from one to the next.</param>
    /// <param name="eigenvalues">K.</param>
    /// <param name="hasAscent">Whether the optimizer has an ascent.</param>
    /// <returns>The measurements: all numbers to the bit, since a table has as many digits as that takes.</returns>
    /// <exception cref="DataException">The file cannot be read, or lacks one of the rows or a number.</exception>
    public static IReadOnlyList<Measurement> Read(string path, int count, int every, int eigenvalues, bool hasAscent)
    {
        var columns = Columns(eigenvalues);
        return [.. CsvRows.Read(path, columns, count, every).Select((line, row) => Parse(line.Split(','), row))];

        Measurement Parse(string[] cells, int row)
        {
            double Number(int column) =>
                cells[column].Length == 0 ? double.NaN
                : double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                : throw new DataException(
                    FormattableString.Invariant($"'{CsvRows.Source(path)}', line {row + 2}, column '{columns[column]}': ")
                    + $"'{cells[column]}' is no number. Restore the file, or begin the run anew from its run.json.");
            double[] Numbers(int block) =>
                [.. Enumerable.Range(ColumnsBeforeEigenvalues + (block * eigenvalues), eigenvalues).Select(Number)];
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
            };
        }
    }
}
