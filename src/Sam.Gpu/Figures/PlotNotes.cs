using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>Says in small print what a figure could not show as asked.</summary>
internal static class PlotNotes
{
    /// <summary>The figure's own notes, then those on points that are missing or marked.</summary>
    public static IReadOnlyList<string> Of(Figure figure, AxisRange xRange, AxisRange yRange)
    {
        int notPositive = 0;
        int notFinite = 0;
        int beyond = 0;
        int unconverged = 0;
        var empty = new List<string>();
        foreach (FigureSeries series in figure.Series)
        {
            bool anything = series.Label is null;
            int missing = 0;
            for (int index = 0; index < series.Y.Count; index++)
            {
                double lowest = series.Role == SeriesRole.Band ? series.Lower![index] : series.Y[index];
                double x = series.SpansPlot ? xRange.Minimum : series.X[index];
                double y = series.Y[index];
                if (!(double.IsFinite(x) && double.IsFinite(y) && double.IsFinite(lowest)))
                {
                    missing++;
                }
                else if (!(xRange.Shows(x) && yRange.Shows(y) && yRange.Shows(lowest)))
                {
                    notPositive++;
                }
                else
                {
                    anything = true;
                    unconverged += series.Unconverged?[index] == true ? 1 : 0;
                    beyond += IsBeyond(xRange, x) || IsBeyond(yRange, y) || IsBeyond(yRange, lowest) ? 1 : 0;
                }
            }

            // A series of which nothing was measured is named, not counted.
            if (!anything && missing == series.Y.Count)
            {
                empty.Add(series.Label!);
            }
            else
            {
                notFinite += missing;
            }
        }

        var notes = new List<string>(figure.Notes);
        if (unconverged > 0)
        {
            notes.Add("Open markers: not converged.");
        }

        AddCount(notPositive, "not shown: not positive.");
        AddCount(notFinite, "not shown: not measured or not finite.");
        AddCount(beyond, "beyond the axes.");
        if (empty.Count > 0)
        {
            notes.Add("No data: " + string.Join(", ", empty) + ".");
        }

        return notes;

        void AddCount(int count, string what)
        {
            if (count > 0)
            {
                notes.Add(count.ToString(CultureInfo.InvariantCulture) + (count == 1 ? " point " : " points ") + what);
            }
        }

        static bool IsBeyond(AxisRange range, double value) => range.Fraction(value) is < -1e-9 or > 1 + 1e-9;
    }
}
