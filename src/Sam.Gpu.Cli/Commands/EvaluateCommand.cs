using System.CommandLine;
using Sam.Gpu.Devices;
using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Commands;

/// <summary><c>samgpu evaluate</c>: loss, gradient, products and eigenvalues at parameters from a file.</summary>
internal static class EvaluateCommand
{
    private static readonly string[] OptionalKeys = ["eigenvalues", "eigenvalue-tolerance", "device", "matmul", "matmul-precision", "precision", "threads"];

    private static readonly CommandHelp Help = new()
    {
        Default = option => option switch
        {
            "--eigenvalues" => "none",
            "--eigenvalue-tolerance" => "1e-4 in float, 1e-8 in double",
            "--device" => "auto",
            "--matmul" => "auto",
            "--matmul-precision" => "fp32",
            "--precision" => "double",
            "--threads" => "0",
            _ => null,
        },
        Examples =
        [
            (
                "samgpu evaluate --network mlp:200-200 --activation tanh --loss mse --parameters P.npz --inputs D.npz --directions V.npz "
                + "--eigenvalues 3 --output O.npz",
                "the bridge from and to PyTorch, JAX and NumPy"),
        ],
        Notes =
        [
            "P holds arrays named as PyTorch's nn.Sequential names them: 0.weight [out, in], 0.bias [out], 2.weight, …; activations count. "
            + "D holds x [N, features] and y: integers [N] for classes, or [N, outputs]. V holds K directions with the names of P and a "
            + "leading dimension K.",
            "O gets loss, gradient/NAME, hvp/NAME and ggn/NAME [K, …] (the Hessian and the Gauss-Newton matrix times each direction), "
            + "eigenvalues and residuals [K], converged [K], eigenvectors/NAME [K, …].",
            "B. A. Pearlmutter, Fast Exact Multiplication by the Hessian, Neural Computation 6 (1994).",
        ],
    };

    /// <summary>Creates the command.</summary>
    /// <param name="devices">The devices of the machine.</param>
    /// <param name="terminal">Where to write.</param>
    public static Command Create(DeviceCatalog devices, Terminal terminal)
    {
        var network = Required("--network", "NAME", "the network with its hidden widths: see 'samgpu list networks'");
        var activation = Required("--activation", "NAME", "activation function: see 'samgpu list activations'");
        var loss = Required("--loss", "NAME", "loss: see 'samgpu list losses'");
        var parameters = Required("--parameters", "P.npz", "the parameters; they give input and output sizes");
        var inputs = Required("--inputs", "D.npz", "the examples");
        var output = Required("--output", "O.npz", "the file to write; it must not exist");
        output.Aliases.Add("-o");
        var directions = new Option<string>("--directions") { HelpName = "V.npz", Description = "directions to multiply by the Hessian" };
        var keys = OptionalKeys.Select(ConfigurationKey.Find)
            .Select(key => new Option<string>($"--{key.Name}") { HelpName = key.Placeholder, Description = key.Description }).ToArray();
        var command = new DocumentedCommand(
            "evaluate", "Computes loss, gradient, Hessian-vector products and eigenvalues of a network from files, into a file.", Help);
        foreach (var option in (Option[])[network, activation, loss, parameters, inputs, directions, .. keys, output])
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            var given = new Dictionary<string, string>();
            foreach (var option in keys)
            {
                if (result.GetValue(option) is { } text)
                {
                    given.Add(option.Name[2..], text);
                }
            }

            // The keys of a run read the values; what was not given keeps the default of an evaluation.
            var values = given.Aggregate(new RunConfiguration(), (configuration, pair) => RunOptions.Apply(configuration, pair.Key, pair.Value));
            var request = new EvaluationRequest
            {
                Network = result.GetRequiredValue(network),
                Activation = result.GetRequiredValue(activation),
                Loss = result.GetRequiredValue(loss),
                Parameters = result.GetRequiredValue(parameters),
                Inputs = result.GetRequiredValue(inputs),
                Directions = result.GetValue(directions),
                Output = result.GetRequiredValue(output),
                Devices = devices,
                Device = values.Device,
                MatrixProducts = values.MatrixProducts,
                AllowsTf32 = values.AllowsTf32,
                Threads = values.Threads,
            };
            return Run(
                request with
                {
                    Eigenvalues = given.ContainsKey("eigenvalues") ? values.Eigenvalues : request.Eigenvalues,
                    EigenvalueTolerance = given.ContainsKey("eigenvalue-tolerance") ? values.EigenvalueTolerance : request.EigenvalueTolerance,
                    Precision = given.ContainsKey("precision") ? values.Precision : request.Precision,
                },
                terminal.Out);
        });
        return command;
    }

    private static int Run(EvaluationRequest request, TextWriter writer)
    {
        var result = Evaluation.Run(request);
        writer.WriteLine($"{Numbers.Whole(result.ParameterCount)} parameters, {Numbers.Whole(result.Examples)} examples");
        writer.WriteLine($"  loss: {Numbers.Exact(result.Loss)}");
        writer.WriteLine($"  gradient norm: {Numbers.Exact(result.GradientNorm)}");
        if (result.Accuracy is { } accuracy)
        {
            writer.WriteLine($"  accuracy: {Numbers.Short(accuracy)}");
        }

        for (int i = 0; i < result.Eigenvalues.Count; i++)
        {
            var pair = result.Eigenvalues[i];
            string doubt = pair.Converged ? "" : " (not converged: only an estimate)";
            writer.WriteLine($"  eigenvalue {Numbers.Whole(i + 1)}: {Numbers.Exact(pair.Value)} ± {Numbers.Short(pair.Residual)}{doubt}");
        }

        if (result.Eigenvalues.Any(pair => !pair.Converged))
        {
            writer.WriteLine($"  {result.EigenvaluesExplanation}");
        }

        writer.WriteLine($"  directions: {Numbers.Whole(result.Directions)}");
        writer.WriteLine($"  file: {request.Output}");
        return ExitCode.Done;
    }

    private static Option<string> Required(string name, string placeholder, string description) =>
        new(name) { Required = true, HelpName = placeholder, Description = description };
}
