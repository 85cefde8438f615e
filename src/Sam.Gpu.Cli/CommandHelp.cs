namespace Sam.Gpu.Cli;

/// <summary>What the help of a command says beside its options.</summary>
internal sealed record CommandHelp
{
    /// <summary>Command lines with what they do.</summary>
    public required IReadOnlyList<(string Line, string Meaning)> Examples { get; init; }

    /// <summary>What an option is when it is not given; null where the description says so.</summary>
    public Func<string, string?> Default { get; init; } = _ => null;

    /// <summary>Paragraphs at the end.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
