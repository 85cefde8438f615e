using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary>The mean loss of a network over a fixed set of examples.</summary>
/// <remarks>
/// <para>
/// The examples stream through the four passes in chunks of R, so that memory is bounded by the chunk; the result does not depend on it
/// beyond rounding. Where one chunk holds all examples, what passes 1 and 2 stored serves every product of a linearization; else they
/// are run again for each chunk of each block.
/// </para>
/// <para>
/// Memory for a chunk: values and gradients of every layer, [R, outputs] each; for products also their tangents, [K, R, outputs] each,
/// and two [K, R, widest].
/// </para>
/// </remarks>
public sealed class NetworkObjective : Objective
{
    /// <summary>The memory that the chunk is chosen to fit into, in bytes, unless the caller says otherwise.</summary>
    public const long DefaultMemory = 2L << 30;

    // Directions taken through the passes at once; a larger block is taken in parts.
    private const int LargestBlock = 8;

    private readonly Network network;
    private readonly Loss loss;
    private readonly ExampleMemory examples;
    private readonly bool countsCorrect;
    private readonly int firstLayer;
    private readonly DeviceMemory[] values;
    private readonly DeviceMemory[] gradients;
    private readonly DeviceMemory losses;
    private readonly DeviceMemory lossState;
    private readonly DeviceMemory accuracy;
    private DeviceMemory[] tangents = [];
    private DeviceMemory[] gradientTangents = [];
    private int block;

    /// <summary>Binds a network and a loss to the first examples of a data set.</summary>
    /// <param name="device">The device.</param>
    /// <param name="network">The network; its sizes are those of the data.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The data set.</param>
    /// <param name="count">N, the number of examples; default all.</param>
    /// <param name="chunk">R, the examples in a chunk; default as many as fit into <paramref name="memory"/>.</param>
    /// <param name="memory">The memory to choose the chunk for, in bytes.</param>
    /// <exception cref="UsageException">The loss needs classes and the data has none, or there are not that many examples.</exception>
    /// <exception cref="ArgumentException">The network's sizes are not those of the data, or the chunk is below 1.</exception>
    public NetworkObjective(
        Device device, Network network, Loss loss, DataSet data, int? count = null, int? chunk = null, long memory = DefaultMemory)
        : base(device, network.ParameterCount)
    {
        if (network.Inputs != data.Features || network.Outputs != data.Outputs)
        {
            throw new ArgumentException(
                $"The network maps {network.Inputs} to {network.Outputs} numbers, the data {data.Features} to {data.Outputs}.", nameof(network));
        }

        if (loss.NeedsClasses && !data.IsClassification)
        {
            throw new UsageException($"--loss {loss.Name} needs classes, but {data.Name} has real targets. Use mse or half-squared-error.");
        }

        int total = count ?? data.Examples;
        if (total < 1 || total > data.Examples)
        {
            throw new UsageException($"{total} examples were asked for, but {data.Name} has {data.Examples}. Give 1 to {data.Examples}.");
        }

        if (chunk is not null)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(chunk.Value, 1, nameof(chunk));
        }

