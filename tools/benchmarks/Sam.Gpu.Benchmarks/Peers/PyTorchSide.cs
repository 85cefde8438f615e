using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sam.Gpu.Data;

namespace Sam.Gpu.Benchmarks.Peers;

/// <summary>The work in PyTorch: a worker process, peers.py, that does it when told to.</summary>
internal sealed class PyTorchSide : IDisposable
{
    // The second is Debian's, which a Python of the user's own may hide.
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    private readonly Process process;
    private readonly string results;

    /// <summary>Starts the worker and hands it the inputs.</summary>
    /// <param name="python">The interpreter, from <see cref="FindPython"/>.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="threads">The threads.</param>
    /// <param name="device">PyTorch's name of the device: cpu, cuda:0.</param>
    /// <param name="folder">A folder for the arrays that go to and fro.</param>
    public PyTorchSide(string python, Problem problem, Inputs inputs, int threads, string device, string folder)
    {
        string file = Path.Combine(folder, "inputs.npz");
        results = Path.Combine(folder, "results.npz");
        inputs.Write(file);
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "peers.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // PyTorch's own setting does not reach an OpenBLAS with threads of its own.
            Environment = { ["OMP_NUM_THREADS"] = count, ["OPENBLAS_NUM_THREADS"] = count, ["MKL_NUM_THREADS"] = count },
        };
        if (OpenBlasCore.Name is { } core)
        {
            start.Environment.TryAdd(OpenBlasCore.Variable, core);
        }

        process = Process.Start(start)!;
        try
        {
            Environment = Ask(new JsonObject
            {
                ["command"] = "load",
                ["file"] = file,
                ["network"] = problem.Network,
                ["activation"] = problem.Activation,
                ["loss"] = problem.Loss,
                ["step_size"] = problem.StepSize,
                ["rho"] = problem.Rho,
                ["threads"] = threads,
                ["device"] = device,
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Versions and libraries of the worker.</summary>
    public JsonObject Environment { get; }

    /// <summary>Finds a Python with PyTorch and SciPy.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static string FindPython() =>
        Interpreters.FirstOrDefault(CanImport)
        ?? throw new DataException(
            $"None of {string.Join(", ", Interpreters)} can import torch, numpy and scipy. Install PyTorch to compare with, on Debian and Ubuntu by: "
            + "apt-get install python3-torch python3-scipy libopenblas0-pthread");

    /// <summary>Does a work from the first parameters on.</summary>
    /// <param name="work">The work.</param>
    /// <param name="calls">How often.</param>
    /// <returns>The seconds it took.</returns>
    public double Run(Work work, int calls) => Run(work, calls, null);

    /// <summary>Does a work once from the first parameters on, and reads what the last call gave.</summary>
    /// <param name="work">The work.</param>
    /// <param name="calls">How often.</param>
    public IReadOnlyDictionary<string, double[]> Results(Work work, int calls)
    {
        Run(work, calls, results);
        using var archive = NumpyArchive.Open(results);
        return archive.Names.ToDictionary(name => name, name => archive.Read(name).ToDoubles());
    }

    public void Dispose()
    {
        // The worker ends with its input.
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static bool CanImport(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch, numpy, scipy"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private double Run(Work work, int calls, string? file) =>
        Ask(new JsonObject
        {
            ["command"] = "run",
            ["work"] = work.Kind,
            ["calls"] = calls,
            ["count"] = work.Count,
            ["steps"] = Work.RunSteps,
            ["every"] = Work.MeasuredEvery,
            ["residual"] = Work.Residual,
            ["results"] = file,
        })["seconds"]!.GetValue<double>();

    private JsonObject Ask(JsonObject command)
    {
        try
        {
            process.StandardInput.WriteLine(command.ToJsonString());
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended: there will be no answer.
        }

        return process.StandardOutput.ReadLine() is { } line
            ? JsonNode.Parse(line)!.AsObject()
            : throw new DataException("The PyTorch worker ended without an answer; what it said is above. Mend that and run again.");
    }
}
