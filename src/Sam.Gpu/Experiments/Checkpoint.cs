using Sam.Gpu.Curvature;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>The file with all that the future of a run depends on: written whole or not at all, over the one before.</summary>
/// <remarks>
/// An .npz archive: <c>settings</c>, JSON in UTF-8 as uint8; <c>state/NAME</c> for each <see cref="StateItem"/>, [length], float32 where that
/// holds the numbers exactly; and for each eigensolver <c>NAME/vectors</c> [count, P] and <c>NAME/random-position</c>. Arrays are downloaded one after
/// the other, so that writing takes the host no more memory than the largest of them, and the device none.
/// </remarks>
internal static class Checkpoint
{
    /// <summary>The name of the file in the folder of a run.</summary>
    public const string FileName = "checkpoint.npz";

    private const string Settings = "settings";
    private const string Vectors = "/vectors";
    private const string RandomPosition = "/random-position";

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What the run computes, and with what.</param>
    /// <param name="state">The numbers that live from step to step.</param>
    /// <param name="eigensolvers">What the next measurement depends on, by the names of the eigensolvers.</param>
    /// <param name="dimension">P.</param>
    /// <param name="precision">The precision of the device.</param>
    /// <exception cref="DataException">The file cannot be written; the one before is as it was.</exception>
    public static void Write(
        string path, CheckpointSettings settings, IReadOnlyList<StateItem> state,
        IEnumerable<(string Name, EigensolverState State)> eigensolvers, int dimension, Precision precision)
    {
        IEnumerable<KeyValuePair<string, NumpyArray>> Arrays()
        {
            byte[] text = settings.ToBytes();
            yield return new(Settings, NumpyArray.Of(text, text.Length));
            foreach (var item in state)
            {
                double[] numbers = new double[item.Length];
                item.Read(numbers);
                yield return new(NameOf(item), Exact(numbers, item.Precision, item.Length));
            }

            foreach (var (name, eigensolver) in eigensolvers)
            {
                var vectors = eigensolver.Vectors.ToArray();
                yield return new(name + Vectors, Exact(vectors, precision, vectors.Length / dimension, dimension));
                yield return new(name + RandomPosition, NumpyArray.Of([unchecked((long)eigensolver.RandomPosition)]));
            }
        }

        NumpyArchive.Write(path, Arrays());
    }

    /// <summary>Reads the settings alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is missing or damaged, or is no checkpoint.</exception>
    public static CheckpointSettings ReadSettings(string path)
    {
        using var archive = NumpyArchive.Open(path);
        var text = archive.Read(Settings);
        return text.Type == NumpyType.UInt8
            ? CheckpointSettings.Parse(text.AsSpan<byte>(), path)
            : throw new DataException(
                $"Array '{Settings}' of '{path}' is {text.Description}; expected JSON as uint8. The file is no checkpoint of samgpu: restore it.");
    }

    /// <summary>Writes the numbers of the file to where they belong.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">The numbers that live from step to step.</param>
    /// <param name="eigensolvers">The eigensolvers by their names.</param>
    /// <exception cref="DataException">An array is missing or damaged, or has another length.</exception>
    public static void Restore(string path, IReadOnlyList<StateItem> state, IEnumerable<(string Name, Eigensolver Solver)> eigensolvers)
    {
        using var archive = NumpyArchive.Open(path);
        foreach (var item in state)
        {
            item.Write(Read(archive, path, NameOf(item), item.Length).ToDoubles());
        }

        foreach (var (name, eigensolver) in eigensolvers)
        {
            var vectors = archive.Read(name + Vectors);
            ulong position = unchecked((ulong)Read(archive, path, name + RandomPosition, 1).ToInt64s()[0]);
            try
            {
                eigensolver.Restore(new EigensolverState(vectors.ToDoubles(), position));
            }
            catch (ArgumentException exception)
            {
                throw new DataException($"Array '{name}{Vectors}' of '{path}': {exception.Message} Restore the file.", exception);
            }
        }
    }

    private static string NameOf(StateItem item) => $"state/{item.Name}";

    private static NumpyArray Read(NumpyArchive archive, string path, string name, int length)
    {
        var array = archive.Read(name);
        return array.Count == length
            ? array
            : throw new DataException(
                FormattableString.Invariant($"Array '{name}' of '{path}' is {array.Description}; the run has {length} numbers there. ")
                + "The file is that of another run: restore it.");
    }

    private static NumpyArray Exact(double[] numbers, Precision precision, params int[] shape) =>
        precision == Precision.Double ? NumpyArray.Of(numbers, shape) : NumpyArray.Of(Array.ConvertAll(numbers, number => (float)number), shape);
}
