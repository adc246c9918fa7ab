using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>Files that hold a secret.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 4096;
    private const UnixFileMode ForOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode ForItsGroup = UnixFileMode.GroupWrite; // Reading is not refused: a service may be given a secret by its group.

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <returns>Its text; null where it cannot be used, and then <paramref name="problem"/> says why in one sentence.</returns>
    public static string? Read(string path, out string problem)
    {
        problem = string.Empty;
        try
        {
            RegularFile.Demand(path);
            if (!File.Exists(path))
            {
                problem = $"there is no file {path}.";
            }
            else if ((File.GetUnixFileMode(path) & ForOthers) != UnixFileMode.None)
            {
                problem = $"every user of this machine can read or write {path}; run: chmod 600 {path}";
            }
            else if ((File.GetUnixFileMode(path) & ForItsGroup) != UnixFileMode.None)
            {
                problem = $"every user of its group can write {path}; run: chmod 600 {path}";
            }
            else if (RegularFile.Read(path, MaxBytes) is { Length: <= MaxBytes } bytes)
            {
                using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
                return reader.ReadToEnd();
            }
            else
            {
                problem = $"{path} is larger than {MaxBytes} bytes: it holds something else.";
            }
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"{path} cannot be read by user '{Environment.UserName}': run as its owner, or change its rights.";
        }
        catch (IOException error)
        {
            problem = $"{path} cannot be read: {error.Message}";
        }

        return null;
    }
}
