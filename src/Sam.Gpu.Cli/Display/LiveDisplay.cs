using System.Diagnostics;
using Sam.Gpu.Experiments;
using Spectre.Console;

namespace Sam.Gpu.Cli.Display;

/// <summary>Shows a run on a screen, drawn anew ten times a second by a thread of its own: the one that trains only leaves its numbers.</summary>
internal sealed class LiveDisplay : IRunDisplay
{
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
        var frame = new FrameRenderable(() => Snapshot(interrupt), terminal.HasColor);
        return console.Live(frame).AutoClear(false).Overflow(VerticalOverflow.Crop).Start(context =>
        {
            using var stop = new ManualResetEventSlim();
            var painter = new Thread(() =>
            {
                while (!stop.Wait(Interval))
                {
                    context.Refresh();
                }
            }) { IsBackground = true, Name = "display" };
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

                context.Refresh();
            }
        });
    }

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
        lock (gate)
        {
            this.plan = plan;
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
        // The live display has hidden the cursor and would not come to show it again.
        terminal.Error.WriteLine("\u001b[?25h");
        terminal.Error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => clock.Stop();

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
