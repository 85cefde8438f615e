using Sam.Gpu.Cli.Display;
using Spectre.Console;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

/// <summary>Frames on a small terminal that does what the escapes say.</summary>
public sealed class ScreenFrameTests
{
    private const int Width = 20;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    [InlineData(9, 1)]
    [InlineData(9, 2)]
    public void A_frame_takes_the_place_of_the_one_before_whatever_is_typed_meanwhile(int row, int enters)
    {
        var screen = new Screen(Width, 10, row);
        screen.Write(Render(["one", "two, longer", "three"], isSaved: false));
        string[] before = screen.Text();
        for (int i = 0; i < enters; i++)
        {
            screen.Write("ls\r\n");
        }

        screen.Write(Render(["ONE", "TWO", "THREE"], isSaved: true));

        Assert.Equal(before.Select(line => line == "two, longer" ? "TWO" : line.ToUpperInvariant()), screen.Text());
        Assert.Equal((Array.IndexOf(screen.Text(), "ONE"), 0), (screen.Row, screen.Column));
    }

    [Fact]
    public void A_lower_frame_leaves_nothing_of_a_higher_one()
    {
        var screen = new Screen(Width, 6, 5);
        screen.Write(Render(["one", "two", "three", "four"], isSaved: false));
        screen.Write(Render(["1", "2"], isSaved: true));

        Assert.Equal(["", "", "1", "2", "", ""], screen.Text());
    }

    [Fact]
    public void Without_a_saved_place_a_frame_begins_where_the_cursor_went_with_the_text()
    {
        var screen = new Screen(Width, 6, 0);
        screen.Write(Render(["one", "two"], isSaved: false));
        screen.Insert("a line that was wrapped");
        screen.Write(Render(["1", "2"], isSaved: false));

        Assert.Equal(["a line that was wrapped", "1", "2", "", "", ""], screen.Text());
    }

    private static string Render(string[] lines, bool isSaved)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width;
        console.Write(new ScreenFrame([.. lines.Select(line => (IReadOnlyList<LinePiece>)[new LinePiece(line)])], isSaved, false));
        return writer.ToString().Replace("\n", "\r\n", StringComparison.Ordinal);
    }

    private sealed class Screen(int width, int height, int row)
    {
        private readonly List<char[]> lines = [.. Enumerable.Range(0, height).Select(_ => Blank(width))];
        private (int Row, int Column) saved;

        public int Row { get; private set; } = row;

        public int Column { get; private set; }

        public string[] Text() => [.. lines.Select(line => new string(line).TrimEnd())];

        /// <summary>A line more above all others, as when a longer one is wrapped: the cursor goes along, the saved place does not.</summary>
        public void Insert(string text)
        {
            lines.Insert(0, text.ToCharArray());
            lines.RemoveAt(height);
            Row++;
        }

        public void Write(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '\r':
                        Column = 0;
                        break;
                    case '\n' when Row == height - 1:
                        lines.RemoveAt(0);
                        lines.Add(Blank(width));
                        break;
                    case '\n':
                        Row++;
                        break;
                    case '\u001b':
                        i = Escape(text, i + 1);
                        break;
                    default:
                        lines[Row][Column++] = text[i];
                        break;
                }
            }
        }

        // Returns the index of the last character of the sequence.
        private int Escape(string text, int index)
        {
            if (text[index] == '7')
            {
                saved = (Row, Column);
                return index;
            }

            if (text[index] == '8')
            {
                (Row, Column) = saved;
                return index;
            }

            Assert.Equal('[', text[index]);
            int end = text.IndexOfAny(['A', 'J', 'K'], index);
            if (text[end] == 'A')
            {
                Row = Math.Max(0, Row - int.Parse(text.AsSpan(index + 1, end - index - 1), System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                Array.Fill(lines[Row], ' ', Column, width - Column);
                for (int below = Row + 1; text[end] == 'J' && below < height; below++)
                {
                    lines[below] = Blank(width);
                }
            }

            return end;
        }

        private static char[] Blank(int width) => [.. Enumerable.Repeat(' ', width)];
    }
}
