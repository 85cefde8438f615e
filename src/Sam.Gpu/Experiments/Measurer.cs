using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Experiments;

/// <summary>Measures the top of the spectrum where a run is, with the edges and what stands beside them.</summary>
/// <param name="device">The device of the run.</param>
/// <param name="memory">What the run keeps on it.</param>
/// <param name="stepSize">η.</param>
/// <param name="seconds">The seconds that training took until now.</param>
internal sealed class Measurer(Device device, RunMemory memory, double stepSize, Func<double> seconds)
{
    // The places of the numbers of a measurement.
    private const int Loss = 0;
    private const int GradientNorm = 1;
    private const int AscentNorm = 2;
    private const int Cosine = 3;
    private const int AscentCosine = 4;
    private const int AscentLoss = 5;
    private const int TestLoss = 6;

    /// <summary>Measures at the parameters and the examples of the moment.</summary>
    /// <param name="step">The steps taken until now.</param>
    /// <param name="epoch">The passes over the examples until now.</param>
    /// <param name="interrupt">Ends the measurement between two blocks of products.</param>
    /// <returns>The measurement; or why there is none: the run has diverged, or was interrupted.</returns>
    public (Measurement? Measurement, RunStatus? Outcome) Measure(int step, double epoch, CancellationToken interrupt)
    {
        var linearization = memory.Spectrum.Linearize(memory.Parameters.Span, memory.Gradient.Span, Number(Loss));
        device.Norm(memory.Gradient.Span, Number(GradientNorm));
        Span<double> plain = stackalloc double[2];
        device.Download(memory.Numbers.Span.Slice(0, 2), plain);
        if (!double.IsFinite(plain[Loss]) || !double.IsFinite(plain[GradientNorm]))
        {
            return (null, RunStatus.Diverged);
        }

        double accuracy = Accuracy(memory.Spectrum);
        var optimizer = memory.Optimizer;
        var hessian = new HessianOperator(linearization);
        var result = memory.Eigensolver.Solve(hessian, interrupt: interrupt);
        var preconditioned = memory.Preconditioned?.Solve(optimizer, hessian, memory.Gradient.Span, interrupt);
        if (result.Status == EigenStatus.Interrupted || preconditioned?.Status == EigenStatus.Interrupted)
        {
            return (null, RunStatus.Interrupted);
        }

        var first = result.Vectors.Slice(0, memory.Parameters.Length);
        device.Dot(memory.Gradient.Span, first, Number(Cosine));
        if (optimizer.HasAscent)
        {
            optimizer.AscentGradient(
                memory.Spectrum, memory.Parameters.Span, memory.Gradient.Span, Number(GradientNorm), memory.AscentGradient.Span, Number(AscentLoss));
            device.Norm(memory.AscentGradient.Span, Number(AscentNorm));
            device.Dot(memory.AscentGradient.Span, first, Number(AscentCosine));
        }

        memory.Test?.Loss(memory.Parameters.Span, Number(TestLoss));
        Span<double> all = stackalloc double[memory.Numbers.Length];
        device.Download(memory.Numbers.Span, all);
        var measurement = new Measurement
        {
            Step = step,
            Epoch = epoch,
            TimeSeconds = seconds(),
            Loss = plain[Loss],
            GradientNorm = plain[GradientNorm],
            Accuracy = accuracy,
            Eigenvalues = [.. result.Pairs.Select(pair => pair.Value)],
            Residuals = [.. result.Pairs.Select(pair => pair.Residual)],
            Converged = [.. result.Pairs.Select(pair => pair.Converged)],
            Products = result.Products,
            GradientDescentEdge = Edges.Edge.GradientDescent(stepSize),
            BaseEdge = optimizer.HasPreconditioner ? double.NaN : optimizer.BaseEdge,
            HasAscent = optimizer.HasAscent,
            SamEdge = optimizer.HasAscent ? optimizer.Edge(plain[GradientNorm]) : double.NaN,
            GradientAlignment = Math.Abs(all[Cosine]) / plain[GradientNorm],
            SamGradientAlignment = optimizer.HasAscent ? Math.Abs(all[AscentCosine]) / all[AscentNorm] : double.NaN,
            Preconditioned = preconditioned?.Pairs ?? [],
            PreconditionedProducts = preconditioned?.Products ?? 0,
            PreconditionedEdge = preconditioned is null ? double.NaN : optimizer.BaseEdge,
            TestLoss = memory.Test is null ? double.NaN : all[TestLoss],
            TestError = memory.Test is null ? double.NaN : 1 - Accuracy(memory.Test),
        };
        return (measurement, null);
    }

    // Of the last evaluation; NaN where there are no classes.
    private double Accuracy(NetworkObjective objective)
    {
        double accuracy = double.NaN;
        if (!objective.Accuracy.IsEmpty)
        {
            device.Download(objective.Accuracy, new Span<double>(ref accuracy));
        }

        return accuracy;
    }

    private DeviceSpan Number(int index) => memory.Numbers.Span.Slice(index, 1);
}
