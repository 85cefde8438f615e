using Sam.Gpu.Curvature;
using Sam.Gpu.Devices;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>The top of the spectrum of P^(−1/2) H P^(−1/2), P the diagonal that an adaptive optimizer divides by. Allocates once.</summary>
internal sealed class PreconditionedSpectrum : IDisposable
{
    private readonly PreconditionedOperator linear;
    private readonly DeviceMemory diagonal;

    /// <summary>Allocates the device memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dimension">The number of parameters.</param>
    /// <param name="options">The settings of the eigensolver; null for its defaults.</param>
    /// <param name="seed">The seed of its random directions.</param>
    public PreconditionedSpectrum(Device device, int dimension, EigensolverOptions? options = null, ulong seed = 0)
    {
        Eigensolver = new Eigensolver(device, dimension, options, seed);
        linear = new PreconditionedOperator(device, dimension, Eigensolver.LargestBlock);
        diagonal = device.Allocate(dimension, "preconditioner");
    }

    /// <summary>The eigensolver, whose state is that of the next measurement.</summary>
    public Eigensolver Eigensolver { get; }

    /// <summary>Measures; begins from the vectors of the last measurement.</summary>
    /// <param name="optimizer">The optimizer; its state stays as it is.</param>
    /// <param name="hessian">H.</param>
    /// <param name="gradient">The gradient where H is: P is that of a step that takes it, so that there is one before the first step too.</param>
    /// <param name="interrupt">Ends the measurement between two blocks of products.</param>
    public EigenResult Solve(Optimizer optimizer, HessianOperator hessian, DeviceSpan gradient, CancellationToken interrupt = default)
    {
        optimizer.Preconditioner(gradient, diagonal.Span);
        linear.Set(hessian, diagonal.Span);
        return Eigensolver.Solve(linear, interrupt: interrupt);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        Eigensolver.Dispose();
        linear.Dispose();
        diagonal.Dispose();
    }
}
