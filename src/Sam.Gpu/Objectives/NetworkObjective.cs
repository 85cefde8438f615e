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

    private readonly DataSet data;
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

    // The examples in the mean: some consecutive ones, of all or of those that were selected.
    private ExampleMemory source;
    private int start;
    private int taken;
    private ExampleMemory? selection;
    private DeviceMemory? exampleLosses;
    private DeviceMemory? places;
    private DeviceMemory? reference;

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

        this.data = data;
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
        (source, taken) = (examples, total);
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

    /// <summary>N, the examples in the mean, unless a step takes fewer of them for a while.</summary>
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

    /// <summary>Evaluates the loss, and with it the accuracy, without a gradient.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="loss">L(θ), [1], written.</param>
    public void Loss(DeviceSpan parameters, DeviceSpan loss)
    {
        Invalidate();
        Evaluate(parameters, default, loss, default);
    }

    /// <summary>What is added to the loss while a step is taken; null for nothing.</summary>
    /// <remarks>Loss and gradient have it; products with second derivatives do not.</remarks>
    internal LossSupplement? Supplement { get; set; }

    /// <summary>Allocates what a supplement of the loss needs, before the first step with it.</summary>
    /// <param name="supplement">The supplement.</param>
    /// <exception cref="UsageException">The loss is not one of classes, or there are more examples than a float counts.</exception>
    internal void Reserve(LossSupplement supplement)
    {
        if (!loss.NeedsClasses)
        {
            throw new UsageException($"This optimizer compares distributions over classes: --loss {loss.Name} has none. Use --loss cross-entropy.");
        }

        reference ??= Device.Allocate(Chunk * network.Outputs, "outputs to compare with");
        if (supplement.NeedsNumbers)
        {
            examples.KeepNumbers();
        }
    }

    /// <summary>Allocates what <see cref="TakeLargest"/> needs.</summary>
    /// <param name="kept">The examples to take, 1 … N.</param>
    /// <exception cref="UsageException">There are more examples than a float counts.</exception>
    internal void ReserveSelection(int kept)
    {
        ExampleMemory.RequireCountable(data);
        selection = new ExampleMemory(Device, data, kept);
        exampleLosses = Device.Allocate(2 * Examples, "losses of the examples and their marks");
        places = Device.Allocate(kept, "places of the selected examples");
    }

    /// <summary>Takes some consecutive examples into the mean, until <see cref="TakeAll"/>.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    internal void Take(int first, int count)
    {
        Invalidate();
        (source, start, taken) = (examples, first, count);
    }

    /// <summary>Takes all N examples into the mean.</summary>
    internal void TakeAll() => Take(0, Examples);

    /// <summary>Evaluates loss and accuracy of all examples, and takes those of the largest losses into the mean, until <see cref="TakeAll"/>.</summary>
    /// <remarks>Pass 1 alone. Of equal losses the first examples are taken; they keep their order, so that all N give the same bits as before.</remarks>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="loss">L(θ) over all examples, [1], written.</param>
    internal void TakeLargest(DeviceSpan parameters, DeviceSpan loss)
    {
        TakeAll();
        var (each, marks) = (exampleLosses!.Span.Slice(0, Examples), exampleLosses.Span.Slice(Examples));
        Device.Fill(each, 0);
        Evaluate(parameters, default, loss, each);
        Device.MarkLargest(each, places!.Length, marks);
        Device.ListMarked(marks, places.Span);
        selection!.Gather(examples, places.Span);
        (source, start, taken) = (selection, 0, places.Length);
    }

    /// <summary>Allocates now what products of a block of directions need, so that they do not.</summary>
    /// <param name="directions">The directions, ≥ 1.</param>
    public void Reserve(int directions) => GrowTangents(Math.Min(directions, LargestBlock));

    /// <summary>Goes through the four passes with the largest chunk, on a device that only plans, and loads no examples for that.</summary>
    /// <param name="directions">K of the products; 0 for a gradient alone.</param>
    internal void Rehearse(int directions)
    {
        int part = Math.Min(directions, LargestBlock);

        // There are no numbers: parameters, gradient, directions and products may as well lie in the same place.
        using var vectors = Device.Allocate(Math.Max(part, 1) * ParameterCount, "vectors of a rehearsal");
        var parameters = vectors.Span.Slice(0, ParameterCount);
        Forward(parameters, 0, Chunk);
        Backward(parameters, parameters, 0, Chunk);
        if (part > 0)
        {
            Products(
                State(parameters, 0, Chunk), LossState(0, Chunk), Tangent(vectors.Span, Chunk, part),
                new ParameterBlock(vectors.Span, ParameterCount), isGaussNewton: false);
        }
    }

    /// <inheritdoc/>
    protected override void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss) =>
        Evaluate(parameters, gradient, loss, default);

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
            selection?.Dispose();
            foreach (var owned in (DeviceMemory?[])
            [
                memory, outputs, outputGradient, workspace, losses, lossState, oneHot, accuracy, exampleLosses, places, reference,
                tangentMemory, outputTangents, outputGradientTangents,
            ])
            {
                owned?.Dispose();
            }
        }
    }

    // Passes 1 and 2 of all chunks; without a gradient pass 1 alone, with the losses of the examples, [N] and zero, where they are asked for.
    private void Evaluate(DeviceSpan parameters, DeviceSpan gradient, DeviceSpan loss, DeviceSpan each)
    {
        examples.EnsureLoaded();
        Device.Fill(gradient, 0);
        Device.Fill(loss, 0);
        Device.Fill(accuracy.Span, 0);
        for (int first = 0; first < taken; first += Chunk)
        {
            int count = Math.Min(Chunk, taken - first);
            Forward(parameters, first, count);
            var chunkLosses = losses.Span.Slice(0, count * positions);
            Device.Sum(chunkLosses, loss, accumulate: true);
            if (!each.IsEmpty)
            {
                Device.AddColumnSums(chunkLosses, 1, each.Slice(first, count), count, 1);
            }

            CountCorrect(first, count);
            if (!gradient.IsEmpty)
            {
                Backward(parameters, gradient, first, count);
            }
        }

        if (countsCorrect)
        {
            Device.Scale(accuracy.Span, 1.0 / Total, accuracy.Span);
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
        var compared = Supplement is null ? default : Rows(Reference, count, network.Outputs);
        if (Supplement is { Teacher: { IsEmpty: false } teacher })
        {
            var taught = State(teacher, first, count);
            network.Forward(taught);
            Device.Copy(taught.Output, compared);
        }

        var state = State(parameters, first, count);
        network.Forward(state);
        var chunkLosses = losses.Span.Slice(0, count * positions);
        loss.Evaluate(Device, state.Output, Targets(first, count), columns, Total, chunkLosses, state.OutputGradient, LossState(first, count));
        Supplement?.Add(new OutputChunk(
            state.Output, compared, Supplement.NeedsNumbers ? source.Numbers(start + first, count) : default,
            columns, Total, chunkLosses, state.OutputGradient));
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
        for (int first = 0; first < taken; first += Chunk)
        {
            int rows = Math.Min(Chunk, taken - first);
            if (Chunk < taken && !keepsAll)
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
    private int Total => checked(taken * positions);

    // The targets of a chunk as the losses take them. Classes of positions become rows for a chunk at a time.
    private DeviceSpan Targets(int first, int count)
    {
        if (oneHot.Length > 0)
        {
            Device.OneHot(source.Targets(start + first, count), columns, ChunkTargets(first, count));
        }

        return ChunkTargets(first, count);
    }

    private DeviceSpan ChunkTargets(int first, int count) =>
        oneHot.Length > 0 ? Rows(oneHot, count, network.Outputs) : source.Targets(start + first, count);

    private static DeviceSpan Rows(DeviceMemory memory, int rows, int columns) => memory.Span.Slice(0, rows * columns);

    private DeviceMemory Reference =>
        reference ?? throw new InvalidOperationException("There is no memory for the supplement of the loss: reserve it before the first step.");

    // What is stored of a chunk: at its place among all examples, or where only one chunk is kept.
    private DeviceSpan Stored(DeviceMemory memory, int first, int count, int size) =>
        memory.Span.Slice(keepsAll ? first * size : 0, count * size);

    private DeviceSpan LossState(int first, int count) => loss.KeepsState ? Stored(lossState, first, count, network.Outputs) : default;

    private LayerState State(DeviceSpan parameters, int first, int count) => new()
    {
        Device = Device,
        Examples = count,
        Parameters = parameters,
        Input = source.Inputs(start + first, count),
        Source = source.Inputs(start + first, count),
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
