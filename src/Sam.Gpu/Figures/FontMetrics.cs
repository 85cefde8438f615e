namespace Sam.Gpu.Figures;

/// <summary>Widths of text in Helvetica, to lay figures out without a font library.</summary>
/// <remarks>
/// The advance widths are those of Adobe's Helvetica AFM file, in thousandths of the font size; Arial and Liberation Sans share them.
/// Greek letters have Liberation Sans's, where italics differ by 2 % at most.
/// </remarks>
internal static class FontMetrics
{
    /// <summary>Size of a subscript or superscript over the size of its line.</summary>
    public const double ScriptSize = 0.72;

    /// <summary>How far a subscript falls, over the font size.</summary>
    public const double SubscriptDrop = 0.22;

    /// <summary>How far a superscript rises, over the font size.</summary>
    public const double SuperscriptRise = 0.36;

    /// <summary>Height of capitals and digits over the font size.</summary>
    public const double CapHeight = 0.72;

    /// <summary>Distance of two baselines over the font size.</summary>
    public const double LineHeight = 1.18;

    /// <summary>Width of a character that no table has: wide, so that layouts leave room rather than overlap.</summary>
    private const int UnknownWidth = 850;

    /// <summary>U+0020 to U+007E.</summary>
    private static ReadOnlySpan<short> Ascii =>
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    /// <summary>U+00A0 to U+00FF.</summary>
    private static ReadOnlySpan<short> Latin1 =>
    [
        278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 552,
        400, 549, 333, 333, 333, 576, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
        667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
        722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
        556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 549, 611, 556, 556, 556, 556, 500, 556, 500,
    ];

    /// <summary>U+0391 to U+03C9; U+03A2 is no letter.</summary>
    private static ReadOnlySpan<short> Greek =>
    [
        667, 667, 551, 668, 667, 611, 722, 778, 278, 667, 668, 833, 722, 650, 778, 722,
        667, UnknownWidth, 618, 611, 667, 798, 667, 835, 748, 278, 667, 578, 446, 556, 222, 547,
        578, 575, 500, 557, 446, 441, 556, 556, 222, 500, 500, 576, 500, 448, 556, 690,
        569, 482, 617, 395, 547, 648, 525, 713, 781,
    ];

    /// <summary>The width of a text in points.</summary>
    /// <param name="runs">The text.</param>
    /// <param name="fontSize">The font size in points.</param>
    public static double Width(IReadOnlyList<TextRun> runs, double fontSize)
    {
        double width = 0;
        foreach (TextRun run in runs)
        {
            int thousandths = 0;
            foreach (char character in run.Text)
            {
                thousandths += Width(character);
            }

            width += thousandths * (run.Position == TextPosition.Line ? fontSize : fontSize * ScriptSize) / 1000;
        }

        return width;
    }

    /// <summary>The width of a text in points.</summary>
    /// <param name="markup">The text.</param>
    /// <param name="fontSize">The font size in points.</param>
    public static double Width(string markup, double fontSize) => Width(FigureText.Parse(markup), fontSize);

    private static int Width(char character) => character switch
    {
        >= ' ' and <= '~' => Ascii[character - ' '],
        >= '\u00A0' and <= '\u00FF' => Latin1[character - '\u00A0'],
        >= 'Α' and <= 'ω' => Greek[character - 'Α'],
        '−' or '×' => 584,
        '–' => 556,
        '≤' or '≥' or '≈' or '≠' => 549,
        '√' => 549,
        '∞' or '∑' => 713,
        '∂' => 494,
        '‘' or '’' => 222,
        '“' or '”' => 333,
        '•' => 350,
        '‖' or '∥' => 500,
        '∇' => 669,
        '⟨' or '⟩' => 390,
        '\u2009' or '\u202F' => 200,
        '…' => 1000,
        _ => UnknownWidth,
    };
}
