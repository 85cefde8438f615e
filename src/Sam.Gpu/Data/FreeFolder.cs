using System.Globalization;

namespace Sam.Gpu.Data;

/// <summary>Names for folders where nobody has given one.</summary>
internal static class FreeFolder
{
    /// <summary>The first of <c>runs/NAME</c>, <c>runs/NAME-2</c>, … that is not there now. Another program may take it meanwhile.</summary>
    public static string InRuns(string name) => In("runs", name);

    /// <summary>The same in any folder.</summary>
    public static string In(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        for (int number = 2; Path.Exists(path); number++)
        {
            path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
        }

        return path;
    }
}
