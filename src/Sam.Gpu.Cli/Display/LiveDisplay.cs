using System.Diagnostics;
using Sam.Gpu.Experiments;
using Spectre.Console;

namespace Sam.Gpu.Cli.Display;

/// <summary>Shows a run on a screen, drawn anew ten times a second by a thread of its own: the one that trains only leaves its numbers.</summary>
internal sealed class LiveDisplay : IRunDisplay
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole console;
    private readonly Terminal terminal;
    private readonly Lock gate = new();
    private readonly List<Measurement> measurements = [];
    private readonly Stopwatch clock = new();
    private RunPlan? plan;
    private int step;
    private double loss = double.NaN;
    private double gradientNorm = double.NaN;
    private bool hasEnded;

    // The lines of the frame on the screen, the first of which holds the cursor; and the size of the screen at that time.
    private volatile int drawn;
    private (int Width, int Height) screen;

    /// <summary>Creates the display.</summary>
    /// <param name="terminal">The terminal, whose standard error is the screen.</param>
    public LiveDisplay(Terminal terminal)
    {
        this.terminal = terminal;
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
    }

    /// <inheritdoc/>
    public RunSummary Show(Func<RunSummary> run, CancellationToken interrupt)
    {
        using var stop = new ManualResetEventSlim();
        var painter = new Thread(() =>
        {
            while (!stop.Wait(Interval))
            {
                Draw(interrupt);
            }
        }) { IsBackground = true, Name = "display" };
        terminal.Error.Write(HideCursor);
        painter.Start();
        try
        {
            return run();
        }
        finally
        {
            stop.Set();
            painter.Join();
            lock (gate)
            {
                clock.Stop();
                hasEnded = true;
            }

            Draw(interrupt);
            Leave();
        }
    }

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
        lock (gate)
        {
            this.plan = plan;
            step = plan.FirstStep;
            clock.Start();
        }
    }

    /// <inheritdoc/>
    public void Stepped(int step, double loss, double gradientNorm)
    {
        lock (gate)
        {
            this.step = step + 1;
            this.loss = loss;
            this.gradientNorm = gradientNorm;
        }
    }

    /// <inheritdoc/>
    public void Measured(Measurement measurement)
    {
        lock (gate)
        {
            measurements.Add(measurement);
        }
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        Leave();
        terminal.Error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => clock.Stop();

    private void Leave() => terminal.Error.WriteLine((drawn > 1 ? $"\u001b[{Numbers.Whole(drawn - 1)}B" : "") + ShowCursor);

    private void Draw(CancellationToken interrupt)
    {
        if (Snapshot(interrupt) is not { } state)
        {
            return;
        }

        // The last column stays free: some terminals go to the next line when it is written.
        var size = (console.Profile.Width, console.Profile.Height);
        var lines = RunFrame.Compose(state, size.Width - 1, size.Height);
        console.Write(new ScreenFrame(lines, drawn > 0 && size == screen, terminal.HasColor));
        (drawn, screen) = (lines.Count, size);
    }

    private RunState? Snapshot(CancellationToken interrupt)
    {
        lock (gate)
        {
            return plan is null ? null : new RunState(plan)
            {
                Step = step,
                Loss = loss,
                GradientNorm = gradientNorm,
                Measurements = [.. measurements],
                Elapsed = clock.Elapsed,
                IsEnding = interrupt.IsCancellationRequested,
                HasEnded = hasEnded,
            };
        }
    }
}
