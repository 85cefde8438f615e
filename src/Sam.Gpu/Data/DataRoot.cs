namespace Sam.Gpu.Data;

/// <summary>The folder below which the data sets lie: <c>mnist/</c>, <c>cifar10/</c>, <c>tiny_shakespeare.txt</c>.</summary>
public static class DataRoot
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "SAMGPU_DATA";

    /// <summary>The folder that <c>--data-root</c> names, else the environment variable SAMGPU_DATA, else <c>./data</c>.</summary>
    /// <param name="option">The value of the option; null or empty if it was not given.</param>
    public static string Resolve(string? option)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return option;
        }

        var variable = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(variable) ? "data" : variable;
    }
}