        this.network = network;
        this.loss = loss;
        countsCorrect = data.IsClassification;
        firstLayer = Enumerable.Range(0, network.Layers.Count).First(i => network.Layers[i].Parameters.Count > 0);
        Chunk = Math.Min(total, chunk ?? LargestChunk(device, network, memory));
        examples = new ExampleMemory(device, data, total);
        values = AllocateLayers("values", 1);
        gradients = AllocateLayers("gradients", 1);
        losses = device.Allocate(Chunk, "losses");
        lossState = device.Allocate(loss.KeepsState ? Chunk * network.Outputs : 0, "state of the loss");
        accuracy = device.Allocate(1, "accuracy");
    }

    /// <summary>N, the examples in the mean.</summary>
    public int Examples => examples.Count;

    /// <summary>R, the examples taken through the passes at once.</summary>
    public int Chunk { get; }

    /// <summary>The fraction of examples classified as their targets say at the last evaluation, [1]; empty where there are no classes.</summary>
    public DeviceSpan Accuracy => countsCorrect ? accuracy.Span : default;

    /// <summary>Takes other examples of the data set into the mean, as many as before: a minibatch.</summary>
    /// <param name="rows">Their numbers in the data set.</param>
    public void Select(ReadOnlySpan<int> rows)
    {
        if (rows.Length != Examples)
        {
            throw new ArgumentException($"{rows.Length} examples were given to an objective of {Examples}.", nameof(rows));
        }

        Invalidate();
        examples.Load(rows);
    }

    /// <summary>Allocates now what products of a block of directions need, so that they do not.</summary>
    /// <param name="directions">The directions, ≥ 1.</param>
    public void Reserve(int directions) => GrowTangents(Math.Min(directions, LargestBlock));

    /// <inheritdoc/>
    protected override void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss)
    {
        examples.EnsureLoaded();
        Device.Fill(gradient, 0);
        Device.Fill(loss, 0);
        Device.Fill(accuracy.Span, 0);
        for (int first = 0; first < Examples; first += Chunk)
        {
            int count = Math.Min(Chunk, Examples - first);
            Forward(parameters, first, count);
            Device.Sum(losses.Span.Slice(0, count), loss, accumulate: true);
            CountCorrect(first, count);
            Backward(parameters, gradient, first, count);
        }

        if (countsCorrect)
        {
            Device.Scale(accuracy.Span, 1.0 / Examples, accuracy.Span);
        }
    }

    /// <inheritdoc/>
    protected internal override void HessianProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count) =>
        Products(parameters, directions, products, count, isGaussNewton: false);

    /// <inheritdoc/>
    protected internal override void GaussNewtonProducts(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count) =>
        Products(parameters, directions, products, count, isGaussNewton: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            examples.Dispose();
            foreach (var memory in (DeviceMemory[])[.. values, .. gradients, .. tangents, .. gradientTangents, losses, lossState, accuracy])
            {
                memory.Dispose();
            }
        }
    }

    private static int LargestChunk(Device device, Network network, long memory)
    {
        long outputs = network.Layers.Sum(layer => (long)layer.Outputs);
        long widest = network.Layers.Max(layer => (long)layer.Outputs);
        long row = (2 * outputs) + network.Outputs + 1 + (LargestBlock * (outputs + (2 * widest)));
        return (int)Math.Clamp(memory / (row * device.ElementSize), 1, int.MaxValue / (LargestBlock * widest));
    }

    private DeviceMemory[] AllocateLayers(string name, int directions) =>
        [.. network.Layers.Select((layer, i) => Device.Allocate(directions * Chunk * layer.Outputs, $"{name} of layer {i}"))];

    // Pass 1 and the loss of a chunk, with the gradient of the outputs.
    private void Forward(DeviceSpan parameters, int first, int count)
    {
        for (int i = 0; i < network.Layers.Count; i++)
        {
            network.Layers[i].Forward(State(parameters, i, first, count));
        }

        int columns = network.Outputs;
        loss.Evaluate(
            Device, Rows(values[^1], count, columns), examples.Targets(first, count), columns, Examples,
            losses.Span.Slice(0, count), Rows(gradients[^1], count, columns), LossState(count));
    }

    // Pass 2 of a chunk. An empty gradient leaves that of the parameters out: products need those of the layers alone.
    private void Backward(DeviceSpan parameters, DeviceSpan gradient, int first, int count)
    {
        for (int i = network.Layers.Count - 1; i >= firstLayer; i--)
        {
            var layer = network.Layers[i];
            var input = i == firstLayer ? default : Rows(gradients[i - 1], count, layer.Inputs);
            if (!gradient.IsEmpty || !input.IsEmpty)
            {
                layer.Backward(
                    State(parameters, i, first, count), 1, Rows(gradients[i], count, layer.Outputs), input,
                    gradient.IsEmpty ? default : Slice(gradient, i, 1));
            }
        }
    }

    private void CountCorrect(int first, int count)
    {
        if (countsCorrect)
        {
            // The losses have been added up; their memory takes the marks.
            var marks = losses.Span.Slice(0, count);
            Device.Correct(Rows(values[^1], count, network.Outputs), examples.Targets(first, count), network.Outputs, marks);
            Device.Sum(marks, accuracy.Span, accumulate: true);
        }
    }

    private void Products(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int count, bool isGaussNewton)
    {
        Require.Length(directions, (long)count * ParameterCount);
        Require.Length(products, (long)count * ParameterCount);
        GrowTangents(Math.Min(count, LargestBlock));
        Device.Fill(products, 0);
        for (int first = 0; first < Examples; first += Chunk)
        {
            int rows = Math.Min(Chunk, Examples - first);
            if (Chunk < Examples)
            {
                Forward(parameters, first, rows);
                Backward(parameters, default, first, rows);
            }

            for (int k = 0; k < count; k += block)
            {
                int part = Math.Min(block, count - k);
                var from = directions.Slice(k * ParameterCount, part * ParameterCount);
                var to = products.Slice(k * ParameterCount, part * ParameterCount);
                TangentForward(parameters, from, first, rows, part);
                if (isGaussNewton)
                {
                    GaussNewtonBackward(parameters, to, first, rows, part);
                }
                else
                {
                    TangentBackward(parameters, from, to, first, rows, part);
                }
            }
        }
    }

    // Pass 3, and the loss's Hessian times the tangents of the outputs.
    private void TangentForward(DeviceSpan parameters, DeviceSpan directions, int first, int rows, int count)
    {
        for (int i = firstLayer; i < network.Layers.Count; i++)
        {
            network.Layers[i].TangentForward(State(parameters, i, first, rows), Tangent(directions, i, rows, count));
        }

        loss.ApplyHessian(
            Device, LossState(rows), network.Outputs, Examples, Tangents(network.Layers.Count - 1, rows, count),
            GradientTangents(network.Layers.Count - 1, rows, count));
    }

    // Pass 4.
    private void TangentBackward(DeviceSpan parameters, DeviceSpan directions, DeviceSpan products, int first, int rows, int count)
    {
        for (int i = network.Layers.Count - 1; i >= firstLayer; i--)
        {
            network.Layers[i].TangentBackward(
                State(parameters, i, first, rows), Tangent(directions, i, rows, count),
                GradientTangents(i, rows, count), i == firstLayer ? default : GradientTangents(i - 1, rows, count), Slice(products, i, count));
        }
    }

    // Pass 2 on a block.
    private void GaussNewtonBackward(DeviceSpan parameters, DeviceSpan products, int first, int rows, int count)
    {
        for (int i = network.Layers.Count - 1; i >= firstLayer; i--)
        {
            network.Layers[i].Backward(
                State(parameters, i, first, rows), count,
                GradientTangents(i, rows, count), i == firstLayer ? default : GradientTangents(i - 1, rows, count), Slice(products, i, count));
        }
    }

    private void GrowTangents(int directions)
    {
        if (directions <= block)
        {
            return;
        }

        foreach (var memory in (DeviceMemory[])[.. tangents, .. gradientTangents])
        {
            memory.Dispose();
        }

        block = directions;
        tangents = AllocateLayers("tangents", block);
        int widest = network.Layers.Max(layer => layer.Outputs);
        gradientTangents =
        [
            Device.Allocate(block * Chunk * widest, "tangents of gradients, even layers"),
            Device.Allocate(block * Chunk * widest, "tangents of gradients, odd layers"),
        ];
    }

    private static DeviceSpan Rows(DeviceMemory memory, int rows, int columns) => memory.Span.Slice(0, rows * columns);

    private DeviceSpan LossState(int rows) => loss.KeepsState ? Rows(lossState, rows, network.Outputs) : default;

    private LayerState State(DeviceSpan parameters, int i, int first, int count)
    {
        var layer = network.Layers[i];
        return new LayerState
        {
            Device = Device,
            Examples = count,
            Parameters = parameters.Slice(network.Offset(i), network.Length(i)),
            Input = i == 0 ? examples.Inputs(first, count) : Rows(values[i - 1], count, layer.Inputs),
            Output = Rows(values[i], count, layer.Outputs),
            OutputGradient = Rows(gradients[i], count, layer.Outputs),
        };
    }

    private LayerTangent Tangent(DeviceSpan directions, int i, int rows, int count) => new()
    {
        Directions = count,
        Parameters = Slice(directions, i, count),
        Input = i == firstLayer ? default : Tangents(i - 1, rows, count),
        Output = Tangents(i, rows, count),
    };

    private DeviceSpan Tangents(int i, int rows, int count) => Rows(tangents[i], count * rows, network.Layers[i].Outputs);

    // The tangent of the gradient of layer i's output; two memories take turns.
    private DeviceSpan GradientTangents(int i, int rows, int count) => Rows(gradientTangents[i % 2], count * rows, network.Layers[i].Outputs);

    private ParameterBlock Slice(DeviceSpan block, int i, int count) =>
        new(block.Slice(network.Offset(i), ((count - 1) * ParameterCount) + network.Length(i)), ParameterCount);
}
