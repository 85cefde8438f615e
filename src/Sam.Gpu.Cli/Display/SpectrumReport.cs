using System.Globalization;
using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>A measurement of the spectrum, for standard output.</summary>
internal static class SpectrumReport
{
    private const string Indent = "  ";

    /// <summary>Writes what was measured, and where it is.</summary>
    public static void Write(TextWriter writer, SpectrumResult result)
    {
        string matrix = result.Matrix == CurvatureMatrix.Hessian ? "Hessian" : "Gauss-Newton matrix";
        string precision = result.Precision == Precision.Double ? "double" : "float";
        writer.WriteLine(
            $"{result.Name}: {matrix} of {result.LossName}, {Numbers.Whole(result.ParameterCount)} parameters, "
            + $"{Numbers.Whole(result.Examples)} examples, {precision}, seed {result.Seed.ToString(CultureInfo.InvariantCulture)}");
        var facts = new List<string[]>
        {
            new[] { "loss", Numbers.Short(result.Loss) },
            new[] { "gradient norm", Numbers.Short(result.GradientNorm) },
        };
        Add("gradient norm of SAM", result.SamGradientNorm);
        Add("SAM edge", result.SamEdge);
        Add(double.IsNaN(result.SamEdge) ? "edge of stability" : "edge without SAM", result.BaseEdge);
        TextTable.Write(writer, facts, Indent);
        foreach (var block in result.Blocks)
        {
            writer.WriteLine();
            Write(writer, block);
        }

        writer.WriteLine();
        RunReport.WriteFiles(writer, result.Folder, indent: "");

        void Add(string name, double value)
        {
            if (!double.IsNaN(value))
            {
                facts.Add([name, Numbers.Short(value)]);
            }
        }
    }

    private static void Write(TextWriter writer, SpectrumBlock block)
    {
        writer.WriteLine($"{block.Mask.Name}: {Numbers.Whole(block.Mask.Dimension)} parameters");
        bool hasSam = block.SamGradient is not null;
        string[] header = ["eigenvalue", "value", "residual", "|cos(g, v)|"];
        var rows = new List<string[]> { hasSam ? [.. header, "|cos(g_SAM, v)|"] : header };
        for (int i = 0; i < block.Top.Count; i++)
        {
            string[] row = [$"largest {Numbers.Whole(i + 1)}", .. Cells(block.Top[i]), Numbers.Short(block.Gradient.Cosines[i])];
            rows.Add(hasSam ? [.. row, Numbers.Short(block.SamGradient!.Cosines[i])] : row);
        }

        for (int i = 0; i < block.Bottom.Count; i++)
        {
            string[] row = [$"smallest {Numbers.Whole(i + 1)}", .. Cells(block.Bottom[i]), ""];
            rows.Add(hasSam ? [.. row, ""] : row);
        }

        TextTable.Write(writer, rows, Indent);
        if (block.Top.Concat(block.Bottom).Any(pair => !pair.Converged))
        {
            writer.WriteLine($"{Indent}* not converged: only an estimate. {block.Explanation}");
        }

        string k = Numbers.Whole(block.Top.Count);
        var facts = new List<string[]>
        {
            new[] { $"share of ‖g‖² in the top {k}", Numbers.Short(block.Gradient.Shares[^1]) },
        };
        if (hasSam)
        {
            facts.Add([$"share of ‖g_SAM‖² in the top {k}", Numbers.Short(block.SamGradient!.Shares[^1])]);
        }

        facts.Add(["trace by Hutch++", Text(block.HutchPlusPlus)]);
        facts.Add(["trace by Hutchinson", Text(block.Hutchinson)]);
        facts.Add(["trace by the density", Text(block.DensityTrace)]);
        facts.Add(
        [
            "density",
            $"from {Numbers.Short(block.Density.Smallest)} to {Numbers.Short(block.Density.Largest)}, "
            + $"{Numbers.Whole(block.Density.Deflated.Count)} eigenvalues and {Numbers.Whole(block.Density.Runs)} Lanczos runs, width "
            + $"{Numbers.Short(block.Table.Width)}",
        ]);
        string mass = Numbers.Exact(Math.Round(block.Table.Mass, 6));
        facts.Add(["check: mass of the density", $"{mass}, {(block.MassAgrees ? "1 within 0.001" : "NOT 1 within 0.001")}"]);
        string deviation = double.IsFinite(block.TraceDeviation) ? $"{Numbers.Short(block.TraceDeviation)} standard errors, " : "";
        string verdict = $"{(block.TraceAgrees ? "agrees" : "DOES NOT AGREE")}, {deviation}{Numbers.Short(100 * block.TraceDifference)} % from Hutch++";
        facts.Add(["check: trace by the density", verdict]);
        TextTable.Write(writer, facts, Indent);
    }

    private static string[] Cells(EigenPair pair) =>
        [Numbers.Short(pair.Value) + (pair.Converged ? "" : " *"), Numbers.Short(pair.Residual)];

    private static string Text(TraceEstimate estimate) =>
        $"{Numbers.Short(estimate.Value)} ± {Numbers.Short(estimate.StandardError)} ({Numbers.Whole(estimate.Products)} products)";
}
