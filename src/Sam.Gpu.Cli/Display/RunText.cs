using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>A run and its parts in a few words.</summary>
internal static class RunText
{
    /// <summary>Network, loss and data.</summary>
    public static string Problem(RunPlan plan)
    {
        var configuration = plan.Configuration;
        return $"{configuration.Network} {configuration.Activation}, {Numbers.Whole(plan.Parameters)} parameters; {configuration.Loss} on "
            + $"{Numbers.Whole(plan.Examples)} examples of {plan.Data}";
    }

    /// <summary>The optimizer with its numbers.</summary>
    public static string Optimizer(RunConfiguration configuration)
    {
        var resolved = OptimizerNames.Resolve(configuration);
        bool isSam = OptimizerNames.IsSam(resolved.Optimizer);
        string text = resolved.Optimizer + (OptimizerNames.TakesBase(resolved.Optimizer) && resolved.BaseOptimizer != "gd" ? $" over {resolved.BaseOptimizer}" : "")
            + $" η={Numbers.Exact(resolved.StepSize)}";
        text += isSam ? $" ρ={Numbers.Exact(resolved.Rho)}" : "";
        text += OptimizerNames.HasMomentum(resolved.BaseOptimizer) ? $" β={Numbers.Exact(resolved.Momentum)}" : "";
        return resolved.BatchSize is { } size ? $"{text} batch={Numbers.Whole(size)}" : text;
    }

    /// <summary>The eigenvalue that the edge is for.</summary>
    public static string SharpnessName(RunPlan plan) => plan.IsPreconditioned ? "λ₁(P⁻¹H)" : "λ₁";

    /// <summary>The edge that applies to the optimizer.</summary>
    public static string EdgeName(RunPlan plan)
    {
        var resolved = OptimizerNames.Resolve(plan.Configuration);
        return resolved switch
        {
            { Rho: > 0 } => "SAM-edge",
            { BaseOptimizer: "polyak" } => "Polyak-edge",
            { BaseOptimizer: "nesterov" } => "Nesterov-edge",
            { BaseOptimizer: "gd" } => "2/η",
            { BaseOptimizer: "adam" } when plan.IsPreconditioned => "Adam-edge",
            { BaseOptimizer: "rmsprop" } when plan.IsPreconditioned => "2/η",
            _ => "edge",
        };
    }

    /// <summary>The eigenvalue over the edge that applies to the optimizer.</summary>
    public static string RatioName(RunPlan plan) =>
        EdgeName(plan) is var edge && edge.Contains('/', StringComparison.Ordinal) ? $"{SharpnessName(plan)}/({edge})" : $"{SharpnessName(plan)}/{edge}";

    /// <summary>The value of a key as an option takes it.</summary>
    public static string Value(JsonNode? value) => value switch
    {
        null => "none",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
