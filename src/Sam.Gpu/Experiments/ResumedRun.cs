using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Curvature;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>A run that is to be continued: what its folder says of it.</summary>
public sealed class ResumedRun
{
    private readonly JsonObject run;

    private ResumedRun(string folder, Recipe recipe, JsonObject run, CheckpointSettings settings)
    {
        this.run = run;
        Folder = folder;
        Recipe = recipe;
        Settings = settings;
    }

    /// <summary>The folder of the run, a full path.</summary>
    public string Folder { get; }

    /// <summary>Its name and configuration.</summary>
    public Recipe Recipe { get; }

    /// <summary>What the numbers of the checkpoint belong to.</summary>
    internal CheckpointSettings Settings { get; }

    /// <summary>The file of the checkpoint.</summary>
    internal string CheckpointFile => Path.Combine(Folder, Checkpoint.FileName);

    /// <summary>When the run began and by what command, and how it was continued until now, as run.json has it.</summary>
    internal (JsonNode? Started, JsonNode? Command, JsonArray Continued) History =>
        (run["started"]?.DeepClone(), run["command"]?.DeepClone(), run[RunFolder.Continued]?.DeepClone() as JsonArray ?? []);

    /// <summary>Reads what a run left, but for the numbers of its checkpoint.</summary>
    /// <param name="run">The folder of the run, or its <c>run.json</c>.</param>
    /// <exception cref="DataException">There is no run or no checkpoint; or a file is damaged, or of another version or run.</exception>
    /// <exception cref="UsageException">The run diverged: there is nothing to go on from.</exception>
    public static ResumedRun Read(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string file = RunFolder.FindRunFile(run, Checkpoint.FileName);
        var recipe = Recipe.Load(file);
        recipe = recipe with { Configuration = OptimizerNames.Resolve(recipe.Configuration) };
        var content = (JsonObject)JsonNode.Parse(
            File.ReadAllText(file), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        if (Recipe.Member(content, "status") == RunFolder.NameOf(RunStatus.Diverged))
        {
            throw new UsageException(
                $"--resume '{run}': the run diverged, and would again with the settings that it has to go on with. Begin another one, such as "
                + $"samgpu run {file} with a smaller --step-size.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string checkpoint = Path.Combine(folder, Checkpoint.FileName);
        if (!File.Exists(checkpoint))
        {
            throw new DataException(
                $"'{run}' has no {Checkpoint.FileName}: expected the file that a run writes when it ends or is interrupted, and every "
                + $"--checkpoint-every steps. Begin the run anew: samgpu run {file} --checkpoint-every 100.");
        }

        var settings = Checkpoint.ReadSettings(checkpoint);
        settings.RequireConfiguration(recipe.Configuration, checkpoint);
        return new ResumedRun(folder, recipe, content, settings);
    }

    /// <summary>Throws where a configuration is not that of the run, but for what may be another.</summary>
    /// <param name="resolved">The configuration, resolved.</param>
    /// <exception cref="UsageException">A setting differs that changes the run; or by its settings the run has ended.</exception>
    internal void Require(RunConfiguration resolved)
    {
        var own = Recipe.Configuration;
        if (CheckpointSettings.FindChange(own, resolved) is { } key)
        {
            throw new UsageException(
                $"--{key.Name} {Text(key.Get(resolved))}: the run '{Folder}' has {key.Name} {Text(key.Get(own))}, and goes on with the settings "
                + "that it began with. Leave the option out, or begin another run from its run.json.");
        }

        if (Settings.Status == RunFolder.NameOf(RunStatus.TargetReached) && Settings.HasTargetOf(resolved))
        {
            throw new UsageException(
                $"--resume '{Folder}': the run has reached the loss or accuracy at which it was to stop. Give another --stop-loss or "
                + "--stop-accuracy, or none.");
        }
    }

    /// <summary>Writes the numbers of the checkpoint to where they belong.</summary>
    /// <param name="state">The numbers that live from step to step.</param>
    /// <param name="eigensolvers">The eigensolvers by their names.</param>
    /// <exception cref="DataException">An array is missing or damaged, or has another length.</exception>
    internal void Restore(IReadOnlyList<StateItem> state, IEnumerable<(string Name, Eigensolver Solver)> eigensolvers) =>
        Checkpoint.Restore(CheckpointFile, state, eigensolvers);

    /// <summary>Throws where there is nothing left to do.</summary>
    /// <param name="step">The steps taken until the checkpoint.</param>
    /// <param name="resolved">The configuration, resolved.</param>
    /// <exception cref="UsageException">There is not.</exception>
    internal void RequireSteps(int step, RunConfiguration resolved)
    {
        bool hasEnded = Settings.Status == RunFolder.NameOf(RunStatus.Completed);
        if (resolved.Steps < step || (resolved.Steps == step && hasEnded))
        {
            throw new UsageException(
                FormattableString.Invariant($"--steps {resolved.Steps}: the run '{Folder}' has taken {step} steps. Give more of them with --steps."));
        }
    }

    private static string Text(JsonNode? value) => value?.ToString() ?? "none";
}
