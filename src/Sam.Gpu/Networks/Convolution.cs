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
    // The numbers of X, and of RX or ∂X of one direction, that are made at once: some megabytes, within reach of the caches.
    private const int PieceLength = 1 << 19;

    private readonly ImageWindow window;
    private readonly bool hasBias;
    private readonly int channels;
    private readonly int rowLength;
    private readonly int pixels;

    /// <summary>Creates the layer.</summary>
    /// <param name="image">The shape of the input.</param>
    /// <param name="outputChannels">O ≥ 1.</param>
    /// <param name="window">The window.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    public Convolution(ImageShape image, int outputChannels, Window window, bool hasBias = true)
        : base(image.Size, OutputOf(image, outputChannels, window).Size)
    {
        this.window = window.Over(image);
        this.hasBias = hasBias;
        channels = outputChannels;
        Output = OutputOf(image, outputChannels, window);
        pixels = Output.Pixels;
        rowLength = checked(window.Height * window.Width * image.Channels);
        Parameters = ParametersOf(image, outputChannels, window, hasBias);
    }

    /// <summary>The shape of the output.</summary>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) =>
        ((1 + (2L * Math.Max(directions, 1))) * WeightLength) + (2L * Piece(examples) * pixels * rowLength);

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        var work = new Work(this, state, 1);
        for (; work.Count > 0; work.MoveNext())
        {
            var product = new DeviceProduct(work.Columns(state.Input), work.Weight.Transposed, work.Outputs(state.Output));
            state.Device.Multiply(hasBias ? product.WithBias(state.Parameters.Slice(WeightLength, channels)) : product);
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

            for (int k = 0; !inputGradient.IsEmpty && k < directions; k++)
            {
                state.Device.Multiply(work.Outputs(outputGradient, k), work.Weight, work.OneColumns);
                work.Spread(inputGradient, k);
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
            for (int k = 0; !tangent.Input.IsEmpty && k < directions; k++)
            {
                state.Device.Multiply(
                    work.TangentColumns(tangent.Input, k), work.Weight.Transposed, work.Outputs(tangent.Output, k), accumulate: true);
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
            var outputGradient = work.Outputs(state.OutputGradient);
            state.Device.Multiply(
                work.Outputs(outputGradientTangent).Transposed, work.Columns(state.Input), work.Products, directions, work.First > 0);
            for (int k = 0; k < directions; k++)
            {
                if (!tangent.Input.IsEmpty)
                {
                    state.Device.Multiply(
                        outputGradient.Transposed, work.TangentColumns(tangent.Input, k), Work.One(work.Products, k), accumulate: true);
                }

                if (!inputGradientTangent.IsEmpty)
                {
                    state.Device.Multiply(work.Outputs(outputGradientTangent, k), work.Weight, work.OneColumns);
                    state.Device.Multiply(outputGradient, Work.One(work.Directions, k), work.OneColumns, accumulate: true);
                    work.Spread(inputGradientTangent, k);
                }
            }
        }

        AddGradients(state, work, directions, outputGradientTangent, products);
    }

    /// <summary>The parameters of a convolution: W [O, C, window rows, window columns] and, if there is one, b [O].</summary>
    internal static IReadOnlyList<Parameter> ParametersOf(ImageShape image, int channels, Window window, bool hasBias)
    {
        int cells = window.Height * window.Width;
        int fanIn = checked(cells * image.Channels);
        int fanOut = checked(cells * channels);
        var weight = new Parameter("weight", [channels, image.Channels, window.Height, window.Width], 0, fanIn, fanOut, IsBias: false);
        return hasBias ? [weight, new Parameter("bias", [channels], weight.Length, fanIn, fanOut, IsBias: true)] : [weight];
    }

    /// <summary>The shape of what a convolution gives out.</summary>
    internal static ImageShape OutputOf(ImageShape image, int channels, Window window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        var over = window.Over(image);
        return new ImageShape(channels, over.OutputHeight, over.OutputWidth);
    }

    private int WeightLength => channels * rowLength;

    private int Piece(int examples) => (int)Math.Clamp(PieceLength / ((long)pixels * rowLength), 1, Math.Max(examples, 1));

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
        private readonly int piece;
        private readonly DeviceSpan columns;
        private readonly DeviceSpan oneColumns;

        public Work(Convolution layer, in LayerState state, int directions, ParameterBlock tangents = default)
        {
            this.layer = layer;
            this.state = state;
            piece = layer.Piece(state.Examples);
            Count = Math.Min(piece, state.Examples);
            int length = layer.WeightLength;
            var weights = state.Workspace.Slice(0, (1 + (2 * directions)) * length);
            Weight = new DeviceMatrix(weights.Slice(0, length), layer.channels, layer.rowLength);
            Directions = Block(weights.Slice(length, directions * length));
            Products = Block(weights.Slice((1 + directions) * length, directions * length));
            columns = state.Workspace.Slice(weights.Length, piece * layer.pixels * layer.rowLength);
            oneColumns = state.Workspace.Slice(weights.Length + columns.Length, columns.Length);
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

        /// <summary>Room for RX or ∂X of one direction, [piece · P, Q].</summary>
        public readonly DeviceMatrix OneColumns => Matrix(oneColumns);

        public void MoveNext()
        {
            First += Count;
            Count = Math.Min(piece, state.Examples - First);
        }

        /// <summary>X of the piece, [piece · P, Q].</summary>
        public readonly DeviceMatrix Columns(DeviceSpan input) => Seen(input, 0, columns);

        /// <summary>RX of the piece in one direction.</summary>
        public readonly DeviceMatrix TangentColumns(DeviceSpan inputTangent, int k) => Seen(inputTangent, k, oneColumns);

        /// <summary>Brings ∂X of the piece in one direction to the pixels of its examples.</summary>
        public readonly void Spread(DeviceSpan inputGradient, int k) =>
            state.Device.ImageColumnsTransposed(OneColumns.Span, layer.window, Count, 1, Of(inputGradient, k, layer.Inputs), 0);

        /// <summary>The rows of the piece in a block of outputs, [K, piece · P, O].</summary>
        public readonly DeviceMatrix Outputs(DeviceSpan block) =>
            new(Of(block, 0, layer.Outputs), Count * layer.pixels, layer.channels, batchStride: state.Examples * layer.Outputs);

        /// <summary>The rows of the piece in the outputs of one direction.</summary>
        public readonly DeviceMatrix Outputs(DeviceSpan block, int k) =>
            new(Of(block, k, layer.Outputs), Count * layer.pixels, layer.channels);

        /// <summary>One matrix of a block of weights.</summary>
        public static DeviceMatrix One(DeviceMatrix block, int k) =>
            new(block.Span.Slice(k * block.BatchStride, block.BatchStride), block.Rows, block.Columns);

        private readonly DeviceMatrix Seen(DeviceSpan input, int k, DeviceSpan room)
        {
            var matrix = Matrix(room);
            state.Device.ImageColumns(Of(input, k, layer.Inputs), 0, layer.window, Count, 1, matrix.Span);
            return matrix;
        }

        private readonly DeviceMatrix Matrix(DeviceSpan room) =>
            new(room.Slice(0, Count * layer.pixels * layer.rowLength), Count * layer.pixels, layer.rowLength);

        // The numbers of direction k from the piece's first example on.
        private readonly DeviceSpan Of(DeviceSpan block, int k, int size) => block.Slice(((k * state.Examples) + First) * size);
    }
}
