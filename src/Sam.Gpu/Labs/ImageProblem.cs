namespace Sam.Gpu.Labs;

/// <summary>A small problem on images of CIFAR-10, averaged over 4×4 pixels to 192 features: what gradient descent takes to the edge.</summary>
/// <param name="Data">The data set: <c>cifar10</c> or <c>cifar10-standardized</c>.</param>
/// <param name="Classes">The classes; of two the targets are −1 and 1, of more one-hot.</param>
/// <param name="Examples">The images, as many of each class: the first ones.</param>
/// <param name="Network">The network.</param>
/// <param name="Activation">Its activation function.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Initialization">The initialization; seed 0.</param>
/// <param name="StepSize">η.</param>
internal sealed record ImageProblem(
    string Data, IReadOnlyList<int> Classes, int Examples, string Network, string Activation, string Loss, string Initialization, double StepSize)
{
    /// <summary>Cats and dogs for a tanh network, as small as the theory of self-stabilization can do with.</summary>
    public static ImageProblem CatsAndDogs { get; } = new("cifar10", [3, 5], 200, "mlp:32-32", "tanh", "half-squared-error", "glorot-normal", 0.05);

    /// <summary>The four first classes, after the example of the code of central flows.</summary>
    /// <remarks>
    /// There the images are whole, the layers have 256 units and η is 0.02; 1000 images, four classes, activation and loss are the same. On two
    /// cores that takes hours. Of averaged pixels the sharpness is lower, so η is larger.
    /// </remarks>
    public static ImageProblem FourClasses { get; } =
        new("cifar10-standardized", [0, 1, 2, 3], 1000, "mlp:64-64", "gelu", "mse", "pytorch", 0.2);
}
