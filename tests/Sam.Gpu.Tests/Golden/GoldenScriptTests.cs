using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Sam.Gpu.Tests.Data;
using Xunit;

namespace Sam.Gpu.Tests.Golden;

/// <summary>The golden data is what tools/golden.py makes.</summary>
public sealed class GoldenScriptTests : IDisposable
{
    // Versions of PyTorch and NumPy sum in different orders.
    private const double Tolerance = 1e-12;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheManifestIsOfTheScriptAsItIs()
    {
        string script = File.ReadAllText(GoldenData.Script).Replace("\r\n", "\n", StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        if (GoldenData.Manifest.GetProperty("script_sha256").GetString() != hash)
        {
            throw GoldenData.Stale("tools/golden.py has changed since it made the data");
        }
    }

    [Fact]
    public void EveryCaseIsTested() =>
        Assert.Equal(
            GoldenData.Manifest.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!),
            EvaluationGoldenTests.Cases.Select(row => row.Data));

    [Fact]
    public void TheScriptMakesTheSameDataAgain()
    {
        string[] names = ["gelu-entropy", "trajectories"];
        IsMadeAgain(names, [GoldenData.Script, "--output", folder.Path, .. names.SelectMany(name => new[] { "--case", name })]);
    }

    [Fact]
    public void TheScriptOfThirdDerivativesMakesTheSameDataAgain() =>
        IsMadeAgain(["third"], [Path.Combine(GoldenData.Folder, "golden_third.py"), "--output", folder.Path]);

    private static bool HasPyTorch(string interpreter) =>
        Run(interpreter, ["-c", "from importlib.util import find_spec; exit(not (find_spec('numpy') and find_spec('torch')))"]) == 0;

    private void IsMadeAgain(string[] names, string[] command)
    {
        string? python = Array.Find(["python3", "/usr/bin/python3"], HasPyTorch);
        if (python is null)
        {
            Assert.Skip("python3 with NumPy and PyTorch is not on this machine");
        }

        Assert.Equal(0, Run(python, command));
        foreach (string name in names)
        {
            var stored = GoldenData.Read(Path.Combine(GoldenData.Folder, $"{name}.npz"));
            var made = GoldenData.Read(folder[$"{name}.npz"]);
            Assert.Equal(stored.Keys, made.Keys);
            foreach (var (key, array) in stored)
            {
                Assert.Equal(array.Description, made[key].Description);
                Agreement.Require(array.ToDoubles(), made[key].ToDoubles(), Tolerance, $"{key} of {name}");
            }
        }
    }

    // The exit code, or null if there is no such interpreter.
    private static int? Run(string interpreter, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(interpreter, arguments))!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
