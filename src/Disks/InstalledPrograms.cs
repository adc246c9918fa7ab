namespace Harmony.Fleet.Disks;

/// <summary>Programs of this machine.</summary>
public static class InstalledPrograms
{
    /// <summary>Where administrators' programs are, also where a user's PATH leaves them out.</summary>
    private static readonly string[] Always = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of <paramref name="program"/>; null where it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Concat(Always)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
