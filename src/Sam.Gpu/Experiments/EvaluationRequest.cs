using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>What to evaluate, of which files: the options of <c>samgpu evaluate</c>.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The network with its hidden widths, such as <c>mlp:200-200</c>: see <see cref="Networks.NetworkSpecification"/>.</summary>
    public required string Network { get; init; }

    /// <summary>The activation function of the hidden layers.</summary>
    public required string Activation { get; init; }

    /// <summary>The loss.</summary>
    public required string Loss { get; init; }

    /// <summary>The .npz file of the parameters, floats named and shaped as PyTorch's nn.Sequential has them.</summary>
    /// <remarks>
    /// <c>0.weight</c> [outputs, inputs], <c>0.bias</c> [outputs], <c>2.weight</c>, …: activations count, but for the identity, which is no
    /// module. They give the network its output size and, but for networks of images, its input size. A bias that the network may have is there if the file has it.
    /// </remarks>
    public required string Parameters { get; init; }

    /// <summary>The .npz file of the examples: <c>x</c> [N, features] and <c>y</c>.</summary>
    /// <remarks>
    /// <c>y</c> is whole numbers [N] for classes, or [N, outputs], or floats [N] for one output. Classes are one-hot targets under the
    /// squared losses. For a network of sequences both are whole numbers [N, positions].
    /// </remarks>
    public required string Inputs { get; init; }

    /// <summary>The .npz file of K directions in parameter space, or none.</summary>
    /// <remarks>The arrays are named as the parameters are, each with a leading axis K.</remarks>
    public string? Directions { get; init; }

    /// <summary>How many of the algebraically largest eigenvalues of the Hessian to compute, ≥ 0.</summary>
    public int Eigenvalues { get; init; }

    /// <summary>The relative residual ‖Hv − λv‖ / |λ| at which an eigenvalue has converged; null is the solver's default.</summary>
    public double? EigenvalueTolerance { get; init; }

    /// <summary>The precision of the computation. Results are written as float64 in either case.</summary>
    public Precision Precision { get; init; } = Precision.Double;

    /// <summary>The devices to choose from.</summary>
    public DeviceCatalog Devices { get; init; } = new([]);

    /// <summary>The device, as <see cref="DeviceCatalog.Find"/> reads it.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whose matrix products to use.</summary>
    public MatrixProducts MatrixProducts { get; init; } = MatrixProducts.Auto;

    /// <summary>Whether the vendor's float products may round their factors to tf32.</summary>
    public bool AllowsTf32 { get; init; }

    /// <summary>The threads of a CPU; 0 is one a core. No result depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>The .npz file to write; it must not exist, its folder must.</summary>
    public required string Output { get; init; }
}
