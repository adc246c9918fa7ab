using Harmony.Fleet.Deploy.Machines;

namespace Harmony.Fleet.Cli.Local;

/// <summary>The folder with <c>eng/</c>, whose scripts set up what is missing.</summary>
internal static class RepositoryFolder
{
    /// <summary>What the launcher says; else the folder above this program that has the launcher; null where there is none.</summary>
    public static string? Find(Func<string, string?> environment)
    {
        if (environment(LocalPrograms.HomeVariable) is { Length: > 0 } told)
        {
            return told;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "fleet")) && Directory.Exists(Path.Combine(folder.FullName, "eng")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
