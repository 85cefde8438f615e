using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>On which examples a run measures, and what it says of them.</summary>
public sealed class SelectedExamplesTests
{
    private const string Small = "data=gaussian-classes:examples=60 network=mlp:8 steps=6 measure-every=3 eigenvalues=1 threads=1 precision=double ";

    [Fact]
    public void The_spectrum_of_the_batch_is_that_of_the_batch_of_the_next_step()
    {
        RecipeRun.Of("demo", Small + "optimizer=sgd batch-size=20 spectrum-data=batch", folder =>
        {
            // Loss and gradient norm of a measurement are those that the step after it sees, bit for bit: the same examples and parameters.
            var metrics = Table(folder, "metrics.csv");
            var spectrum = Table(folder, "spectrum.csv");
            foreach (var row in spectrum.Where(row => row["step"] != "6"))
            {
                var step = Assert.Single(metrics, other => other["step"] == row["step"]);
                Assert.Equal(step["loss"], row["loss"]);
                Assert.Equal(step["gradient_norm"], row["gradient_norm"]);
            }
        });
    }

    [Fact]
    public void Measuring_the_batch_does_not_change_the_training()
    {
        string[] losses = new string[2];
        for (int i = 0; i < 2; i++)
        {
            RecipeRun.Of("demo", Small + $"optimizer=sam batch-size=20 spectrum-data={(i == 0 ? "batch" : "all")}", folder =>
                losses[i] = string.Join(' ', Table(folder, "metrics.csv").Select(row => row["loss"])));
        }

        Assert.Equal(losses[0], losses[1]);
    }

    [Fact]
    public void The_spectrum_of_the_first_examples_is_that_of_a_run_on_them()
    {
        var first = RecipeRun.Of("demo", Small + "optimizer=gd spectrum-data=first:25");
        var alone = RecipeRun.Of("demo", Small + "optimizer=gd examples=25");

        // At step 0 both have the same parameters.
        Assert.Equal(alone.Measurements[0].Loss, first.Measurements[0].Loss);
        Assert.Equal(alone.Measurements[0].Eigenvalues, first.Measurements[0].Eigenvalues);
        Assert.NotEqual(alone.Measurements[1].Loss, first.Measurements[1].Loss);
    }

    [Fact]
    public void Run_json_names_the_examples_of_the_spectrum_by_their_hash()
    {
        string first = DataSource.Parse("gaussian-classes:examples=60", ".").Take(25).Hash;
        RecipeRun.Of("demo", Small + "spectrum-data=first:25", folder =>
        {
            var spectrum = Spectrum(folder);
            Assert.Equal("first:25", spectrum["data"]!.GetValue<string>());
            Assert.Equal(25, spectrum["examples"]!.GetValue<int>());
            Assert.Equal(first, spectrum["sha256"]!.GetValue<string>());
        });
    }

    [Fact]
    public void Run_json_names_the_measured_batches_by_their_hash()
    {
        string[] hashes = new string[3];
        for (int i = 0; i < hashes.Length; i++)
        {
            RecipeRun.Of("demo", Small + $"optimizer=sgd batch-size=20 spectrum-data=batch seed={i / 2}", folder =>
            {
                var spectrum = Spectrum(folder);
                Assert.Equal(20, spectrum["examples"]!.GetValue<int>());
                hashes[i] = spectrum["batches-sha256"]!.GetValue<string>();
            });
        }

        Assert.Equal(64, hashes[0].Length);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public void Epochs_are_counted_in_whole_batches()
    {
        // 60 examples make two batches of 25: the rest waits for another order.
        var summary = RecipeRun.Of("demo", Small + "optimizer=sgd batch-size=25");

        Assert.Equal([0, 1.5, 3], summary.Measurements.Select(measurement => measurement.Epoch));
        Assert.Equal(3, summary.Epochs);
    }

    [Fact]
    public void Loss_and_error_of_test_examples_are_those_of_a_run_on_them()
    {
        var summary = RecipeRun.Of("demo", Small + "test-data=first:40");

        // The test set as training data, at step 0 and so with the same parameters.
        var test = DataSource.Parse("gaussian-classes:examples=60", ".").Test!.Take(40);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npz");
        try
        {
            var inputs = new double[40 * test.Features];
            test.Inputs.CopyRows(0, 40, inputs.AsSpan());
            NumpyArchive.Write(
                file,
                new Dictionary<string, NumpyArray> { ["x"] = NumpyArray.Of(inputs, 40, test.Features), ["y"] = NumpyArray.Of(test.Labels.ToArray(), 40) });
            var alone = RecipeRun.Of("demo", Small + $"data=npz:{file}");

            Assert.Equal(alone.Measurements[0].Loss, summary.Measurements[0].TestLoss);
            Assert.Equal(1 - alone.Measurements[0].Accuracy, summary.Measurements[0].TestError);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_is_not_asked_for_is_not_measured() =>
        Assert.All(RecipeRun.Of("demo", Small).Measurements, measurement => Assert.True(double.IsNaN(measurement.TestLoss)));

    [Theory]
    [InlineData("spectrum-data=first:61", "--spectrum-data first:61: gaussian-classes:*has 60 examples. Give first:1 to first:60, or all.")]
    [InlineData("test-data=first:61", "--test-data first:61: *has 60 examples.*")]
    [InlineData("data=chebyshev-5-20 test-data=all", "--test-data all: chebyshev-5-20 has no examples for testing.*")]
    [InlineData("spectrum-data=none", "spectrum-data 'none' is not allowed: give all, batch or first:N*")]
    [InlineData("spectrum-data=first:0", "spectrum-data 'first:0' is not allowed*")]
    [InlineData("test-data=batch", "test-data 'batch' is not allowed: give none, all or first:N*")]
    public void Wrong_selections_are_refused(string settings, string message)
    {
        var error = Assert.Throws<UsageException>(() => RecipeRun.Of("demo", Small + settings));

        Assert.Matches("^" + string.Join(".*", message.Split('*').Select(Regex.Escape)), error.Message);
    }

    private static JsonNode Spectrum(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!["spectrum"]!;

    private static IReadOnlyList<Dictionary<string, string>> Table(string folder, string name)
    {
        string[][] lines = [.. File.ReadAllLines(Path.Combine(folder, name)).Select(line => line.Split(','))];
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
