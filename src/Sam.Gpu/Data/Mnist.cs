namespace Sam.Gpu.Data;

/// <summary>The MNIST digits of LeCun, Cortes and Burges, from the four IDX files as their authors publish them.</summary>
public static class Mnist
{
    private const int Digits = 10;

    // 255 is the largest pixel: the division by 256 is exact.
    private const double Scale = 256;

    /// <summary>Reads the training set and, where its two files are there, the test set.</summary>
    /// <param name="folder">
    /// The folder with <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and, if wanted, <c>t10k-images-idx3-ubyte</c>
    /// and <c>t10k-labels-idx1-ubyte</c>, each gzipped (<c>.gz</c>) or not, also spelt with a dot (<c>train-images.idx3-ubyte</c>).
    /// </param>
    /// <param name="name">The name of the data set.</param>
    /// <returns>
    /// Inputs [examples, rows * columns]: pixel/256 less the mean image, as google-deepmind/sam_edge prepares them. The mean is
    /// that of the whole training file, for the test images too, and <see cref="DataSet.Take"/> does not change it.
    /// </returns>
    /// <exception cref="DataException">A file is missing, damaged, of the wrong length or magic number, or does not fit the others.</exception>
    public static DataSet Load(string folder, string name = "mnist")
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (images, labels) = ReadPair(folder, "train");
        var mean = MeanImage(images);
        DataSet? test = null;
        if (Find(folder, "t10k-images", 3) is not null || Find(folder, "t10k-labels", 1) is not null)
        {
            var (testImages, testLabels) = ReadPair(folder, "t10k");
            if (!testImages.Shape.AsSpan(1).SequenceEqual(images.Shape.AsSpan(1)))
            {
                throw new DataException(
                    $"'{testImages.Path}' has images of {Size(testImages)} pixels at byte 8; expected {Size(images)} as in "
                    + $"'{images.Path}'. Take the files from one source.");
            }

            test = Create($"{name} (test)", testImages, testLabels, mean, null);
        }

        return Create(name, images, labels, mean, test);
    }

    private static (IdxFile Images, int[] Labels) ReadPair(string folder, string prefix)
    {
        var images = IdxFile.Read(Require(folder, $"{prefix}-images", 3), 3);
        var labels = IdxFile.Read(Require(folder, $"{prefix}-labels", 1), 1);
        if (labels.Shape[0] != images.Shape[0])
        {
            throw new DataException(
                $"'{labels.Path}' has {labels.Shape[0]} labels at byte 4; expected {images.Shape[0]}, the number of images in "
                + $"'{images.Path}'. Take the files from one source.");
        }

        var wrong = Array.FindIndex(labels.Values, label => label >= Digits);
        if (wrong >= 0)
        {
            throw new DataException(
                $"'{labels.Path}' has the label {labels.Values[wrong]} at byte {wrong + 8}; expected 0 to {Digits - 1}. Fetch the "
                + "file again.");
        }

        return (images, Array.ConvertAll(labels.Values, label => (int)label));
    }

    private static DataSet Create(string name, IdxFile images, int[] labels, double[] mean, DataSet? test) =>
        DataSet.ForClassification(
            name, new CenteredPixelMatrix(images.Values, mean, labels.Length), labels, Digits, test, [1, images.Shape[1], images.Shape[2]]);

    private static double[] MeanImage(IdxFile images)
    {
        // Whole numbers until the end: one rounding, and no order of summation.
        var sums = new long[images.Shape[1] * images.Shape[2]];
        for (var first = 0; first < images.Values.Length; first += sums.Length)
        {
            var image = images.Values.AsSpan(first, sums.Length);
            for (var pixel = 0; pixel < image.Length; pixel++)
            {
                sums[pixel] += image[pixel];
            }
        }

        return Array.ConvertAll(sums, sum => sum / (images.Shape[0] * Scale));
    }

    private static string Require(string folder, string stem, int axes) =>
        Find(folder, stem, axes) ?? throw new DataException(
            $"There is no file '{stem}-idx{axes}-ubyte' or '{stem}-idx{axes}-ubyte.gz' in "
            + $"'{Path.GetFullPath(folder)}'{(Directory.Exists(folder) ? "" : ", which does not exist")}. "
            + "Its authors publish it at http://yann.lecun.com/exdb/mnist/; put the four files of MNIST in a folder and name it with "
            + "--data mnist:DIR, or put them in 'mnist' below the folder that --data-root or SAMGPU_DATA names.");

    private static string? Find(string folder, string stem, int axes)
    {
        string[] names = [$"{stem}-idx{axes}-ubyte", $"{stem}-idx{axes}-ubyte.gz", $"{stem}.idx{axes}-ubyte", $"{stem}.idx{axes}-ubyte.gz"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static string Size(IdxFile images) => $"{images.Shape[1]} x {images.Shape[2]}";
}
