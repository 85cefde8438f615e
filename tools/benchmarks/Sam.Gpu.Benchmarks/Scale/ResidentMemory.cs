using System.Globalization;

namespace Sam.Gpu.Benchmarks.Scale;

/// <summary>The memory of this process that lies in RAM, as Linux tells it; NaN elsewhere.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";
    private const string Marks = "/proc/self/clear_refs";

    // "5" puts the high-water mark down to what is resident now: proc(5).
    private const string ResetHighWaterMark = "5";

    /// <summary>What is resident now, in bytes.</summary>
    public static double Now => Read("VmRSS:");

    /// <summary>The most that was resident since <see cref="ResetPeak"/>, in bytes.</summary>
    public static double Peak => Read("VmHWM:");

    /// <summary>Forgets the peak so far.</summary>
    public static void ResetPeak()
    {
        if (File.Exists(Marks))
        {
            File.WriteAllText(Marks, ResetHighWaterMark);
        }
    }

    private static double Read(string name)
    {
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return line is null
            ? double.NaN
            : 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
