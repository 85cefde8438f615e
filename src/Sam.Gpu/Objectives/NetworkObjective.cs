using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary>The mean loss of a network over a fixed set of examples.</summary>
/// <remarks>
/// <para>
/// The examples stream through the four passes in chunks of R, so that memory is bounded by the chunk; the result does not depend on it
/// beyond rounding. Of sequences every position counts as one in the mean. Where half of the memory holds what passes 1 and 2 store of all
/// examples, it serves every product of a linearization; else they are run again for each chunk of each block.
/// </para>
/// <para>
/// Memory for a chunk: output and gradient of the network and what its layers keep, its <see cref="Layer.MemorySize"/>; for products K times
/// the tangents of these; and the <see cref="Layer.Workspace"/>. docs/passes.md adds it up.
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
    private readonly int positions;
    private readonly int columns;
    private readonly bool keepsAll;
    private readonly DeviceMemory memory;
    private readonly DeviceMemory outputs;
    private readonly DeviceMemory outputGradient;
    private readonly DeviceMemory losses;
    private readonly DeviceMemory lossState;
    private readonly DeviceMemory oneHot;
    private readonly DeviceMemory accuracy;
    private DeviceMemory workspace;
    private DeviceMemory? tangentMemory;
    private DeviceMemory? outputTangents;
    private DeviceMemory? outputGradientTangents;
    private int block;

    /// <summary>Binds a network and a loss to the first examples of a data set.</summary>
    /// <param name="device">The device.</param>
    /// <param name="network">The network; its sizes are those of the data.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">The data set.</param>
    /// <param name="count">N, the number of examples; default all.</param>
    /// <param name="chunk">R, the examples in a chunk; default as many as fit into <paramref name="memory"/>.</param>
    /// <param name="memory">The memory to choose the chunk for, in bytes, and what is kept beyond a chunk.</param>
    /// <exception cref="UsageException">
    /// The loss needs classes and the data has none, there are not that many examples, or the chunk is larger than a device can address.
    /// </exception>
    /// <exception cref="ArgumentException">The network's sizes are not those of the data, or the chunk is below 1.</exception>
    public NetworkObjective(
        Device device, Network network, Loss loss, DataSet data, int? count = null, int? chunk = null, long memory = DefaultMemory)
        : base(device, network.ParameterCount)
    {
        if (network.Inputs != data.Features || network.Outputs != data.Positions * data.Outputs)
        {
            throw new ArgumentException(
                $"The network maps {network.Inputs} to {network.Outputs} numbers, the data {data.Features} to {data.Positions * data.Outputs}.",
                nameof(network));
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
        positions = data.Positions;
        columns = data.Outputs;
        long kept = total * Kept(network);
        keepsAll = kept * device.ElementSize <= Math.Min(memory, device.Memory) / 2 && kept <= int.MaxValue;
        Chunk = Math.Min(total, chunk ?? LargestChunk(device, network, total, memory, keepsAll ? kept : 0));
        if (Math.Min(chunk ?? 1, total) is var rows && LongestArray(network, rows) > int.MaxValue)
        {
            throw new UsageException(
                $"--chunk {rows}: {LongestArray(network, rows)} numbers in one array; at most {int.MaxValue} fit. Give a smaller one.");
        }

        examples = new ExampleMemory(device, data, total);
        int stored = keepsAll ? total : Chunk;
        this.memory = device.Allocate(stored * network.MemorySize, "memory of the layers");
        outputs = device.Allocate(stored * network.Outputs, "outputs");
        outputGradient = device.Allocate(stored * network.Outputs, "gradient of the outputs");
        workspace = device.Allocate((int)network.Workspace(Chunk, 0), "workspace");
        losses = device.Allocate(Chunk * positions, "losses");
        oneHot = device.Allocate(data.IsSequence ? Chunk * network.Outputs : 0, "targets of a chunk");
        lossState = device.Allocate(loss.KeepsState ? stored * network.Outputs : 0, "state of the loss");
        accuracy = device.Allocate(1, "accuracy");
    }

    /// <summary>N, the examples in the mean.</summary>
    public int Examples => examples.Count;

    /// <summary>R, the examples taken through the passes at once.</summary>
    public int Chunk { get; }

    /// <summary>The fraction of examples, or of positions of sequences, classified as their targets say at the last evaluation, [1]; empty where there are no classes.</summary>
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
            Device.Sum(losses.Span.Slice(0, count * positions), loss, accumulate: true);
            CountCorrect(first, count);
            Backward(parameters, gradient, first, count);
        }

        if (countsCorrect)
        {
            Device.Scale(accuracy.Span, 1.0 / Total, accuracy.Span);
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
            foreach (var owned in (DeviceMemory?[])
                [memory, outputs, outputGradient, workspace, losses, lossState, oneHot, accuracy, tangentMemory, outputTangents, outputGradientTangents])
            {
                owned?.Dispose();
            }
        }
    }

    // What passes 1 and 2 leave of an example for those after them: what the layers keep, the outputs, their gradient, the state of the loss.
    private static long Kept(Network network) => network.MemorySize + (3L * network.Outputs);

    // The most examples whose memory, with that of a block of products, fits beside what is kept of all; what is needed grows with them.
    private static int LargestChunk(Device device, Network network, int total, long memory, long kept)
    {
        (int fits, int tooMany) = (1, total + 1);
        while (tooMany - fits > 1)
        {
            int rows = fits + ((tooMany - fits) / 2);
            long needed = Needed(network, rows) + (kept > 0 ? kept : rows * Kept(network));
            bool isEnough = needed <= memory / device.ElementSize && LongestArray(network, rows) <= int.MaxValue;
            (fits, tooMany) = isEnough ? (rows, tooMany) : (fits, rows);
        }

        return fits;
    }

    private static long Needed(Network network, long rows) =>
        (rows * 2L * network.Outputs) + network.Workspace((int)rows, LargestBlock)
        + (LargestBlock * rows * (network.TangentMemorySize + (2L * network.Outputs)));

    private static long LongestArray(Network network, long rows) =>
        Math.Max(
            Math.Max(rows * network.MemorySize, network.Workspace((int)rows, LargestBlock)),
            LargestBlock * rows * Math.Max(network.TangentMemorySize, network.Outputs));

    // Pass 1 and the loss of a chunk, with the gradient of the outputs.
    private void Forward(DeviceSpan parameters, int first, int count)
    {
        var state = State(parameters, first, count);
        network.Forward(state);
        loss.Evaluate(
            Device, state.Output, Targets(first, count), columns, Total,
            losses.Span.Slice(0, count * positions), state.OutputGradient, LossState(first, count));
    }

    // Pass 2 of a chunk. An empty gradient leaves that of the parameters out: products need those of the layers alone.
    private void Backward(DeviceSpan parameters, DeviceSpan gradient, int first, int count) =>
        network.Backward(
            State(parameters, first, count), default, gradient.IsEmpty ? default : new ParameterBlock(gradient, ParameterCount));

    private void CountCorrect(int first, int count)
    {
        if (countsCorrect)
        {
            // The losses have been added up; their memory takes the marks.
            var marks = losses.Span.Slice(0, count * positions);
            Device.Correct(Stored(outputs, first, count, network.Outputs), ChunkTargets(first, count), columns, marks);
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
            if (Chunk < Examples && !keepsAll)
            {
                Forward(parameters, first, rows);
                Backward(parameters, default, first, rows);
            }

            for (int k = 0; k < count; k += block)
            {
                int part = Math.Min(block, count - k);
                Products(
                    State(parameters, first, rows), LossState(first, rows), Tangent(directions.Slice(k * ParameterCount, part * ParameterCount), rows, part),
                    new ParameterBlock(products.Slice(k * ParameterCount, part * ParameterCount), ParameterCount), isGaussNewton);
            }
        }
    }

    // Passes 3 and 4 of a chunk, or in place of 4 pass 2 on the block, with the loss's Hessian in between.
    private void Products(
        in LayerState state, DeviceSpan lossState, in LayerTangent tangent, ParameterBlock products, bool isGaussNewton)
    {
        network.TangentForward(state, tangent);
        var gradientTangents = Rows(outputGradientTangents!, tangent.Directions * state.Examples, network.Outputs);
        loss.ApplyHessian(Device, lossState, columns, Total, tangent.Output, gradientTangents);
        if (isGaussNewton)
        {
            network.BackwardBlock(state, tangent.Directions, gradientTangents, default, products);
        }
        else
        {
            network.TangentBackward(state, tangent, gradientTangents, default, products);
        }
    }

    private void GrowTangents(int directions)
    {
        if (directions <= block)
        {
            return;
        }

        foreach (var owned in (DeviceMemory?[])[workspace, tangentMemory, outputTangents, outputGradientTangents])
        {
            owned?.Dispose();
        }

        block = directions;
        workspace = Device.Allocate((int)network.Workspace(Chunk, block), "workspace");
        tangentMemory = Device.Allocate(block * Chunk * network.TangentMemorySize, "tangents of the layers");
        outputTangents = Device.Allocate(block * Chunk * network.Outputs, "tangents of the outputs");
        outputGradientTangents = Device.Allocate(block * Chunk * network.Outputs, "tangents of the gradient of the outputs");
    }

    // The targets in the mean.
    private int Total => checked(Examples * positions);

    // The targets of a chunk as the losses take them. Classes of positions become rows for a chunk at a time.
    private DeviceSpan Targets(int first, int count)
    {
        if (oneHot.Length > 0)
        {
            Device.OneHot(examples.Targets(first, count), columns, ChunkTargets(first, count));
        }

        return ChunkTargets(first, count);
    }

    private DeviceSpan ChunkTargets(int first, int count) =>
        oneHot.Length > 0 ? Rows(oneHot, count, network.Outputs) : examples.Targets(first, count);

    private static DeviceSpan Rows(DeviceMemory memory, int rows, int columns) => memory.Span.Slice(0, rows * columns);

    // What is stored of a chunk: at its place among all examples, or where only one chunk is kept.
    private DeviceSpan Stored(DeviceMemory memory, int first, int count, int size) =>
        memory.Span.Slice(keepsAll ? first * size : 0, count * size);

    private DeviceSpan LossState(int first, int count) => loss.KeepsState ? Stored(lossState, first, count, network.Outputs) : default;

    private LayerState State(DeviceSpan parameters, int first, int count) => new()
    {
        Device = Device,
        Examples = count,
        Parameters = parameters,
        Input = examples.Inputs(first, count),
        Source = examples.Inputs(first, count),
        Output = Stored(outputs, first, count, network.Outputs),
        OutputGradient = Stored(outputGradient, first, count, network.Outputs),
        Memory = Stored(memory, first, count, network.MemorySize),
        Workspace = workspace.Span,
    };

    private LayerTangent Tangent(DeviceSpan directions, int rows, int count) => new()
    {
        Directions = count,
        Parameters = new ParameterBlock(directions, ParameterCount),
        Input = default,
        Output = Rows(outputTangents!, count * rows, network.Outputs),
        Memory = Rows(tangentMemory!, count * rows, network.TangentMemorySize),
    };
}
