namespace Sam.Gpu.Data;

/// <summary>The CIFAR-10 images of Krizhevsky, Nair and Hinton, from the files of their binary version.</summary>
/// <remarks>
/// A file is records of 3073 bytes without a header: the class, then 1024 red, 1024 green and 1024 blue pixels, each row by row. Any number
/// of whole records is allowed, and those of <c>data_batch_1.bin</c> … <c>data_batch_5.bin</c> that are there are the training set.
/// </remarks>
public static class Cifar10
{
    private const int Classes = 10;
    private const int Channels = 3;
    private const int Side = 32;
    private const int Pixels = Channels * Side * Side;
    private const int Record = 1 + Pixels;
    private const int Batches = 5;

    /// <summary>Reads the training set and, where its file is there, the test set, <c>test_batch.bin</c>.</summary>
    /// <param name="folder">The folder with the files, such as <c>cifar-10-batches-bin</c>.</param>
    /// <param name="name">The name of the data set.</param>
    /// <param name="isStandardized">Whether each pixel is divided by its deviation, not only less its mean.</param>
    /// <returns>
    /// Inputs [examples, 3, 32, 32]. pixel/256 less the mean image, as google-deepmind/sam_edge prepares them; or, standardized, pixel/255
    /// less the mean, over the standard deviation of its place, as locuslab/edge-of-stability does. Mean and deviation are those of all training
    /// examples in the folder, for the test images too, and <see cref="DataSet.Take"/> does not change them.
    /// </returns>
    /// <exception cref="DataException">A file is missing, truncated or has a label that is no class.</exception>
    public static DataSet Load(string folder, string name = "cifar10", bool isStandardized = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] files =
            [.. Enumerable.Range(1, Batches).Select(i => Path.Combine(folder, $"data_batch_{i}.bin")).Where(File.Exists)];
        if (files.Length == 0)
        {
            throw new DataException(
                $"There is no file 'data_batch_1.bin' … 'data_batch_{Batches}.bin' in '{Path.GetFullPath(folder)}'"
                + $"{(Directory.Exists(folder) ? "" : ", which does not exist")}. The binary version of CIFAR-10 is published at "
                + "https://www.cs.toronto.edu/~kriz/cifar.html; put its files in a folder and name it with --data cifar10:DIR, or put them in "
                + "'cifar10' below the folder that --data-root or SAMGPU_DATA names.");
        }

        var train = Read(files);
        var (mean, scale) = Statistics(train.Pixels, isStandardized);
        string testFile = Path.Combine(folder, "test_batch.bin");
        var test = File.Exists(testFile) ? Create($"{name} (test)", Read([testFile]), mean, scale, null) : null;
        return Create(name, train, mean, scale, test);
    }

    private static DataSet Create(string name, (byte[] Pixels, int[] Labels) part, double[] mean, double[] scale, DataSet? test) =>
        DataSet.ForClassification(
            name, new NormalizedPixelMatrix(part.Pixels, mean, scale, part.Labels.Length), part.Labels, Classes, test, [Channels, Side, Side]);

    // What each pixel, 0 to 255, is less of and divided by. The sums are whole numbers: one rounding at the end, and no order of summation.
    private static (double[] Mean, double[] Scale) Statistics(byte[] pixels, bool isStandardized)
    {
        long count = pixels.Length / Pixels;
        var sums = new long[Pixels];
        var squares = new long[Pixels];
        for (int start = 0; start < pixels.Length; start += Pixels)
        {
            var image = pixels.AsSpan(start, Pixels);
            for (int place = 0; place < image.Length; place++)
            {
                sums[place] += image[place];
                squares[place] += image[place] * image[place];
            }
        }

        // n Σ p² − (Σ p)² is exact: below 2⁶³ up to ten million images. A pixel that never changes is 0 whatever divides it.
        double[] mean = Array.ConvertAll(sums, sum => (double)sum / count);
        double[] deviation = [.. squares.Zip(sums, (square, sum) => Math.Sqrt((count * square) - (sum * sum)) / count)];
        double[] scale = Array.ConvertAll(deviation, number => !isStandardized ? 256 : number > 0 ? number : 255);
        return (mean, scale);
    }

    private static (byte[] Pixels, int[] Labels) Read(string[] files)
    {
        byte[][] contents = [.. files.Select(ReadRecords)];
        int count = contents.Sum(content => content.Length / Record);
        var pixels = new byte[count * Pixels];
        var labels = new int[count];
        int next = 0;
        for (int file = 0; file < files.Length; file++)
        {
            var content = contents[file].AsSpan();
            for (int start = 0; start < content.Length; start += Record)
            {
                labels[next] = content[start] < Classes
                    ? content[start]
                    : throw new DataException(
                        $"'{files[file]}' has the label {content[start]} at byte {start}; expected 0 to {Classes - 1}. Fetch the file again.");
                content.Slice(start + 1, Pixels).CopyTo(pixels.AsSpan(next * Pixels));
                next++;
            }
        }

        return (pixels, labels);
    }

    private static byte[] ReadRecords(string path)
    {
        using var file = DataFile.Open(path);
        if (file.Length == 0 || file.Length % Record != 0)
        {
            long whole = file.Length / Record;
            throw new DataException(
                $"'{path}' is truncated: its last record begins at byte {whole * Record}, expected {Record} bytes (a label and "
                + $"{Channels} x {Side} x {Side} pixels), found {file.Length % Record}. Fetch the file again.");
        }

        // More would not fit into one array, and CIFAR-10 has 10 000 records a file.
        if (file.Length / Record > Array.MaxLength / Pixels / Batches)
        {
            throw new DataException(
                $"'{path}' has {file.Length} bytes; expected at most {Array.MaxLength / Pixels / Batches * (long)Record}. Is it a file of CIFAR-10?");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
