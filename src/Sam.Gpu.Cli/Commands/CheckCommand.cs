using System.CommandLine;
using System.Diagnostics;
using Sam.Gpu.Checks;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu check</c>: every kernel on a device against the CPU in double, and how fast the device is.</summary>
internal static class CheckCommand
{
    private static readonly (string Key, string Description)[] Keys =
    [
        ("device", ConfigurationKey.Find("device").Description),
        ("precision", "precision to check: float or double"),
        ("matmul", ConfigurationKey.Find("matmul").Description),
        ("seed", "seed of the random data"),
    ];

    private static readonly CommandHelp Help = new()
    {
        Default = option => option switch
        {
            "--device" => "auto",
            "--precision" => "float",
            "--matmul" => "auto",
            "--seed" => "0",
            _ => null,
        },
        Examples =
        [
            ("samgpu check", "checks the device that runs use by default"),
            ("samgpu check --device opencl --precision double", "checks another; the first launches compile its kernels"),
        ],
        Notes =
        [
            "Each row compares numbers of the device with those of the CPU in double, from the same inputs. The error is in ulp: the "
            + "distance between neighbouring numbers at the exact result, or, where terms may cancel, at the sum of their sizes. The row shows "
            + "the error that is nearest to its bound, or furthest beyond it.",
            "ok with a remark: out of the bound, but as OpenCL allows, for quotients and roots of float that are not correctly rounded "
            + "and for subnormal numbers taken for zero.",
            "Bandwidth counts what is read and what is written. The rate counts an addition and a multiplication a term.",
            "Exit code 0: all rows passed. 2: an option is not allowed. 4: a row failed, or the machine has no such device.",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(DeviceCatalog devices, Terminal terminal)
    {
        var options = Keys.Select(
            key => new Option<string>($"--{key.Key}")
            {
                HelpName = ConfigurationKey.Find(key.Key).Placeholder,
                Description = key.Description,
            }).ToArray();
        var command = new DocumentedCommand(
            "check", "Checks every kernel of a device against the CPU in double, and measures how fast the device is.", Help);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(result => Run(
            devices,
            options.Where(option => result.GetValue(option) is not null)
                .Aggregate(new RunConfiguration(), (keys, option) => RunOptions.Apply(keys, option.Name[2..], result.GetValue(option)!)),
            terminal));
        return command;
    }

    private static int Run(DeviceCatalog devices, RunConfiguration values, Terminal terminal)
    {
        var description = devices.Find(values.Device, values.Precision);
        var start = Stopwatch.StartNew();
        using var device = devices.Create(description, new DeviceOptions { Precision = values.Precision, Products = values.MatrixProducts });
        var started = start.Elapsed;
        TextTable.Write(
            terminal.Out,
            [
                ["device", $"{description.Id}, {description.Name}"],
                ["driver", description.Driver],
                ["precision", values.Precision == Precision.Double ? "double" : "float"],
                ["products", device.MatrixProductName],
                ["seed", Numbers.Exact(values.Seed)],
            ]);
        var result = DeviceCheck.Run(
            device,
            new CheckOptions
            {
                Seed = values.Seed,
                IsThorough = description.Kind != DeviceKind.IlgpuCpu,
                Progress = family => terminal.Error.WriteLine($"checking {family}…"),
            });
        terminal.Out.WriteLine();
        TextTable.Write(
            terminal.Out,
            [
                ["what", "compared", "worst error (ulp)", "allowed", "verdict"],
                .. result.Rows.Select(
                    row => (string[])
                    [
                        row.Name, Numbers.Whole(row.Compared), Numbers.Short(row.WorstError), Numbers.Short(row.Allowed), Verdict(row),
                    ]),
            ]);
        terminal.Error.WriteLine("measuring rates…");
        var rates = DeviceRates.Measure(device);
        terminal.Out.WriteLine();
        TextTable.Write(terminal.Out, Rates(rates, started, result));
        terminal.Out.WriteLine();
        foreach (var row in result.Failures)
        {
            terminal.Out.WriteLine($"failed: {row.Name}: {row.Worst}");
        }

        int failed = result.Failures.Count;
        int total = result.Rows.Count;
        terminal.Out.WriteLine(
            failed == 0 ? $"all {Numbers.Whole(total)} checks passed" : $"{Numbers.Whole(failed)} of {Numbers.Whole(total)} checks failed");
        return failed == 0 ? ExitCode.Done : ExitCode.Device;
    }

    private static string[][] Rates(DeviceRates rates, TimeSpan started, CheckResult result)
    {
        const double Giga = 1e9;
        static string Rate(Bandwidth bandwidth) => $"{Numbers.Short(bandwidth.Rate / Giga)} GB/s";
        static string Size(Bandwidth bandwidth) => $"{Numbers.Short(bandwidth.Bytes / (double)(1 << 20))} MiB";
        string side = Numbers.Whole(rates.Side);
        return
        [
            ["copy bandwidth", Rate(rates.Copy), $"copy of {Size(rates.Copy)}"],
            ["", Rate(rates.Scale), $"kernel that scales {Size(rates.Scale)}"],
            ["matrix rate", $"{Numbers.Short(rates.MatrixRate / Giga)} GFLOP/s", $"{side}×{side} by {side}×{side}"],
            ["start", $"{Numbers.Short(started.TotalSeconds)} s", "driver and device"],
            ["first launches", $"{Numbers.Short(result.FirstLaunches.TotalSeconds)} s", "what they took beyond later ones: compilation"],
            ["checks", $"{Numbers.Short(result.Elapsed.TotalSeconds)} s", "first launches included"],
        ];
    }

    private static string Verdict(CheckRow row) => row.Verdict switch
    {
        CheckVerdict.Passed => "ok",
        CheckVerdict.Tolerated => $"ok: {row.Note}",
        _ => "FAILED",
    };
}
