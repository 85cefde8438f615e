namespace Sam.Gpu;

/// <summary>What to say about a name that is not known: the nearest one that is, and all that are allowed.</summary>
public static class Suggestions
{
    // Shorter beginnings fit too much to be a hint of anything.
    private const int ShortestPrefix = 3;

    /// <summary>The allowed name that is nearest to the given one, or null if none is near.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="allowed">What is allowed; of equally near names the first one is taken.</param>
    /// <remarks>
    /// Near means: at most one edit for every three letters given, and never less than one (an edit is a letter too many,
    /// missing, wrong, or swapped with its neighbour: Damerau-Levenshtein distance, case ignored); or else the beginning of
    /// exactly one allowed name, three letters at least.
    /// </remarks>
    public static string? Nearest(string given, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(allowed);
        var names = allowed.ToArray();
        string? nearest = null;
        var limit = Math.Max(1, given.Length / 3) + 1;
        foreach (var name in names)
        {
            var distance = Distance(given, name);

            // A name of which no letter was given is not near, however short it is.
            if (distance < limit && distance < Math.Max(given.Length, name.Length))
            {
                nearest = name;
                limit = distance;
            }
        }

        if (nearest is not null || given.Length < ShortestPrefix)
        {
            return nearest;
        }

        var longer = names.Where(name => name.StartsWith(given, StringComparison.OrdinalIgnoreCase)).ToArray();
        return longer.Length == 1 ? longer[0] : null;
    }

    /// <summary>The error for a name that is not known: what was given, the nearest name, and all that are allowed.</summary>
    /// <param name="kind">What the name stands for, such as "activation".</param>
    /// <param name="given">What was given.</param>
    /// <param name="allowed">All that is allowed, in the order to show.</param>
    public static UsageException Unknown(string kind, string given, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var names = allowed.ToArray();
        var nearest = Nearest(given, names);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return new UsageException($"Unknown {kind} '{given}'.{hint} Allowed: {string.Join(", ", names)}.");
    }

    /// <summary>Damerau-Levenshtein distance in its optimal string alignment form: no part is edited twice.</summary>
    internal static int Distance(string first, string second)
    {
        var distances = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            distances[i, 0] = i;
        }

        for (var j = 0; j <= second.Length; j++)
        {
            distances[0, j] = j;
        }

        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
            {
                var substitution = Same(first[i - 1], second[j - 1]) ? 0 : 1;
                var best = Math.Min(distances[i - 1, j - 1] + substitution, Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(first[i - 1], second[j - 2]) && Same(first[i - 2], second[j - 1]))
                {
                    best = Math.Min(best, distances[i - 2, j - 2] + 1);
                }

                distances[i, j] = best;
            }
        }

        return distances[first.Length, second.Length];
    }

    private static bool Same(char first, char second) => char.ToUpperInvariant(first) == char.ToUpperInvariant(second);
}
