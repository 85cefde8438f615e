using Sam.Gpu.Experiments;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>A whole run of a recipe in a temporary folder, as the command line would make it.</summary>
internal static class RecipeRun
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">Its name.</param>
    /// <param name="settings">Keys that differ from it, such as "steps=100 seed=1"; none holds a space. The device is the CPU if none is named.</param>
    /// <param name="look">Looks at the folder before it is deleted.</param>
    public static RunSummary Of(string recipe, string settings, Action<string>? look = null)
    {
        var configuration = Recipe.Load(recipe).Configuration with { Device = "cpu" };
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = setting.Split('=', 2);
            configuration = ConfigurationKey.Find(parts[0]).Set(configuration, parts[1]);
        }

        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var experiment = new Experiment(
                new RunRequest { Name = recipe, Configuration = configuration, DataRoot = ".", Output = folder, Devices = TestDevices.Catalog });
            var summary = experiment.Run(new SilentObserver(), TestContext.Current.CancellationToken);
            look?.Invoke(folder);
            return summary;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
