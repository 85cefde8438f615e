using System.CommandLine;
using System.Globalization;
using Sam.Gpu.Figures;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>--size</c>: the printed size of figures.</summary>
internal static class SizeOption
{
    private const double SmallestSide = 20;
    private const double LargestSide = 2000;

    /// <summary>Creates the option.</summary>
    public static Option<string> Create() => new("--size")
    {
        Description = $"{string.Join(", ", FigureSize.StyleNames)}, or width x height in millimetres such as 84x60 [single]",
        HelpName = "SIZE",
    };

    /// <summary>The size that the option asks for.</summary>
    /// <param name="text">Its value; null if it was not given.</param>
    /// <exception cref="UsageException">It is no size.</exception>
    public static FigureSize Parse(string? text)
    {
        if (text is null)
        {
            return FigureSize.SingleColumn;
        }

        if (FigureSize.StyleNames.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return FigureSize.OfStyle(text);
        }

        if (text.Split('x') is [var first, var second] && TryParseSide(first, out double width) && TryParseSide(second, out double height))
        {
            return new FigureSize(width, height);
        }

        string? nearest = Suggestions.Nearest(text, FigureSize.StyleNames);
        throw new UsageException(
            $"--size '{text}' is not allowed.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} Give one of "
            + $"{string.Join(", ", FigureSize.StyleNames)}, or width x height in millimetres, {Numbers.Exact(SmallestSide)} to "
            + $"{Numbers.Exact(LargestSide)} each, such as 84x60.");
    }

    private static bool TryParseSide(string text, out double side) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out side)
            && side is >= SmallestSide and <= LargestSide;
}
