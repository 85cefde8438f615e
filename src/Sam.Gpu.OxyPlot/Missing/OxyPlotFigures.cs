namespace Sam.Gpu.OxyPlot;

/// <summary>Stands in for figures through OxyPlot where its package could not be restored: says why.</summary>
public static class OxyPlotFigures
{
    /// <summary>What is missing, with the way out; null if nothing is.</summary>
    public static string? Missing => OptionalPackages.WhyMissing("OxyPlot.Core");
}
