using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>A layer: four passes over a chunk of N examples and a slice of the flat parameter vector θ.</summary>
/// <remarks>
/// <para>
/// 1. forward and 2. backward are the usual ones. 3. tangent forward and 4. tangent backward are those two differentiated in a
/// direction of parameter space, written R{·} (Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6, 1994); they
/// take K directions at once and share what 1 and 2 have stored. 3 then 4 is an exact Hessian-vector product; 3, the loss's Hessian,
/// then 2 on the block is a Gauss-Newton product. docs/passes.md has the equations.
/// </para>
/// <para>
/// A layer holds no numbers. What it needs memory for beyond its input and output it declares: <see cref="MemorySize"/> is what passes 1
/// and 2 leave for later ones, <see cref="TangentMemorySize"/> what pass 3 leaves for pass 4, <see cref="Workspace"/> what a pass needs while
/// it runs. Gradients and products are added to what their spans hold, so that chunks accumulate.
/// </para>
/// </remarks>
public abstract class Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">The numbers an example brings in, ≥ 1.</param>
    /// <param name="outputs">The numbers an example takes out, ≥ 1.</param>
    protected Layer(int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The numbers an example brings in.</summary>
    public int Inputs { get; }

    /// <summary>The numbers an example takes out.</summary>
    public int Outputs { get; }

    /// <summary>The layer's own parameters, with offsets in its own slice and names without the layer's number.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The numbers an example that passes 1 and 2 leave in <see cref="LayerState.Memory"/> for the passes after them.</summary>
    public virtual int MemorySize => 0;

    /// <summary>The numbers an example and direction that pass 3 leaves in <see cref="LayerTangent.Memory"/> for pass 4.</summary>
    public virtual int TangentMemorySize => 0;

    /// <summary>The numbers of <see cref="LayerState.Workspace"/> that the largest of the passes needs while it runs.</summary>
    /// <param name="examples">N.</param>
    /// <param name="directions">K; 0 where there will be passes 1 and 2 of the gradient only.</param>
    public virtual long Workspace(int examples, int directions) => 0;

    /// <summary>Pass 1: the output from the input.</summary>
    /// <param name="state">The chunk; its output is written.</param>
    public abstract void Forward(in LayerState state);

    /// <summary>Pass 2 of the gradient itself, which pass 4 may look back at: from that of the output those of the input and of the parameters.</summary>
    /// <param name="state">What pass 1 has stored, and the gradient of the output.</param>
    /// <param name="inputGradient">[N, inputs], written; empty where nobody asks.</param>
    /// <param name="parameterGradient">The layer's slice of [P], added to; empty where nobody asks.</param>
    public virtual void Backward(in LayerState state, DeviceSpan inputGradient, ParameterBlock parameterGradient) =>
        BackwardBlock(state, 1, state.OutputGradient, inputGradient, parameterGradient);

    /// <summary>Pass 2 for a block of K gradients of the output, which leaves nothing for later passes: those of the input and of the parameters.</summary>
    /// <param name="state">What pass 1 has stored.</param>
    /// <param name="directions">K.</param>
    /// <param name="outputGradient">[K, N, outputs].</param>
    /// <param name="inputGradient">[K, N, inputs], written; empty where nobody asks.</param>
    /// <param name="parameterGradient">The layer's slice of [K, P], added to; empty where nobody asks.</param>
    public abstract void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient);

    /// <summary>Pass 3: R{output} from R{input} and R{θ}.</summary>
    /// <param name="state">What pass 1 has stored.</param>
    /// <param name="tangent">The directions; R{output} is written.</param>
    public abstract void TangentForward(in LayerState state, in LayerTangent tangent);

    /// <summary>Pass 4: R{gradient of the input} and R{gradient of θ} from R{gradient of the output}.</summary>
    /// <param name="state">What passes 1 and 2 have stored.</param>
    /// <param name="tangent">What pass 3 has stored.</param>
    /// <param name="outputGradientTangent">R{gradient of the output}, [K, N, outputs].</param>
    /// <param name="inputGradientTangent">R{gradient of the input}, [K, N, inputs], written; empty where nobody asks.</param>
    /// <param name="products">R{gradient of θ}, the layer's slice of [K, P], added to.</param>
    public abstract void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products);
}
