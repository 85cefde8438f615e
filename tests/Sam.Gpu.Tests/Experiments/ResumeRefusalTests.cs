using System.Text;
using System.Text.Json.Nodes;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>What cannot be continued is refused, and every file is left as it was.</summary>
public sealed class ResumeRefusalTests : IDisposable
{
    private readonly ResumeBench bench = new();

    public ResumeRefusalTests() => bench.Run("run", "", interruptAt: 9);

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("rho=0.2", "--rho 0.2: the run '", "has rho 0.1")]
    [InlineData("optimizer=asam", "--optimizer asam", "has optimizer sam")]
    [InlineData("batch-size=none", "--batch-size none", "has batch-size 5")]
    [InlineData("measure-every=5", "--measure-every 5", "has measure-every 4")]
    [InlineData("precision=double", "--precision double", "has precision float")]
    [InlineData("chunk=3", "--chunk 3", "has chunk none")]
    [InlineData("seed=1", "--seed 1", "has seed 0")]
    [InlineData("steps=8", "--steps 8", "has taken 9 steps")]
    public void A_setting_that_would_change_the_run_is_refused(string settings, string given, string allowed) =>
        AssertRefused<UsageException>(() => bench.Resume("run", settings), given, allowed);

    [Theory]
    [InlineData("threads=2 steps=40 checkpoint-every=7 stop-loss=1e-9 device=auto rho=0.1")]
    public void A_setting_that_changes_no_bit_of_it_is_taken(string settings)
    {
        if (new DeviceCatalog().Find("auto").Kind == DeviceKind.Cpu && bench.Devices.Find("auto").Kind != DeviceKind.Cpu)
        {
            Assert.Skip("auto is a GPU here");
        }

        bench.Run("whole", "steps=40");
        bench.Resume("run", settings);

        bench.AssertSame("whole", "run");
    }

    [Fact]
    public void A_run_that_took_all_its_steps_is_asked_for_more_of_them()
    {
        bench.Resume("run");

        AssertRefused<UsageException>(() => bench.Resume("run"), "--steps 23", "has taken 23 steps");
    }

    [Fact]
    public void A_run_that_diverged_is_refused()
    {
        bench.Run("wild", "optimizer=gd batch-size=none step-size=1e30 activation=identity loss=half-squared-error checkpoint-every=1");

        AssertRefused<UsageException>(() => bench.Resume("wild"), "diverged", "--step-size");
    }

    [Fact]
    public void A_folder_without_a_run_or_a_checkpoint_says_what_was_expected()
    {
        AssertRefused<DataException>(() => bench.Resume("nothing"), "is no run", "checkpoint.npz");
        File.Delete(bench["run/checkpoint.npz"]);
        AssertRefused<DataException>(() => bench.Resume("run"), "has no checkpoint.npz", "--checkpoint-every");
    }

    [Fact]
    public void A_truncated_checkpoint_is_refused()
    {
        byte[] whole = File.ReadAllBytes(bench["run/checkpoint.npz"]);
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 13))
        {
            File.WriteAllBytes(bench["run/checkpoint.npz"], whole[..length]);
            AssertRefused<DataException>(() => bench.Resume("run"), "checkpoint.npz'");
        }
    }

    [Theory]
    [InlineData("state/parameters")]
    [InlineData("state/batches/order")]
    [InlineData("eigensolver/vectors")]
    [InlineData("settings")]
    public void A_checkpoint_with_a_changed_byte_is_refused(string array)
    {
        byte[] file = File.ReadAllBytes(bench["run/checkpoint.npz"]);

        // Behind the local header of the entry and that of the array, at least 64 bytes with its name.
        int at = file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(array + ".npy")) + array.Length + 4 + 130;
        file[at] ^= 1;
        File.WriteAllBytes(bench["run/checkpoint.npz"], file);

        AssertRefused<DataException>(() => bench.Resume("run"), array, "damaged");
    }

    [Theory]
    [InlineData("samgpu", "99.0.0", "99.0.0")]
    [InlineData("commit", "other", "other")]
    [InlineData("format", "2", "format 2")]
    public void A_checkpoint_of_another_version_is_refused(string member, string value, string found)
    {
        ChangeSettings(settings => settings[member] = value);

        AssertRefused<DataException>(() => bench.Resume("run"), found, Gpu.Experiments.Version.Number, "Continue the run with the version");
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_refused()
    {
        string file = bench["run/run.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"rho\": 0.1", "\"rho\": 0.25", StringComparison.Ordinal));

        AssertRefused<DataException>(() => bench.Resume("run"), "of a run with rho 0.1", "has 0.25");
    }

    [Fact]
    public void A_checkpoint_of_other_data_is_refused()
    {
        ChangeSettings(settings => settings["data-sha256"] = "0123");

        AssertRefused<DataException>(() => bench.Resume("run"), "expected the SHA-256 0123", "--data-root");
    }

    [Fact]
    public void A_checkpoint_with_an_array_of_another_length_is_refused()
    {
        ChangeArrays((name, array) => name == "state/parameters" ? NumpyArray.Of(new float[3], 3) : array);

        AssertRefused<DataException>(() => bench.Resume("run"), "state/parameters", "float32 (3,)");
    }

    [Fact]
    public void A_device_that_computes_other_bits_is_refused()
    {
        Device Create() => new CpuDevice<Simd128<float>>(1);
        using var own = new ResumeBench { Devices = new DeviceCatalog(new OneDevice(Create)) };
        own.Run("run", "device=ilgpu-cpu steps=3");
        using var other = new ResumeBench { Devices = new DeviceCatalog(new OneDevice(() => new CpuDevice<Simd256<float>>(1))) };
        Directory.Move(own["run"], other["run"]);
        var before = other.Inventory();

        var error = Assert.Throws<DeviceException>(() => other.Resume("run", "steps=5"));

        Assert.Contains("'CPU, 128-bit SIMD'; this is 'CPU, 256-bit SIMD'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Inventory());
    }

    [Theory]
    [InlineData("metrics.csv", "ends after 5 rows")]
    [InlineData("spectrum.csv", "ends after 2 rows")]
    public void A_table_that_lacks_rows_is_refused(string table, string found)
    {
        string[] lines = File.ReadAllLines(bench[$"run/{table}"]);
        File.WriteAllLines(bench[$"run/{table}"], lines.Take(table == "metrics.csv" ? 6 : 3));

        AssertRefused<DataException>(() => bench.Resume("run"), table, found, "Restore the file");
    }

    [Theory]
    [InlineData("metrics.csv", 4, "line 5")]
    [InlineData("spectrum.csv", 2, "line 3")]
    public void A_table_with_a_damaged_row_is_refused(string table, int line, string place)
    {
        string[] lines = File.ReadAllLines(bench[$"run/{table}"]);
        lines[line] = lines[line][..^9];
        File.WriteAllLines(bench[$"run/{table}"], [.. lines.Take(line), lines[line].Split(',')[0] + ",1"]);

        AssertRefused<DataException>(() => bench.Resume("run"), table, place);
    }

    [Fact]
    public void A_run_that_is_at_work_is_not_continued_by_another_process()
    {
        using (new RunLock(bench["run"]))
        {
            var error = Assert.Throws<UsageException>(() => bench.Resume("run"));
            Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(RunStatus.Completed, bench.Resume("run").Status);
    }

    [Fact]
    public void A_last_checkpoint_that_the_disk_does_not_take_keeps_no_other_file_from_being_written()
    {
        // A folder of its name stands in for the disk.
        bench.Run("other", "steps=9");

        var error = Assert.Throws<DataException>(
            () => bench.Run("full", "steps=9", started: () => Directory.CreateDirectory(bench["full/checkpoint.npz"])));

        Assert.Contains("checkpoint.npz'", error.Message, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(bench["other/parameters.npz"]), File.ReadAllBytes(bench["full/parameters.npz"]));
        Assert.Contains("\"status\": \"completed\"", File.ReadAllText(bench["full/run.json"]), StringComparison.Ordinal);
    }

    private void AssertRefused<E>(Action resume, params string[] parts)
        where E : SamGpuException
    {
        var before = bench.Inventory();

        var error = Assert.Throws<E>(resume);

        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, bench.Inventory());
    }

    private void ChangeSettings(Action<JsonObject> change) => ChangeArrays((name, array) =>
    {
        if (name != "settings")
        {
            return array;
        }

        var settings = (JsonObject)JsonNode.Parse(array.AsSpan<byte>())!;
        change(settings);
        byte[] text = Encoding.UTF8.GetBytes(settings.ToJsonString());
        return NumpyArray.Of(text, text.Length);
    });

    private void ChangeArrays(Func<string, NumpyArray, NumpyArray> change)
    {
        KeyValuePair<string, NumpyArray>[] arrays;
        using (var archive = NumpyArchive.Open(bench["run/checkpoint.npz"]))
        {
            arrays = [.. archive.Names.Select(name => KeyValuePair.Create(name, change(name, archive.Read(name))))];
        }

        NumpyArchive.Write(bench["run/checkpoint.npz"], arrays);
    }
}
