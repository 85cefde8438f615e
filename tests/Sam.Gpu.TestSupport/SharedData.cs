using Xunit;

namespace Sam.Gpu.TestSupport;

/// <summary>The real data sets that lie beside the repository where it is developed, and nowhere else.</summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The folder of the data sets, or a skip of the running test that says what is missing.</summary>
    public static string FolderOrSkip()
    {
        if (Root is null)
        {
            Assert.Skip("shared/data with the real data sets is not beside the repository");
        }

        return Root!;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sam.Gpu.sln")))
            {
                // A git worktree may lie one level deeper than the clone itself.
                string[] candidates = ["../shared/data", "../../shared/data"];
                return candidates.Select(c => Path.GetFullPath(Path.Combine(folder.FullName, c))).FirstOrDefault(Directory.Exists);
            }
        }

        return null;
    }
}
