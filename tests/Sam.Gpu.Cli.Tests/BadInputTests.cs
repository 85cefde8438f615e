using System.Buffers.Binary;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("rnu", "Unknown command 'rnu'", "'run'")]
    [InlineData("run deno", "Unknown recipe 'deno'", "'demo'")]
    [InlineData("run --stepsize 1", "Unknown option '--stepsize'", "'--step-size'")]
    [InlineData("run --stepsize=1", "Unknown option '--stepsize'", "'--step-size'")]
    [InlineData("run demo --sed 1", "Unknown option '--sed'", "'--seed'")]
    [InlineData("plot --sise single x", "Unknown option '--sise'", "'--size'")]
    [InlineData("run --set rh=1", "Unknown key 'rh'", "'rho'")]
    [InlineData("run --set rho", "--set 'rho'", "KEY=VALUE")]
    [InlineData("run demo demo", "'demo'", "one argument too many")]
    [InlineData("run --rho", "--rho needs a value", "radius")]
    [InlineData("run --rho 1 --rho 2", "--rho is given 2 times", "once")]
    [InlineData("run --step-size 0", "--step-size '0'", "above 0")]
    [InlineData("run --step-size -0.1", "--step-size '-0.1'", "above 0")]
    [InlineData("run --step-size NaN", "--step-size 'NaN'", "above 0")]
    [InlineData("run --step-size 0,05", "--step-size '0,05'", "such as 0.05")]
    [InlineData("run --rho -1", "--rho '-1'", "≥ 0")]
    [InlineData("run --rho=nan", "--rho 'nan'", "≥ 0")]
    [InlineData("run --set rho=-1", "rho '-1'", "≥ 0")]
    [InlineData("run --momentum 1", "--momentum '1'", "below 1")]
    [InlineData("run --steps 1.5", "--steps '1.5'", "integer")]
    [InlineData("run --measure-every 0", "--measure-every '0'", "≥ 1")]
    [InlineData("run --precision half", "--precision 'half'", "float or double")]
    [InlineData("run --activation tahn", "Unknown activation 'tahn'", "'tanh'")]
    [InlineData("run --loss msse", "Unknown loss 'msse'", "'mse'")]
    [InlineData("run --optimizer smam", "Unknown optimizer 'smam'", "'sam'")]
    [InlineData("run --initialization he-norml", "Unknown initialization 'he-norml'", "'he-normal'")]
    [InlineData("run --network mpl:3", "Unknown network 'mpl'", "'mlp'")]
    [InlineData("run --network cnn:16", "cnn:16", "mlp")]
    [InlineData("run --network transformer:heads=0", "heads '0'", "1 to 100000")]
    [InlineData("run --data text:none.txt", "text:none.txt", "transformer")]
    [InlineData("run --data minst", "Unknown data set 'minst'", "'mnist'")]
    [InlineData("run --data chebyshev-5-20 --examples 21", "21", "20")]
    [InlineData("run --data chebyshev-5-20 --optimizer sgd --batch-size 21", "--batch-size 21", "20 examples")]
    [InlineData("run --name a/b", "--name 'a/b'", "folder")]
    [InlineData("plot", "RUN", "")]
    [InlineData("plot x --size 10x10", "--size '10x10'", "millimetres")]
    [InlineData("plot x --size ICMM", "--size 'ICMM'", "'icml'")]
    [InlineData("list", "what to list", "recipes")]
    [InlineData("list loss", "Unknown list 'loss'", "'losses'")]
    [InlineData("evaluate --network mlp:3", "--activation, --loss, --parameters, --inputs, --output", "needs")]
    public void A_mistake_in_the_words_is_exit_code_2_with_what_was_given_and_the_cure(string words, string given, string cure)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = words.Split(' ');
        AssertRefused(2, arguments[0] == "run" ? [.. arguments, "--output", folder["out"]] : arguments, folder, given, cure);
    }

    [Fact]
    public void An_error_in_the_words_points_to_the_help_of_its_command_in_a_line()
    {
        var result = Cli.Run("run", "--stepsize", "1");

        Assert.Equal(["samgpu: error: Unknown option '--stepsize'. Did you mean '--step-size'?", "see samgpu run --help"], Lines(result.Error));
    }

    [Fact]
    public void An_output_folder_that_exists_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("out/metrics.csv", 1, 2, 3);

        AssertRefused(2, [.. Cli.SmallRun, "--output", folder["out"]], folder, folder["out"], "another folder");
    }

    [Fact]
    public void Missing_data_is_exit_code_3_and_says_where_the_files_come_from()
    {
        using var folder = new TemporaryFolder();

        AssertRefused(3, Mnist(folder), folder, "train-images", "http");
    }

    [Fact]
    public void A_missing_data_set_of_a_recipe_is_looked_for_below_the_data_root()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["run", "mnist-mlp", "--data-root", folder.Path, "--output", folder["out"]];

        AssertRefused(3, arguments, folder, folder["mnist"], "http");
    }

    [Theory]
    [InlineData("truncated", "is truncated")]
    [InlineData("too long", "too long")]
    [InlineData("wrong magic", "magic number")]
    [InlineData("labels that do not fit", "labels")]
    public void Damaged_data_is_exit_code_3_with_file_and_what_was_expected(string damage, string message)
    {
        using var folder = new TemporaryFolder();
        byte[] images = Idx([4, 2, 2]);
        byte[] labels = Idx([damage == "labels that do not fit" ? 3 : 4]);
        images[3] = damage == "wrong magic" ? (byte)9 : images[3];
        folder.Write("train-images-idx3-ubyte", damage switch { "truncated" => images[..^1], "too long" => [.. images, 0], _ => images });
        folder.Write("train-labels-idx1-ubyte", labels);

        AssertRefused(3, Mnist(folder), folder, folder["train-"], message, "expected");
    }

    [Fact]
    public void A_truncated_file_of_CIFAR_10_is_exit_code_3_with_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data_batch_1.bin", new byte[3073 + 100]);

        AssertRefused(
            3, ["run", "--data", "cifar10:" + folder.Path, "--network", "cnn:2", "--output", folder["out"]], folder,
            folder["data_batch_1.bin"], "begins at byte 3073", "expected 3073", "found 100");
    }

    [Theory]
    [InlineData("caf\u00e9 au lait", 3, "the byte 195 at byte 3")]
    [InlineData("a", 3, "expected at least 5")]
    [InlineData("abcdefghij", 2, "--batch-size 3 is more than the 2 examples")]
    public void A_text_that_is_none_or_too_short_says_so(string text, int code, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("t.txt", System.Text.Encoding.UTF8.GetBytes(text));
        string[] arguments =
        [
            "run", "--data", "text:" + folder["t.txt"], "--network", "transformer:layers=1,heads=1,key=2,model=2,sequence=4", "--optimizer", "sgd",
            "--batch-size", "3", "--output", folder["out"],
        ];

        AssertRefused(code, arguments, folder, message);
    }

    [Fact]
    public void Sound_data_of_the_same_kind_is_taken()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte", Idx([4, 2, 2]));
        folder.Write("train-labels-idx1-ubyte", Idx([4]));

        Assert.Equal(0, Cli.Run([.. Mnist(folder), "--steps", "2"]).ExitCode);
    }

    [Fact]
    public void An_archive_with_wrong_shapes_or_types_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        NumpyArchive.Write(folder["shape.npz"], [new("x", NumpyArray.Of(new double[6], 3, 2)), new("y", NumpyArray.Of(new long[2], 2))]);
        NumpyArchive.Write(folder["type.npz"], [new("x", NumpyArray.Of(new double[6], 3, 2)), new("y", NumpyArray.Of(new byte[12], 3, 2, 2))]);
        NumpyArchive.Write(folder["names.npz"], [new("z", NumpyArray.Of(new double[6], 3, 2))]);
        folder.Write("none.npz", 1, 2, 3);

        foreach (string name in (string[])["shape", "type", "names", "none", "missing"])
        {
            string file = folder[name + ".npz"];
            AssertRefused(3, ["run", "--data", "npz:" + file, "--output", folder["out"]], folder, file);
        }
    }

    [Theory]
    [InlineData("{", "JSON", 3)]
    [InlineData("{}", "configuration", 3)]
    [InlineData("{\"configuration\": {\"step-sise\": 1}}", "'step-size'", 2)]
    [InlineData("{\"configuration\": {\"step-size\": -1}}", "above 0", 2)]
    public void A_recipe_file_that_is_none_is_refused_with_its_name(string text, string message, int code)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("mine.json", System.Text.Encoding.UTF8.GetBytes(text));

        AssertRefused(code, ["run", file, "--output", folder["out"]], folder, file, message);
    }

    [Fact]
    public void A_recipe_file_that_is_missing_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();

        AssertRefused(3, ["run", folder["mine.json"], "--output", folder["out"]], folder, folder["mine.json"]);
    }

    [Fact]
    public void A_run_that_is_no_run_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();

        AssertRefused(3, ["plot", folder["run"]], folder, folder["run"]);
    }

    [Fact]
    public void An_output_that_cannot_be_a_folder_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", 1);

        AssertRefused(3, [.. Cli.SmallRun, "--output", folder["file/run"]], folder, folder["file"], "--output");
    }

    [Fact]
    public void A_full_disk_is_exit_code_3_and_what_was_written_stays()
    {
        using var folder = new TemporaryFolder();

        // A file system of 32 KiB, of this process alone.
        string script = "mount -t tmpfs -o size=32k none disk 2>/dev/null || { echo no-mount; exit 0; }; "
            + $"dotnet '{Cli.Program}' {string.Join(' ', Cli.SmallRunOf(2000, 100))} --output disk/run; echo \"code $?\"; ls disk/run";
        Directory.CreateDirectory(folder["disk"]);
        CliResult? result = null;
        try
        {
            using var process = Cli.StartProgram("unshare", folder.Path, ["--mount", "--map-root-user", "sh", "-c", script]);
            result = Cli.Finish(process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no 'unshare', which makes a small disk for one process");
        }

        if (result.ExitCode != 0 || result.Out.Contains("no-mount", StringComparison.Ordinal))
        {
            Assert.Skip("this machine does not let the test make a small disk");
        }

        string[] lines = Lines(result.Out);
        Assert.Equal("code 3", lines[0]);
        Assert.Contains("metrics.csv.part", lines);
        Assert.Contains("run.json", lines);
        Assert.Contains("metrics.csv' cannot be written", result.Error, StringComparison.Ordinal);
        Assert.Contains("Free some space", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "metrics.csv", 8, 2000)]
    [InlineData("trap '' XFSZ; ", "metrics.csv", 8, 2000)]
    [InlineData("", "parameters.npz", 300, 3)]
    public void A_limit_of_the_size_of_files_is_exit_code_3_as_well(string before, string file, int width, int steps)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such limit");
        }

        // 4 blocks are 2 or 4 KiB, as the shell has it. The runtime itself maps files beyond any limit unless it is told not to.
        using var folder = new TemporaryFolder();
        string[] arguments = [.. Cli.SmallRunOf(steps, 1000).Select(argument => argument == "mlp:8" ? $"mlp:{width}" : argument)];
        string script = $"{before}ulimit -f 4; exec dotnet '{Cli.Program}' {string.Join(' ', arguments)} --output run";
        using var process = Cli.StartProgram("sh", folder.Path, ["-c", script], ("DOTNET_EnableWriteXorExecute", "0"));
        var result = Cli.Finish(process);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains(file, result.Error, StringComparison.Ordinal);
        Assert.Contains("larger than a quota", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["run"], "*.tmp"));
    }

    private static void AssertRefused(int code, string[] arguments, TemporaryFolder folder, params string[] parts)
    {
        var before = folder.Inventory();

        var result = Cli.Run(arguments);

        Assert.Equal(code, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.StartsWith("samgpu: error: ", result.Error, StringComparison.Ordinal);
        foreach (string part in parts)
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
        Assert.InRange(Lines(result.Error).Length, 1, 2);
        Assert.Equal(before, folder.Inventory());
    }

    private static string[] Mnist(TemporaryFolder folder) =>
        ["run", "--data", "mnist:" + folder.Path, "--network", "mlp:3", "--threads", "1", "--output", folder["out"]];

    private static byte[] Idx(int[] shape)
    {
        byte[] file = new byte[4 + (4 * shape.Length) + shape.Aggregate(1, (product, length) => product * length)];
        (file[2], file[3]) = (8, (byte)shape.Length);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * axis)), shape[axis]);
        }

        for (int i = 4 + (4 * shape.Length); i < file.Length; i++)
        {
            file[i] = (byte)(i % 10);
        }

        return file;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
