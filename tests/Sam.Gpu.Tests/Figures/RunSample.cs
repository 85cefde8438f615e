using Sam.Gpu.Figures;

namespace Sam.Gpu.Tests.Figures;

/// <summary>Made-up runs that look like real ones: sharpness rises to the edge, then rides it.</summary>
internal static class RunSample
{
    public static RunSeries Of(
        string name = "demo", int measurements = 40, int eigenvalues = 3, double rho = 0.1, int seed = 1, int losses = 1000)
    {
        const double StepSize = 0.05;
        var random = new Random(seed);
        double[] steps = [.. Enumerable.Range(0, measurements).Select(index => 25.0 * index)];
        double[] gradientNorm = [.. steps.Select((_, index) => Math.Exp(-2.0 * index / measurements) * (1 + (0.2 * random.NextDouble())))];
        double[] samEdge = [.. gradientNorm.Select(norm => 4 / StepSize / (1 + Math.Sqrt(1 + (8 * rho / (StepSize * norm)))))];
        double[] edge = rho > 0 ? samEdge : [.. steps.Select(_ => 2 / StepSize)];
        double[][] values = [.. Enumerable.Range(0, eigenvalues).Select(rank => edge.Select((bound, index) =>
            bound * Math.Min(1, (index + 1) / 8.0) * Math.Pow(0.7, rank) * (0.95 + (0.1 * random.NextDouble()))).ToArray())];
        bool[][] converged = [.. values.Select((column, rank) => column.Select((_, index) => (index + rank) % 11 != 5).ToArray())];
        return new RunSeries
        {
            Name = name,
            Optimizer = rho > 0 ? "sam" : "gd",
            StepSize = StepSize,
            Rho = rho,
            Provenance = $"run: {name} <&>",
            Steps = steps,
            Eigenvalues = values,
            Converged = converged,
            SamEdge = rho > 0 ? samEdge : [],
            BaseEdge = [.. steps.Select(_ => 2 / StepSize)],
            GradientNorm = gradientNorm,
            AlignmentGradient = [.. steps.Select(_ => random.NextDouble())],
            AlignmentSamGradient = rho > 0 ? [.. steps.Select(_ => random.NextDouble())] : [],
            LossSteps = [.. Enumerable.Range(0, losses).Select(index => 25.0 * measurements * index / losses)],
            Losses = [.. Enumerable.Range(0, losses).Select(index => Math.Exp(-5.0 * index / losses) * (1 + random.NextDouble()))],
        };
    }
}
