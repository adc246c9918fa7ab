namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The repository as the tests of the house read it.</summary>
internal static class SourceTree
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The source files under <paramref name="folder"/>.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Harmony.Fleet.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
