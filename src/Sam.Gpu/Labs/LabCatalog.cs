namespace Sam.Gpu.Labs;

/// <summary>The labs by name.</summary>
public static class LabCatalog
{
    /// <summary>Every lab, in the order to show and run them.</summary>
    public static IReadOnlyList<Lab> All { get; } =
    [
        new SamEdgeLab(),
        new GradientDescentEdgeLab(),
        new MomentumEdgeLab(),
        new SamFarFromHomeLab(),
        new MinimalistLab(),
        new NormalizedGradientDescentLab(),
        new UnstableConvergenceLab(),
        new SelfStabilizationLab(),
        new CentralFlowLab(),
        new AdaptiveEdgeLab(),
        new FriendlySamLab(),
        new CurvatureSamLab(),
        new LargestLossSamLab(),
        new SharpnessFreeLab(),
        new AccuracyLab(),
    ];

    /// <summary>The lab of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static Lab Find(string name) =>
        All.FirstOrDefault(lab => lab.Name == name) ?? throw Suggestions.Unknown("lab", name, All.Select(lab => lab.Name));
}
