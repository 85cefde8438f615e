using System.Diagnostics;

namespace Sam.Gpu.Cli.Tests;

/// <summary>Runs commands: in this process where that shows enough, else as a user does.</summary>
internal static class Cli
{
    /// <summary>A run of a few hundred parameters and milliseconds.</summary>
    public static readonly string[] SmallRun = SmallRunOf(20, 5);

    /// <summary>The program, built beside the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "samgpu.dll");

    /// <summary>The same with other numbers of steps.</summary>
    public static string[] SmallRunOf(int steps, int measureEvery) =>
        ["run", "--data", "chebyshev-5-20", "--network", "mlp:8", "--threads", "1", "--steps", $"{steps}", "--measure-every", $"{measureEvery}"];

    /// <summary>Runs a command in this process.</summary>
    public static CliResult Run(params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.Run(arguments, new Terminal(output, error));
        return new CliResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Begins a command as a process of its own.</summary>
    public static Process Start(string folder, IEnumerable<string> arguments, params (string Name, string? Value)[] environment) =>
        StartProgram("dotnet", folder, [Program, .. arguments], environment);

    /// <summary>Begins any program.</summary>
    public static Process StartProgram(
        string program, string folder, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A value of null takes the variable away.
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for a process; both outputs must fit into a pipe.</summary>
    public static CliResult Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("The command did not end within a minute.");
        }

        return new CliResult(process.ExitCode, output, error.Result);
    }

    /// <summary>A table of a run without the column of the time.</summary>
    public static IReadOnlyList<string> WithoutTime(string file)
    {
        string[] lines = File.ReadAllLines(file);
        int time = Array.IndexOf(lines[0].Split(','), "time_seconds");
        return [.. lines.Select(line => line.Split(',')).Select(cells => string.Join(',', cells.Where((_, column) => column != time)))];
    }
}
