using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>A 2-d convolution, in the sense of deep learning: z[y, x, o] = Σ x[y·s − t + v, x·s − l + u, c] W[o, c, v, u] + b[o].</summary>
/// <remarks>
/// <para>
/// W is [O, C, window rows, window columns] and b is [O], in this order in θ, as PyTorch's Conv2d has them. With X the matrix of what the
/// window sees, a row for each of the N·P outputs, z = X Wᵀ + b: a dense layer on N·P rows, and the passes are those of <see cref="Dense"/>. What
/// goes to X goes on to the pixels by the transposed of the map x → X, which is linear: RX is what the window sees of Rx.
/// </para>
/// <para>
/// X is as large as the image times the window, and needed in every pass: it is made anew for some examples at a time in the workspace,
/// which so is bounded whatever the chunk. Its columns are in the order (v, u, c), which images channels last give in whole pixels; W is
/// brought into that order first.
/// </para>
/// </remarks>
public sealed class Convolution : Layer
{
    // The numbers of X, of the directions' RX and of their gradients that are made at once: some megabytes, within reach of the caches.
    private const int PieceLength = 1 << 20;

    private readonly ImageWindow window;
    private readonly bool hasBias;
    private readonly bool isPlanar;
    private readonly int channels;
    private readonly int rowLength;
    private readonly int pixels;

    /// <summary>Creates the layer.</summary>
    /// <param name="image">The shape of the input.</param>
    /// <param name="outputChannels">O ≥ 1.</param>
    /// <param name="window">The window.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <param name="isPlanar">Whether the input lies channels first, as the examples of data sets do; only where it depends on no parameter.</param>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    public Convolution(ImageShape image, int outputChannels, Window window, bool hasBias = true, bool isPlanar = false)
        : base(image.Size, OutputOf(image, outputChannels, window).Size)
    {
        this.window = window.Over(image);
        this.hasBias = hasBias;
        this.isPlanar = isPlanar;
        channels = outputChannels;
        Output = OutputOf(image, outputChannels, window);
        pixels = Output.Pixels;
        int cells = window.Height * window.Width;
        rowLength = checked(cells * image.Channels);
        int fanOut = checked(cells * outputChannels);
        var weight = new Parameter("weight", [outputChannels, image.Channels, window.Height, window.Width], 0, rowLength, fanOut, IsBias: false);
        Parameters = hasBias ? [weight, new Parameter("bias", [outputChannels], weight.Length, rowLength, fanOut, IsBias: true)] : [weight];
    }

    /// <summary>The shape of the output.</summary>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions)
    {
        int factor = Math.Max(directions, 1);
        return ((long)(1 + (2 * factor)) * WeightLength) + ((1L + factor) * Piece(examples, factor) * pixels * rowLength);
    }

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        var work = new Work(this, state, 1);
        for (; work.Count > 0; work.MoveNext())
        {
            state.Device.Multiply(work.Columns(state.Input), work.Weight.Transposed, work.Outputs(state.Output));
        }

