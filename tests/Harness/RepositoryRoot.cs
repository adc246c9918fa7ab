namespace Harmony.Fleet.Tests.Harness;

/// <summary>The folder of the sources that these tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The absolute path.</summary>
    public static string Path { get; } = Find();

    /// <summary>The absolute path of <paramref name="relative"/> in it.</summary>
    public static string File(string relative) => System.IO.Path.Combine(Path, relative);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder, "Harmony.Fleet.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No Harmony.Fleet.slnx above {AppContext.BaseDirectory}.");
    }
}
