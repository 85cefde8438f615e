using Sam.Gpu.Cli.Display;
using Sam.Gpu.Experiments;
using Xunit;

namespace Sam.Gpu.Cli.Tests;

public sealed class RunFrameTests
{
    private static readonly RunPlan Plan = new(
        "demo", new RunConfiguration { StepSize = 0.05, Rho = 0.1, Steps = 1000, MeasureEvery = 25 }, "gaussian-classes", 512, 512, 0, 6922, "CPU", "", "portable",
        new MemoryPlan(1, 2, 1), "runs/demo");

    [Fact]
    public void A_frame_is_a_bar_the_numbers_and_a_chart()
    {
        // λ₁ rises along a line to the edge at 20 and stays there.
        string[] lines = Text(State(step: 500, measurements: 21), 80, 24);

        string[] expected =
        [
            "demo  sam η=0.05 ρ=0.1  mlp:64-64 tanh, 6922 parameters; half-squared-error on …",
            "━━━━━━━━━━━━━━━━━━━━━━──────────────────────  500/1000  50 %  0:10, 0:10 left",
            "loss 0.1250    ‖g‖ 0.03000   λ₁ 20.00    SAM-edge 20.00    λ₁/SAM-edge 1.000",
            "",
            "  24 ┤",
        ];
        Assert.Equal(expected, lines[..5]);
        Assert.Contains("╌", lines[5], StringComparison.Ordinal);
        Assert.Contains("⠒", lines[5], StringComparison.Ordinal);
        Assert.Equal(15, lines.Length);
        Assert.StartsWith("   0 └───", lines[12], StringComparison.Ordinal);
        Assert.Matches("^      step 0 +⠒⠒ λ₁   ╌╌ SAM-edge +1000$", lines[13]);
        Assert.Equal("", lines[14]);
    }

    [Fact]
    public void No_frame_is_wider_or_higher_than_the_screen()
    {
        foreach (int measurements in (int[])[0, 1, 2, 41, 400])
        {
            var state = State(step: 1000, measurements) with { IsEnding = measurements == 2 };
            for (int width = 12; width < 160; width += 7)
            {
                for (int height = 3; height < 60; height += 4)
                {
                    string[] lines = Text(state, width, height);
                    Assert.InRange(lines.Length, 1, height - 1);
                    Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
                }
            }
        }
    }

    [Fact]
    public void The_bar_grows_from_nothing_to_all()
    {
        Assert.DoesNotContain('━', Text(State(0, 1), 80, 24)[1]);
        Assert.DoesNotContain('─', Text(State(1000, 41), 80, 24)[1]);
        Assert.Contains("100 %", Text(State(1000, 41), 80, 24)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_stay_where_they_are_while_a_run_goes_on()
    {
        int lines = Text(State(0, 0), 80, 24).Length;

        Assert.Equal(lines, Text(State(500, 21), 80, 24).Length);
        Assert.Equal(lines, Text(State(1000, 41) with { IsEnding = true }, 80, 24).Length);
    }

    [Fact]
    public void Before_the_first_measurement_there_are_dashes_for_numbers()
    {
        var lines = Text(new RunState(Plan), 80, 24);

        Assert.Matches("loss – +‖g‖ – +λ₁ – +SAM-edge – +λ₁/SAM-edge –", lines[2]);
    }

    [Fact]
    public void An_eigenvalue_that_has_not_converged_is_marked_in_the_numbers_and_in_the_chart()
    {
        var state = State(500, 21);
        state = state with { Measurements = [.. state.Measurements.SkipLast(1), state.Measurements[^1] with { Converged = [false] }] };

        string[] lines = Text(state, 80, 24);

        Assert.Contains(lines, line => line.Contains("λ₁ has not converged", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("× not converged", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains('│') && line.Contains('×'));
    }

    [Theory]
    [InlineData("adam", "Adam-edge", "λ₁(P⁻¹H)/Adam-edge")]
    [InlineData("rmsprop", "2/η", "λ₁(P⁻¹H)/(2/η)")]
    public void An_adaptive_step_is_shown_by_its_preconditioned_eigenvalue(string optimizer, string edge, string ratio)
    {
        var plan = Plan with { Configuration = Plan.Configuration with { Optimizer = optimizer }, IsPreconditioned = true };
        var state = State(500, 3);
        state = state with
        {
            Plan = plan,
            Measurements = [.. state.Measurements.Select(m => m with { Preconditioned = [new(38, 0.1, false)], PreconditionedEdge = 40 })],
        };

        string[] lines = Text(state, 110, 24);

        Assert.EndsWith($"λ₁(P⁻¹H) 38.00    {edge} 40.00    {ratio} 0.9500", lines[2], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("λ₁(P⁻¹H) has not converged: only an estimate, ± 0.1000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"⠒⠒ λ₁(P⁻¹H)   ╌╌ {edge}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(-3, 20)]
    [InlineData(1e300, 20)]
    [InlineData(double.PositiveInfinity, 20)]
    [InlineData(0, 0)]
    public void Odd_numbers_are_no_obstacle(double eigenvalue, double edge)
    {
        var state = State(500, 3);
        state = state with { Measurements = [.. state.Measurements.Select(m => m with { Eigenvalues = [eigenvalue], SamEdge = edge })] };

        // A number of many digits may take the values to a second line.
        Assert.InRange(Text(state, 80, 24).Length, 15, 16);
    }

    private static RunState State(int step, int measurements) => new(Plan)
    {
        Step = step,
        Loss = 0.125,
        GradientNorm = 0.03,
        Elapsed = TimeSpan.FromSeconds(step / 50.0),
        HasEnded = step == 1000,
        Measurements =
        [
            .. Enumerable.Range(0, measurements).Select(i => new Measurement
            {
                Step = Math.Min(1000, i * 25),
                Epoch = Math.Min(1000, i * 25),
                TimeSeconds = i * 0.5,
                Loss = 0.125,
                GradientNorm = 0.03,
                Accuracy = 1,
                Eigenvalues = [Math.Min(20, 5 + i)],
                Residuals = [0.001],
                Converged = [true],
                Products = 12,
                GradientDescentEdge = 40,
                BaseEdge = 40,
                SamEdge = 20,
                GradientAlignment = 0.5,
                SamGradientAlignment = 0.9,
            }),
        ],
    };

    private static string[] Text(RunState state, int width, int height) =>
        [.. RunFrame.Compose(state, width, height).Select(line => string.Concat(line.Select(piece => piece.Text)).TrimEnd())];
}