        if (hasBias)
        {
            state.Device.AddBias(state.Output, state.Parameters.Slice(WeightLength), channels);
        }
    }

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (parameterGradient.Span.IsEmpty && inputGradient.IsEmpty)
        {
            return;
        }

        var work = new Work(this, state, directions);
        for (; work.Count > 0; work.MoveNext())
        {
            if (!parameterGradient.Span.IsEmpty)
            {
                state.Device.Multiply(
                    work.Outputs(outputGradient).Transposed, work.Columns(state.Input), work.Products, directions, work.First > 0);
            }

            if (!inputGradient.IsEmpty)
            {
                state.Device.Multiply(work.Outputs(outputGradient), work.Weight, work.BlockColumns, directions);
                work.Spread(inputGradient);
            }
        }

        if (!parameterGradient.Span.IsEmpty)
        {
            AddGradients(state, work, directions, outputGradient, parameterGradient);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        int directions = tangent.Directions;
        var work = new Work(this, state, directions, tangent.Parameters);
        for (; work.Count > 0; work.MoveNext())
        {
            state.Device.Multiply(work.Columns(state.Input), work.Directions.Transposed, work.Outputs(tangent.Output), directions);
            if (!tangent.Input.IsEmpty)
            {
                state.Device.Multiply(
                    work.TangentColumns(tangent.Input), work.Weight.Transposed, work.Outputs(tangent.Output), directions, accumulate: true);
            }
        }

        if (hasBias)
        {
            var bias = tangent.Parameters.From(WeightLength);
            state.Device.AddBias(tangent.Output, bias.Span, channels, directions, bias.Stride);
        }
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        int directions = tangent.Directions;
        var work = new Work(this, state, directions, tangent.Parameters);
        for (; work.Count > 0; work.MoveNext())
        {
            var outputGradient = work.Shared(state.OutputGradient);
            var blockGradient = work.Outputs(outputGradientTangent);
            state.Device.Multiply(blockGradient.Transposed, work.Columns(state.Input), work.Products, directions, work.First > 0);
            if (!tangent.Input.IsEmpty)
            {
                state.Device.Multiply(
                    outputGradient.Transposed, work.TangentColumns(tangent.Input), work.Products, directions, accumulate: true);
            }

            if (!inputGradientTangent.IsEmpty)
            {
                state.Device.Multiply(blockGradient, work.Weight, work.BlockColumns, directions);
                state.Device.Multiply(outputGradient, work.Directions, work.BlockColumns, directions, accumulate: true);
                work.Spread(inputGradientTangent);
            }
        }

        AddGradients(state, work, directions, outputGradientTangent, products);
    }

    private int WeightLength => channels * rowLength;

    private static ImageShape OutputOf(ImageShape image, int channels, Window window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        var over = window.Over(image);
        return new ImageShape(channels, over.OutputHeight, over.OutputWidth);
    }

    private int Piece(int examples, int directions) =>
        (int)Math.Clamp(PieceLength / ((1L + directions) * pixels * rowLength), 1, Math.Max(examples, 1));

    private void AddGradients(in LayerState state, in Work work, int directions, DeviceSpan outputGradient, ParameterBlock gradient)
    {
        state.Device.Transpose(
            work.Products.Span, gradient.Span, channels, rowLength / window.Channels, window.Channels,
            directions, WeightLength, gradient.Stride, accumulate: true);
        if (hasBias)
        {
            var bias = gradient.From(WeightLength);
            state.Device.AddColumnSums(outputGradient, channels, bias.Span, directions, bias.Stride);
        }
    }

    // The workspace of a pass, and the examples that are taken at once.
    private struct Work
    {
        private readonly Convolution layer;
        private readonly LayerState state;
        private readonly int directions;
        private readonly int piece;
        private readonly DeviceSpan columns;
        private readonly DeviceSpan blockColumns;

        public Work(Convolution layer, in LayerState state, int directions, ParameterBlock tangents = default)
        {
            this.layer = layer;
            this.state = state;
            this.directions = directions;
            piece = layer.Piece(state.Examples, directions);
            Count = Math.Min(piece, state.Examples);
            int length = layer.WeightLength;
            var weights = state.Workspace.Slice(0, (1 + (2 * directions)) * length);
            Weight = new DeviceMatrix(weights.Slice(0, length), layer.channels, layer.rowLength);
            Directions = Block(weights.Slice(length, directions * length));
            Products = Block(weights.Slice((1 + directions) * length, directions * length));
            columns = state.Workspace.Slice(weights.Length, piece * layer.pixels * layer.rowLength);
            blockColumns = state.Workspace.Slice(weights.Length + columns.Length, directions * columns.Length);
            int cells = layer.rowLength / layer.window.Channels;
            state.Device.Transpose(state.Parameters, Weight.Span, layer.channels, layer.window.Channels, cells);
            if (!tangents.Span.IsEmpty)
            {
                state.Device.Transpose(
                    tangents.Span, Directions.Span, layer.channels, layer.window.Channels, cells, directions, tangents.Stride, length);
            }

            DeviceMatrix Block(DeviceSpan span) => new(span, layer.channels, layer.rowLength, batchStride: length);
        }

        /// <summary>The first example of the piece.</summary>
        public int First { get; private set; }

        /// <summary>Its examples; 0 behind the last piece.</summary>
        public int Count { get; private set; }

        /// <summary>W, [O, Q], its rows in the order (v, u, c).</summary>
        public DeviceMatrix Weight { get; }

        /// <summary>RW, [K, O, Q], likewise.</summary>
        public DeviceMatrix Directions { get; }

        /// <summary>∂W or R∂W, [K, O, Q], likewise: the sum over the pieces.</summary>
        public DeviceMatrix Products { get; }

        /// <summary>Room for what the window sees, [K, piece · P, Q].</summary>
        public readonly DeviceMatrix BlockColumns =>
            new(blockColumns, Count * layer.pixels, layer.rowLength, batchStride: Count * layer.pixels * layer.rowLength);

        public void MoveNext()
        {
            First += Count;
            Count = Math.Min(piece, state.Examples - First);
        }

        /// <summary>X of the piece, [piece · P, Q].</summary>
        public readonly DeviceMatrix Columns(DeviceSpan input)
        {
            var span = columns.Slice(0, Count * layer.pixels * layer.rowLength);
            state.Device.ImageColumns(input.Slice(First * layer.Inputs), 0, layer.window, Count, 1, span, layer.isPlanar);
            return new DeviceMatrix(span, Count * layer.pixels, layer.rowLength);
        }

        /// <summary>RX of the piece.</summary>
        public readonly DeviceMatrix TangentColumns(DeviceSpan inputTangent)
        {
            state.Device.ImageColumns(
                inputTangent.Slice(First * layer.Inputs), state.Examples * layer.Inputs, layer.window, Count, directions,
                Used(BlockColumns), isPlanar: false);
            return BlockColumns;
        }

        /// <summary>Brings ∂X of the piece to the pixels of its examples.</summary>
        public readonly void Spread(DeviceSpan inputGradient) =>
            state.Device.ImageColumnsTransposed(
                Used(BlockColumns), layer.window, Count, directions, inputGradient.Slice(First * layer.Inputs), state.Examples * layer.Inputs);

        /// <summary>The rows of the piece in a block of outputs, [K, piece · P, O].</summary>
        public readonly DeviceMatrix Outputs(DeviceSpan block) => Rows(block, state.Examples * layer.Outputs);

        /// <summary>The rows of the piece in outputs that all directions share.</summary>
        public readonly DeviceMatrix Shared(DeviceSpan outputs) => Rows(outputs, 0);

        private readonly DeviceMatrix Rows(DeviceSpan outputs, int stride) =>
            new(outputs.Slice(First * layer.Outputs), Count * layer.pixels, layer.channels, batchStride: stride);

        private readonly DeviceSpan Used(DeviceMatrix block) => block.Span.Slice(0, directions * block.BatchStride);
    }
}
