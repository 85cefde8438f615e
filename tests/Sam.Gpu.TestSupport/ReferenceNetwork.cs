namespace Sam.Gpu.TestSupport;

/// <summary>A fully connected network with its loss, example by example in double on the host: the oracle of the four passes.</summary>
/// <remarks>It shares nothing with the product but the order of θ: for each layer W [O, I], row by row, then b [O].</remarks>
/// <param name="sizes">The numbers of an example at the input, behind each hidden layer, and at the output.</param>
/// <param name="hasBias">Whether each layer has a bias.</param>
/// <param name="activation">The activation function behind the hidden layers.</param>
/// <param name="loss">mse, half-squared-error or cross-entropy.</param>
public sealed class ReferenceNetwork(int[] sizes, bool[] hasBias, string activation, string loss)
{
    private readonly ReferenceActivation function = ReferenceActivation.Of(activation);

    /// <summary>The numbers of an example at the output.</summary>
    public int Outputs => sizes[^1];

    private int Layers => sizes.Length - 1;

    /// <summary>The outputs of all examples.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="inputs">[N, inputs].</param>
    /// <returns>[N, outputs].</returns>
    public double[] Evaluate(double[] parameters, double[] inputs)
    {
        int examples = inputs.Length / sizes[0];
        double[] result = new double[examples * Outputs];
        for (int n = 0; n < examples; n++)
        {
            Forward(parameters, inputs, n)[^1].CopyTo(result, n * Outputs);
        }

        return result;
    }

    /// <summary>The mean loss.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="inputs">[N, inputs].</param>
    /// <param name="targets">[N, outputs].</param>
    public double Loss(double[] parameters, double[] inputs, double[] targets)
    {
        int examples = inputs.Length / sizes[0];
        double[] outputs = Evaluate(parameters, inputs);
        double sum = 0;
        for (int n = 0; n < examples; n++)
        {
            double largest = outputs.Skip(n * Outputs).Take(Outputs).Max();
            double total = 0;
            for (int c = n * Outputs; c < (n + 1) * Outputs; c++)
            {
                total += Math.Exp(outputs[c] - largest);
                sum += loss switch
                {
                    "mse" => (outputs[c] - targets[c]) * (outputs[c] - targets[c]) / Outputs,
                    "half-squared-error" => (outputs[c] - targets[c]) * (outputs[c] - targets[c]) / 2,
                    _ => targets[c] * (largest - outputs[c]),
                };
            }

            sum += loss == "cross-entropy" ? Math.Log(total) : 0;
        }

        return sum / examples;
    }

    /// <summary>The gradient of the mean loss, by backpropagation of one example after the other.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="inputs">[N, inputs].</param>
    /// <param name="targets">[N, outputs].</param>
    public double[] Gradient(double[] parameters, double[] inputs, double[] targets)
    {
        int examples = inputs.Length / sizes[0];
        double[] gradient = new double[parameters.Length];
        for (int n = 0; n < examples; n++)
        {
            double[][] values = Forward(parameters, inputs, n);
            double[] output = values[^1];
            double[] probabilities = Softmax(output);
            double[] delta = new double[Outputs];
            for (int c = 0; c < Outputs; c++)
            {
                double target = targets[(n * Outputs) + c];
                delta[c] = loss switch
                {
                    "mse" => 2 * (output[c] - target) / Outputs,
                    "half-squared-error" => output[c] - target,
                    _ => probabilities[c] - target,
                } / examples;
            }

            for (int layer = Layers - 1; layer >= 0; layer--)
            {
                // values holds the input, then z and a of each hidden layer in turn, then the output.
                double[] input = values[2 * layer];
                int offset = Offset(layer);
                double[] below = new double[sizes[layer]];
                for (int o = 0; o < sizes[layer + 1]; o++)
                {
                    for (int i = 0; i < sizes[layer]; i++)
                    {
                        gradient[offset + (o * sizes[layer]) + i] += delta[o] * input[i];
                        below[i] += delta[o] * parameters[offset + (o * sizes[layer]) + i];
                    }

                    if (hasBias[layer])
                    {
                        gradient[offset + (sizes[layer] * sizes[layer + 1]) + o] += delta[o];
                    }
                }

                if (layer > 0)
                {
                    for (int i = 0; i < below.Length; i++)
                    {
                        below[i] *= function.Slope(values[(2 * layer) - 1][i]);
                    }
                }

                delta = below;
            }
        }

        return gradient;
    }

    /// <summary>The Hessian of the mean loss with respect to the outputs of one example.</summary>
    /// <param name="output">The outputs of the example.</param>
    /// <param name="examples">N.</param>
    /// <returns>[outputs, outputs].</returns>
    public double[] OutputHessian(double[] output, int examples)
    {
        double[] p = Softmax(output);
        double[] hessian = new double[Outputs * Outputs];
        for (int i = 0; i < Outputs; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double one = i == j ? 1 : 0;
                hessian[(i * Outputs) + j] = loss switch
                {
                    "mse" => 2 * one / Outputs,
                    "half-squared-error" => one,
                    _ => (one * p[i]) - (p[i] * p[j]),
                } / examples;
            }
        }

        return hessian;
    }

    private static double[] Softmax(double[] output)
    {
        double[] powers = [.. output.Select(o => Math.Exp(o - output.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private int Offset(int layer)
    {
        int offset = 0;
        for (int i = 0; i < layer; i++)
        {
            offset += (sizes[i] + (hasBias[i] ? 1 : 0)) * sizes[i + 1];
        }

        return offset;
    }

    private double[][] Forward(double[] parameters, double[] inputs, int example)
    {
        List<double[]> values = [inputs[(example * sizes[0])..((example + 1) * sizes[0])]];
        for (int layer = 0; layer < Layers; layer++)
        {
            double[] x = values[^1];
            int offset = Offset(layer);
            double[] z = new double[sizes[layer + 1]];
            for (int o = 0; o < z.Length; o++)
            {
                z[o] = hasBias[layer] ? parameters[offset + (x.Length * z.Length) + o] : 0;
                for (int i = 0; i < x.Length; i++)
                {
                    z[o] += parameters[offset + (o * x.Length) + i] * x[i];
                }
            }

            values.Add(z);
            if (layer < Layers - 1)
            {
                values.Add([.. z.Select(function.Value)]);
            }
        }

        return [.. values];
    }
}
