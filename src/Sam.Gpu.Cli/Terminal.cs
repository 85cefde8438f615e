using System.Text;

namespace Sam.Gpu.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, all else to <see cref="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error)
{
    private const int UnknownWidth = 80;
    private const int WidestText = 100;

    /// <summary>Whether <see cref="Error"/> is a screen on which text can be drawn anew.</summary>
    public bool IsLive { get; init; }

    /// <summary>Whether the screen may be coloured (no-color.org).</summary>
    public bool HasColor { get; init; }

    /// <summary>The columns that running text may take.</summary>
    public int TextWidth { get; init; } = UnknownWidth;

    /// <summary>Whether a bug is shown with its stack trace.</summary>
    public bool ShowsTrace { get; init; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            // Elsewhere UTF-8 is what there is.
            Console.OutputEncoding = Encoding.UTF8;
        }

        bool isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(Console.Out, Console.Error)
        {
            IsLive = !Console.IsErrorRedirected && !isDumb,
            HasColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            TextWidth = Console.IsOutputRedirected ? UnknownWidth : Math.Clamp(Console.WindowWidth, 40, WidestText),
            ShowsTrace = Environment.GetEnvironmentVariable("SAMGPU_TRACE") == "1",
        };
    }
}
