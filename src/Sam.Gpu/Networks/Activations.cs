using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Activations;

namespace Sam.Gpu.Networks;

/// <summary>The activation functions by name.</summary>
public static class Activations
{
    /// <summary>The name of the identity, which takes no layer.</summary>
    public const string Identity = "identity";

    private static readonly (string Name, string Description, Func<int, Layer?> Create)[] Table =
    [
        (Identity, "z", _ => null),
        Of<Relu>("relu", "max(z, 0)"),
        Of<Tanh>("tanh", "tanh z"),
        Of<HardTanh>("hardtanh", "z cut off at −1 and 1"),
        Of<Sigmoid>("sigmoid", "1 / (1 + exp(−z))"),
        Of<Softplus>("softplus", "log(1 + exp z)"),
        Of<Elu>("elu", "z above 0, else exp(z) − 1"),
        Of<Swish>("swish", "z · sigmoid(z), also named SiLU"),
        Of<Gelu>("gelu", "z · Φ(z) with the normal distribution function Φ (erf form)"),
        Of<GeluTanh>("gelu-tanh", "the approximation of gelu by tanh"),
    ];

    /// <summary>Names and formulas, in the order to show them.</summary>
    public static IReadOnlyList<(string Name, string Description)> List { get; } =
        [.. Table.Select(row => (row.Name, row.Description))];

    /// <summary>The layer of a named activation function; null for <see cref="Identity"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The numbers of an example.</param>
    /// <exception cref="UsageException">There is no such activation function.</exception>
    public static Layer? Create(string name, int size)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
            {
                return row.Create(size);
            }
        }

        throw Suggestions.Unknown("activation", name, Table.Select(row => row.Name));
    }

    private static (string Name, string Description, Func<int, Layer?> Create) Of<A>(string name, string description)
        where A : struct, IActivation => (name, description, size => new Activation<A>(size));
}
