using System.Globalization;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;

namespace Sam.Gpu.Curvature;

/// <summary>Some of a network's parameters: a block of the Hessian belongs to them. They keep their order.</summary>
/// <remarks>
/// A vector of the block has the d selected numbers alone, so that its spectrum has no zeros of what is left out. Layers and parameters are
/// named as PyTorch's <c>nn.Sequential</c> names them: <c>0.weight</c> is a parameter, <c>0</c> is the layer with all of its parameters,
/// <c>2.1</c> a layer inside layer 2.
/// </remarks>
public sealed class ParameterMask
{
    /// <summary>The name of the mask that selects everything.</summary>
    public const string WholeName = "whole";

    private readonly List<(int Offset, int Length)> ranges = [];

    private ParameterMask(string name, Network network, Func<Parameter, bool> selects)
    {
        Name = name;
        ParameterCount = network.ParameterCount;
        var parameters = new List<Parameter>();
        foreach (var parameter in network.Parameters.Where(selects))
        {
            parameters.Add(parameter with { Offset = Dimension });
            Dimension += parameter.Length;

            // Neighbours are copied together.
            bool follows = ranges is [.., var (offset, length)] && offset + length == parameter.Offset;
            (int start, int before) = follows ? ranges[^1] : (parameter.Offset, 0);
            if (follows)
            {
                ranges.RemoveAt(ranges.Count - 1);
            }

            ranges.Add((start, before + parameter.Length));
        }

        Parameters = parameters;
    }

    /// <summary>The names that select it, with commas between them.</summary>
    public string Name { get; }

    /// <summary>P, the length of the network's θ.</summary>
    public int ParameterCount { get; }

    /// <summary>d, how many numbers are selected, ≥ 1.</summary>
    public int Dimension { get; }

    /// <summary>The selected parameters; their offsets are those in a vector of the block, [d].</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether everything is selected.</summary>
    public bool IsWhole => Dimension == ParameterCount;

    /// <summary>All parameters.</summary>
    /// <param name="network">The network.</param>
    public static ParameterMask Whole(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(WholeName, network, _ => true);
    }

    /// <summary>One mask for each layer that has parameters, in the order of the network.</summary>
    /// <param name="network">The network.</param>
    public static IReadOnlyList<ParameterMask> Layers(Network network) => [.. LayerNames(network).Select(name => Of(network, name))];

    /// <summary>The parameters of some layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="names">Layers or parameters with commas between them, such as <c>0,2.bias</c>; or <see cref="WholeName"/>.</param>
    /// <exception cref="UsageException">A name is not one, or has no parameters; or there is no name.</exception>
    public static ParameterMask Of(Network network, string names)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = [.. names.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        if (wanted is [WholeName])
        {
            return Whole(network);
        }

        string[] known = [.. network.Parameters.SelectMany(parameter => Prefixes(parameter.Name)).Distinct()];
        foreach (string name in wanted.Where(name => !known.Contains(name)))
        {
            throw Refused(network, names, name, known);
        }

        return new(string.Join(',', wanted), network, parameter => Prefixes(parameter.Name).Any(wanted.Contains));
    }

    /// <summary>Copies the selected numbers of a vector.</summary>
    /// <param name="device">The device.</param>
    /// <param name="whole">[P].</param>
    /// <param name="selected">[d], written.</param>
    public void Gather(Device device, DeviceSpan whole, DeviceSpan selected)
    {
        ArgumentNullException.ThrowIfNull(device);
        int first = 0;
        foreach (var (offset, length) in ranges)
        {
            device.Copy(whole.Slice(offset, length), selected.Slice(first, length));
            first += length;
        }
    }

    /// <summary>Puts numbers in the places of the selected ones; the others stay.</summary>
    /// <param name="device">The device.</param>
    /// <param name="selected">[d].</param>
    /// <param name="whole">[P], written where it is selected.</param>
    public void Scatter(Device device, DeviceSpan selected, DeviceSpan whole)
    {
        ArgumentNullException.ThrowIfNull(device);
        int first = 0;
        foreach (var (offset, length) in ranges)
        {
            device.Copy(selected.Slice(first, length), whole.Slice(offset, length));
            first += length;
        }
    }

    private static IEnumerable<string> LayerNames(Network network) =>
        network.Parameters.Select(parameter => parameter.Name.Split('.')[0]).Distinct();

    // 2.1.weight is part of 2.1 and of 2.
    private static IEnumerable<string> Prefixes(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }

        yield return name;
    }

    private static UsageException Refused(Network network, string names, string name, string[] known)
    {
        string allowed = $"Layers with parameters: {string.Join(", ", LayerNames(network))}. Give them, their parameters such as "
            + $"{network.Parameters[0].Name}, several with commas between them, or '{WholeName}'.";
        if (name.Length == 0)
        {
            return new UsageException($"The layers '{names}' select nothing: a name is empty. {allowed}");
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < network.Layers.Count)
        {
            return new UsageException($"Layer '{name}' has no parameters, so it selects nothing. {allowed}");
        }

        string? nearest = Suggestions.Nearest(name, known.Append(WholeName));
        string hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return new UsageException($"There is no layer or parameter '{name}'.{hint} {allowed}");
    }
}
