namespace Sam.Gpu.Figures;

/// <summary>
/// The colours and dash patterns that every backend draws with: told apart in colour, with any common colour vision, and in grey.
/// </summary>
/// <remarks>
/// The colours are Okabe and Ito's ("Color Universal Design", 2008) without yellow, which white paper swallows; orange, sky blue and
/// reddish purple are darkened until they keep a contrast of 3:1 against white.
/// </remarks>
public static class FigurePalette
{
    /// <summary>The colour of axes and text, as red, green and blue in one number.</summary>
    public const int Ink = 0x262626;

    private static readonly int[] Colours =
    [
        0x0072B2, // blue
        0x008F69, // bluish green
        0xBF5F95, // reddish purple
        0xD55E00, // vermilion
        0x2E94D1, // sky blue
        0xB97F00, // orange
        0x000000, // black
        0x7F7F7F, // grey
    ];

    private static readonly double[][] Patterns =
    [
        [],
        [4, 1.6],
        [5.5, 1.5, 1, 1.5],
        [1.1, 1.3],
        [8, 2],
        [5.5, 1.4, 1, 1.4, 1, 1.4],
    ];

    /// <summary>Index of blue.</summary>
    internal const int Blue = 0;

    /// <summary>Index of bluish green.</summary>
    internal const int Green = 1;

    /// <summary>Index of reddish purple.</summary>
    internal const int Purple = 2;

    /// <summary>Index of vermilion.</summary>
    internal const int Vermilion = 3;

    /// <summary>Index of black.</summary>
    internal const int Black = 6;

    /// <summary>Index of grey.</summary>
    internal const int Grey = 7;

    /// <summary>The number of colours; larger indices start over.</summary>
    public static int ColourCount => Colours.Length;

    /// <summary>The number of dash patterns; larger indices start over.</summary>
    public static int DashCount => Patterns.Length;

    /// <summary>A colour as red, green and blue in one number, 0xRRGGBB.</summary>
    /// <param name="index">The colour's index, from 0.</param>
    public static int Colour(int index) => Colours[index % Colours.Length];

    /// <summary>A dash pattern: lengths of dashes and gaps in turn, in units of the line width; empty for a solid line.</summary>
    /// <param name="index">The pattern's index, from 0; 0 is solid.</param>
    public static IReadOnlyList<double> Dashes(int index) => Patterns[index % Patterns.Length];

    /// <summary>
    /// The colour darkened until text in it has the contrast of 4.5:1 against white that WCAG 2.1 (1.4.3) asks of text.
    /// </summary>
    /// <param name="index">The colour's index, from 0.</param>
    public static int TextColour(int index)
    {
        int colour = Colour(index);
        for (double shade = 1; ; shade -= 0.02)
        {
            int shaded = Scale(colour >> 16, shade) << 16 | Scale(colour >> 8 & 0xFF, shade) << 8 | Scale(colour & 0xFF, shade);
            if (ContrastToWhite(shaded) >= 4.5)
            {
                return shaded;
            }
        }

        static int Scale(int channel, double shade) => (int)Math.Round(channel * shade);
    }

    /// <summary>The contrast ratio of a colour to white, 1 to 21, as WCAG 2.1 defines it.</summary>
    internal static double ContrastToWhite(int colour)
    {
        double luminance = (0.2126 * Linear(colour >> 16)) + (0.7152 * Linear(colour >> 8 & 0xFF)) + (0.0722 * Linear(colour & 0xFF));
        return 1.05 / (luminance + 0.05);

        static double Linear(int channel)
        {
            double value = channel / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
