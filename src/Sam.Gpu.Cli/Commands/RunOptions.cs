using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Commands;

/// <summary>The options of <c>samgpu run</c> as they were written.</summary>
internal sealed record RunOptions
{
    /// <summary>The name or file of the recipe; null is the default one.</summary>
    public string? Recipe { get; init; }

    /// <summary>The run to continue; null begins one.</summary>
    public string? Resume { get; init; }

    /// <summary>The values of <c>--set</c>, <c>key=value</c> each.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The keys that have an option of their own on the command line.</summary>
    public IReadOnlyList<(string Key, string Value)> Options { get; init; } = [];

    /// <summary>The folder to make.</summary>
    public string? Output { get; init; }

    /// <summary>The folder of the data sets.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The name of the run.</summary>
    public string? Name { get; init; }

    /// <summary>The formats of the figures; null is the default.</summary>
    public string? Figures { get; init; }

    /// <summary>The command line, for the record.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The run that they ask for.</summary>
    /// <exception cref="SamGpuException">A recipe, key or value is not allowed.</exception>
    public RunRequest ToRequest()
    {
        var resumed = Resume is null ? null : ReadResumed(Resume);
        var recipe = resumed?.Recipe ?? Experiments.Recipe.Load(Recipe ?? Experiments.Recipe.Default);
        var configuration = recipe.Configuration;
        foreach (string setting in Set)
        {
            var (key, value) = Split(setting);
            configuration = ConfigurationKey.Find(key).Set(configuration, value);
        }

        foreach (var (key, value) in Options)
        {
            configuration = Apply(configuration, key, value);
        }

        string name = Name ?? recipe.Name;
        if (name.Length == 0 || name is "." or ".." || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
        {
            throw new UsageException($"--name '{name}' is not allowed: give a name that a folder can have, such as my-run.");
        }

        return new RunRequest
        {
            Name = name,
            Configuration = configuration,
            DataRoot = Data.DataRoot.Resolve(DataRoot),
            Output = Output,
            Resume = resumed,
            Figures = FiguresOption.Parse(Figures),
            CommandLine = CommandLine,
        };
    }

    /// <summary>A configuration with the value of an option.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="key">The key, the option without its dashes.</param>
    /// <param name="value">The value as it is written.</param>
    /// <exception cref="UsageException">The value is not allowed.</exception>
    public static RunConfiguration Apply(RunConfiguration configuration, string key, string value)
    {
        try
        {
            return ConfigurationKey.Find(key).Set(configuration, value);
        }
        catch (UsageException exception)
        {
            throw new UsageException($"--{exception.Message}", exception);
        }
    }

    /// <summary>What was given but means nothing to the optimizer that was chosen.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="UsageException">The optimizer is not known.</exception>
    public IEnumerable<string> WithoutEffect(RunConfiguration configuration)
    {
        var resolved = OptimizerNames.Resolve(configuration);
        string[] given = [.. Options.Select(pair => pair.Key), .. Set.Select(setting => Split(setting).Key)];
        return ConfigurationKey.All.Where(key => given.Contains(key.Name) && !OptimizerNames.HasEffect(key.Name, resolved)).Select(key => "--" + key.Name);
    }

    // What names another run or folder contradicts it.
    private ResumedRun ReadResumed(string run)
    {
        foreach (var (option, value) in ((string, string?)[])[("RECIPE", Recipe), ("--output", Output), ("--name", Name)])
        {
            if (value is not null)
            {
                throw new UsageException(
                    $"{option} '{value}' and --resume '{run}' exclude each other: a run goes on in its own folder, with its own recipe and name. "
                    + "Leave one of them out.");
            }
        }

        return ResumedRun.Read(run);
    }

    private static (string Key, string Value) Split(string setting) =>
        setting.Split('=', 2) is [var key, var value] && key.Length > 0
            ? (key.Trim(), value)
            : throw new UsageException($"--set '{setting}' is not allowed: give KEY=VALUE, such as --set rho=0.1.");
}
