namespace Sam.Gpu.Cli.Display;

/// <summary>A piece of a line of a frame.</summary>
/// <param name="Text">Its text; a column a character.</param>
/// <param name="Style">What it is.</param>
internal readonly record struct LinePiece(string Text, LineStyle Style = LineStyle.Plain);
