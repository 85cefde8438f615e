namespace Sam.Gpu.Benchmarks;

/// <summary>Two sides that are timed take turns, and turns at being first, so that a machine that changes its speed changes it for both.</summary>
internal static class Turns
{
    /// <summary>Lets each side have its turn in every repetition.</summary>
    /// <param name="repetitions">The repetitions.</param>
    /// <param name="one">A side: gets the number of the repetition.</param>
    /// <param name="other">The other side.</param>
    public static void Take(int repetitions, Action<int> one, Action<int> other)
    {
        for (int i = 0; i < repetitions; i++)
        {
            var (first, second) = i % 2 == 0 ? (one, other) : (other, one);
            first(i);
            second(i);
        }
    }
}
